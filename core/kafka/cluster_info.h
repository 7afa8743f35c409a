// One look at the cluster, for `brokers` and `health`: who is there, who can be reached with the configured security,
// and how the topic's partitions are. Blocks; any thread that may.
#pragma once

#include "core/base/result.h"
#include "core/kafka/query_options.h"
#include "core/kafka/statistics.h"

#include <string>
#include <vector>

namespace dashstream::kafka {

struct BrokerReach {
    BrokerMetadata broker;     ///< host empty: only known as a replica, not among the living brokers
    bool reachable = false;    ///< connected and logged in, TLS and SASL included
    std::string state;         ///< librdkafka's: UP, CONNECT, AUTH_REQ, …
    microseconds roundTrip{0}; ///< 0: not measured yet
    std::string error;         ///< the client's last reason; empty: none
};

struct ClusterInfo {
    TopicMetadata topic; ///< with cluster id, controller, partitions; its error: the topic is not usable
    std::vector<BrokerReach> brokers;
};

/// Waits for an answer and then for a connection to each broker, both within `timeout`. Never makes the topic.
/// Errors: "kafka.config" (Usage); "kafka.unreachable" or "kafka.NAME" (Retriable): nobody answered, with the reason.
[[nodiscard]] Result<ClusterInfo> readCluster(const QueryOptions& options, milliseconds timeout);

} // namespace dashstream::kafka
