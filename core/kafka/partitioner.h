// Which partition a key belongs to, as librdkafka's partitioners compute it. Pure; any thread.
#pragma once

#include "core/base/strong_type.h"

#include <cstdint>
#include <string_view>

namespace dashstream::kafka {

/// `partitioner` is kafka.partitioner; keys are never empty. kUnassigned where there are no partitions.
[[nodiscard]] PartitionId partitionOfKey(std::string_view partitioner, std::string_view key,
                                         std::int32_t partitionCount);

} // namespace dashstream::kafka
