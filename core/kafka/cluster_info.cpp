#include "core/kafka/cluster_info.h"

#include "core/kafka/query_client.h"

#include <algorithm>
#include <set>

namespace dashstream::kafka {
namespace {

constexpr milliseconds kStep{100};

BrokerReach reachOf(const BrokerMetadata& broker, const QueryClient& client) {
    BrokerReach reach;
    reach.broker = broker;
    reach.error = client.lastErrorOf(broker.host + ":" + std::to_string(broker.port));
    if (!client.statistics()) {
        return reach;
    }
    const auto& known = client.statistics()->brokers;
    const auto found = std::ranges::find(known, broker.id, &BrokerStatistics::id);
    if (found != known.end()) {
        reach.state = found->state;
        reach.roundTrip = found->roundTrip.p50;
        reach.reachable = found->state == "UP" || found->state == "UPDATE";
    }
    if (reach.reachable) {
        reach.error.clear(); // of an earlier try
    }
    return reach;
}

/// A broker that is down leaves the cluster's list, but stays a replica of its partitions.
std::set<BrokerId> missingBrokers(const TopicMetadata& metadata) {
    std::set<BrokerId> missing;
    for (const auto& partition : metadata.partitions) {
        missing.insert(partition.replicas.begin(), partition.replicas.end());
    }
    for (const auto& broker : metadata.brokers) {
        missing.erase(broker.id);
    }
    return missing;
}

bool complete(const std::vector<BrokerReach>& brokers) {
    return std::ranges::all_of(brokers,
                               [](const BrokerReach& reach) { return reach.reachable || reach.broker.host.empty(); });
}

std::vector<BrokerReach> reachOfAll(const TopicMetadata& metadata, const QueryClient& client) {
    std::vector<BrokerReach> result;
    for (const auto& broker : metadata.brokers) {
        result.push_back(reachOf(broker, client));
    }
    for (const BrokerId missing : missingBrokers(metadata)) {
        BrokerReach reach;
        reach.broker.id = missing;
        reach.state = "DOWN";
        reach.error = "holds partitions of the topic, but the cluster does not count it among its living brokers";
        result.push_back(std::move(reach));
    }
    return result;
}

} // namespace

Result<ClusterInfo> readCluster(const QueryOptions& options, milliseconds timeout) {
    // Without this librdkafka connects only to the brokers that it has something for.
    const Properties own{{"enable.sparse.connections", "false"}, {"statistics.interval.ms", "100"}};
    const auto end = std::chrono::steady_clock::now() + timeout;
    auto client = QueryClient::open(options, own);
    if (!client) {
        return Failure(client.error());
    }
    auto metadata = (*client)->metadata(timeout);
    if (!metadata) {
        return Failure(metadata.error());
    }
    ClusterInfo info;
    info.topic = std::move(*metadata);
    for (;;) {
        info.brokers = reachOfAll(info.topic, **client);
        if (complete(info.brokers) || std::chrono::steady_clock::now() >= end) {
            return info;
        }
        static_cast<void>((*client)->nextEvent(kStep));
    }
}

} // namespace dashstream::kafka
