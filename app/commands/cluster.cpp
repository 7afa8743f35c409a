// brokers, health: one look at the cluster itself.
#include "app/commands/cluster_access.h"
#include "app/commands/commands.h"
#include "app/text_table.h"
#include "core/kafka/cluster_info.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::app {

namespace {

using nlohmann::json;

json idsOf(const std::vector<BrokerId>& brokers) {
    json ids = json::array();
    for (const BrokerId broker : brokers) {
        ids.push_back(broker.value);
    }
    return ids;
}

std::string idsText(const std::vector<BrokerId>& brokers) {
    std::string text;
    for (const BrokerId broker : brokers) {
        text += (text.empty() ? "" : ",") + std::to_string(broker.value);
    }
    return text;
}

json toJson(const kafka::ClusterInfo& cluster) {
    json brokers = json::array();
    for (const kafka::BrokerReach& reach : cluster.brokers) {
        brokers.push_back({{"id", reach.broker.id.value},
                           {"host", reach.broker.host},
                           {"port", reach.broker.port},
                           {"controller", reach.broker.id == cluster.topic.controller},
                           {"reachable", reach.reachable},
                           {"state", reach.state},
                           {"round_trip_us", reach.roundTrip.count()},
                           {"error", reach.error}});
    }
    json partitions = json::array();
    for (const kafka::PartitionMetadata& partition : cluster.topic.partitions) {
        partitions.push_back({{"partition", partition.id.value},
                              {"leader", partition.leader.value},
                              {"replicas", idsOf(partition.replicas)},
                              {"in_sync", idsOf(partition.inSync)},
                              {"error", partition.error}});
    }
    return {{"cluster_id", cluster.topic.clusterId}, {"controller", cluster.topic.controller.value},
            {"topic", cluster.topic.topic},          {"topic_error", cluster.topic.error},
            {"brokers", std::move(brokers)},         {"partitions", std::move(partitions)}};
}

std::string brokerTable(const kafka::ClusterInfo& cluster) {
    TextTable table({{"BROKER", TextTable::Align::Right},
                     {"ADDRESS"},
                     {"STATE"},
                     {"ROUND TRIP", TextTable::Align::Right},
                     {"ROLE"},
                     {"ERROR", TextTable::Align::Left, 120}});
    for (const kafka::BrokerReach& reach : cluster.brokers) {
        table.add(
            {std::to_string(reach.broker.id.value),
             reach.broker.host.empty() ? "not alive" : reach.broker.host + ":" + std::to_string(reach.broker.port),
             reach.reachable ? "up" : "not reachable",
             reach.roundTrip.count() == 0 ? "-" : std::to_string(reach.roundTrip.count()) + " us",
             reach.broker.id == cluster.topic.controller ? "controller" : "", reach.error});
    }
    return table.takePage();
}

std::string partitionTable(const kafka::ClusterInfo& cluster) {
    TextTable table({{"PARTITION", TextTable::Align::Right},
                     {"LEADER", TextTable::Align::Right},
                     {"REPLICAS"},
                     {"IN SYNC"},
                     {"ERROR", TextTable::Align::Left, 120}});
    for (const kafka::PartitionMetadata& partition : cluster.topic.partitions) {
        table.add({std::to_string(partition.id.value),
                   partition.leader.value < 0 ? "none" : std::to_string(partition.leader.value),
                   idsText(partition.replicas), idsText(partition.inSync), partition.error});
    }
    return table.takePage();
}

/// Why messages cannot be delivered now; empty: they can.
std::string notReadyBecause(const kafka::ClusterInfo& cluster) {
    if (!cluster.topic.error.empty()) {
        return "topic " + cluster.topic.topic + ": " + cluster.topic.error;
    }
    if (cluster.topic.partitions.empty()) {
        return "topic " + cluster.topic.topic + " has no partitions";
    }
    for (const kafka::PartitionMetadata& partition : cluster.topic.partitions) {
        const std::string name = "partition " + std::to_string(partition.id.value);
        if (partition.leader.value < 0) {
            return name + " has no leader";
        }
        const auto leader = std::ranges::find_if(cluster.brokers, [&partition](const kafka::BrokerReach& reach) {
            return reach.broker.id == partition.leader;
        });
        if (leader == cluster.brokers.end() || !leader->reachable) {
            return name + ": its leader, broker " + std::to_string(partition.leader.value) + ", cannot be reached";
        }
    }
    return {};
}

ExitCode brokers(const kafka::ClusterInfo& cluster, CommandContext& context) {
    context.out.value(toJson(cluster));
    context.out.text("Cluster " + cluster.topic.clusterId + "\n" + brokerTable(cluster) + "\nTopic " +
                     cluster.topic.topic + (cluster.topic.error.empty() ? "" : ": " + cluster.topic.error) + "\n" +
                     (cluster.topic.partitions.empty() ? "" : partitionTable(cluster)));
    return ExitCode::Done;
}

ExitCode health(const Result<kafka::ClusterInfo>& cluster, const std::string& topic, CommandContext& context) {
    const std::string reason = cluster ? notReadyBecause(*cluster) : cluster.error().text();
    const auto reachable = !cluster ? 0 : std::ranges::count(cluster->brokers, true, &kafka::BrokerReach::reachable);
    const std::size_t known = cluster ? cluster->brokers.size() : 0;
    const std::size_t partitions = cluster ? cluster->topic.partitions.size() : 0;
    context.out.value({{"ready", reason.empty()},
                       {"reason", reason},
                       {"topic", topic},
                       {"brokers", known},
                       {"brokers_reachable", reachable},
                       {"partitions", partitions}});
    context.out.text(reason.empty()
                         ? "ready: " + std::to_string(reachable) + " of " + std::to_string(known) + " brokers, topic " +
                               topic + " with " + std::to_string(partitions) + " partitions\n"
                         : "not ready: " + reason + "\n");
    return reason.empty() ? ExitCode::Done : ExitCode::Unreachable;
}

} // namespace

ExitCode run(const ClusterOptions& options, CommandContext& context) {
    auto access = accessCluster(context);
    if (!access) {
        return refuse(context, access.error());
    }
    auto cluster = kafka::readCluster(access->query, options.timeout);
    if (options.verb == ClusterOptions::Verb::Health && (cluster || cluster.error().errorClass != ErrorClass::Usage)) {
        return health(cluster, access->query.topic, context);
    }
    return cluster ? brokers(*cluster, context) : refuse(context, cluster.error());
}

} // namespace dashstream::app
