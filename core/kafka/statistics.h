// Broker and partition state as librdkafka's statistics and metadata tell it. Plain values.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::kafka {

/// Over the statistics interval; librdkafka's rolling window.
struct LatencyWindow {
    microseconds p50{0};
    microseconds p99{0};
    microseconds max{0};
    std::int64_t count = 0;
};

struct BrokerStatistics {
    BrokerId id;
    std::string name;  ///< host:port
    std::string state; ///< librdkafka's: INIT, DOWN, CONNECT, UP, …
    microseconds stateAge{0};
    LatencyWindow roundTrip;
    LatencyWindow throttle;
    std::int64_t requestsQueued = 0;
    std::int64_t requestsInFlight = 0;
    std::int64_t txBytes = 0;
    std::int64_t rxBytes = 0;
    std::int64_t txErrors = 0;
    std::int64_t txRetries = 0;
    std::int64_t requestTimeouts = 0;
    std::int64_t connects = 0;
    std::int64_t disconnects = 0;
};

struct PartitionStatistics {
    PartitionId id;
    BrokerId leader;
    std::int64_t queuedMessages = 0; ///< msgq + xmit_msgq
    std::int64_t queuedBytes = 0;
    std::int64_t inFlightMessages = 0;
};

struct Statistics {
    UtcTime at{};
    std::string clientName;
    std::int64_t queuedMessages = 0;
    std::int64_t queuedBytes = 0;
    std::int64_t sentMessages = 0;
    std::int64_t sentBytes = 0;
    std::int64_t batchMessages = 0; ///< mean of the record batches sent in the interval; of the configured topic
    std::vector<BrokerStatistics> brokers;
    std::vector<PartitionStatistics> partitions; ///< of the configured topic
};

struct PartitionMetadata {
    PartitionId id;
    BrokerId leader;
    std::vector<BrokerId> replicas;
    std::vector<BrokerId> inSync;
    std::string error; ///< empty: none
};

struct BrokerMetadata {
    BrokerId id;
    std::string host;
    int port = 0;
};

struct TopicMetadata {
    std::string topic;
    std::string error; ///< empty: none; else why the topic is not usable now
    int errorCode = 0;
    std::string clusterId;
    BrokerId controller{-1};
    std::vector<PartitionMetadata> partitions;
    std::vector<BrokerMetadata> brokers;
};

struct TopicLimit {
    std::optional<std::uint64_t> maxMessageBytes; ///< max.message.bytes in force for the topic; nothing: not known
    std::string source;                           ///< "topic", or "broker" where only its setting may be read
    std::string trouble;                          ///< why it is not known

    bool operator==(const TopicLimit&) const = default;
};

/// librdkafka's statistics JSON (STATISTICS.md) as values, with the partitions of `topic`; nothing: it is not one, or
/// over 16 MiB. Missing or odd fields become 0. Pure; any thread.
[[nodiscard]] std::optional<Statistics> parseStatistics(std::string_view json, const std::string& topic, UtcTime at);

} // namespace dashstream::kafka
