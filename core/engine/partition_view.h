// A partition of the topic and what waits for it.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dashstream::engine {

struct PartitionView {
    PartitionId id;
    BrokerId leader{-1};
    std::vector<BrokerId> replicas;
    std::vector<BrokerId> inSync;
    std::uint64_t waiting = 0; ///< in the engine, those on disk included
    std::uint64_t onDisk = 0;  ///< of those, in the journal alone
    std::uint64_t inside = 0;  ///< handed to librdkafka
    std::uint64_t backlogBytes = 0;
    milliseconds oldestAge{0}; ///< of what waits or is inside
    std::uint64_t stalled = 0; ///< of those, shown as retrying
    std::uint64_t delivered = 0;
    std::string lastError; ///< empty: none yet
    UtcTime lastErrorAt{};
};

} // namespace dashstream::engine
