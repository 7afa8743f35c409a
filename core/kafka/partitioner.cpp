#include "core/kafka/partitioner.h"

#include <librdkafka/rdkafka.h>

namespace dashstream::kafka {

PartitionId partitionOfKey(std::string_view partitioner, std::string_view key, std::int32_t partitionCount) {
    if (partitionCount <= 0) {
        return kUnassigned;
    }
    const auto compute =
        partitioner.starts_with("murmur2") ? rd_kafka_msg_partitioner_murmur2 : rd_kafka_msg_partitioner_consistent;
    return PartitionId(
        compute(nullptr, key.data(), key.size(), partitionCount, nullptr, nullptr)); // they need no topic
}

} // namespace dashstream::kafka
