// brokers: one look at the cluster itself.
#include "app/commands/cluster_access.h"
#include "app/commands/commands.h"
#include "app/text_table.h"
#include "core/kafka/cluster_info.h"

#include <nlohmann/json.hpp>

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

ExitCode brokers(const kafka::ClusterInfo& cluster, CommandContext& context) {
    context.out.value(toJson(cluster));
    context.out.text("Cluster " + cluster.topic.clusterId + "\n" + brokerTable(cluster) + "\nTopic " +
                     cluster.topic.topic + (cluster.topic.error.empty() ? "" : ": " + cluster.topic.error) + "\n" +
                     (cluster.topic.partitions.empty() ? "" : partitionTable(cluster)));
    return ExitCode::Done;
}

} // namespace

ExitCode run(const ClusterOptions& options, CommandContext& context) {
    if (options.verb == ClusterOptions::Verb::Health) {
        return checkHealth(options, context);
    }
    auto access = accessCluster(context);
    if (!access) {
        return refuse(context, access.error());
    }
    auto cluster = kafka::readCluster(access->query, options.timeout);
    return cluster ? brokers(*cluster, context) : refuse(context, cluster.error());
}

} // namespace dashstream::app
