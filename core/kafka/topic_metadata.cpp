#include "core/kafka/topic_metadata.h"

#include "core/kafka/error_class.h"

#include <span>
#include <string_view>

namespace dashstream::kafka {
namespace {

std::vector<BrokerId> brokerIds(const std::int32_t* ids, int count) {
    std::vector<BrokerId> result;
    result.reserve(static_cast<std::size_t>(count));
    for (const std::int32_t id : std::span(ids, static_cast<std::size_t>(count))) {
        result.emplace_back(id);
    }
    return result;
}

PartitionMetadata toPartition(const rd_kafka_metadata_partition_t& partition) {
    PartitionMetadata result;
    result.id = PartitionId(partition.id);
    result.leader = BrokerId(partition.leader);
    result.replicas = brokerIds(partition.replicas, partition.replica_cnt);
    result.inSync = brokerIds(partition.isrs, partition.isr_cnt);
    if (partition.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        result.error = rd_kafka_err2str(partition.err);
    }
    return result;
}

void takeTopic(const rd_kafka_metadata_topic_t& topic, TopicMetadata& result) {
    result.errorCode = topic.err;
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        result.error = std::string(rd_kafka_err2str(topic.err)) + ". " + explain(topic.err);
        return;
    }
    for (const auto& partition : std::span(topic.partitions, static_cast<std::size_t>(topic.partition_cnt))) {
        result.partitions.push_back(toPartition(partition));
    }
}

TopicMetadata toTopicMetadata(const rd_kafka_metadata_t& metadata, const std::string& name) {
    TopicMetadata result;
    result.topic = name;
    for (const auto& broker : std::span(metadata.brokers, static_cast<std::size_t>(metadata.broker_cnt))) {
        result.brokers.push_back({BrokerId(broker.id), broker.host, broker.port});
    }
    for (const auto& topic : std::span(metadata.topics, static_cast<std::size_t>(metadata.topic_cnt))) {
        if (std::string_view(topic.topic) == name) {
            takeTopic(topic, result);
        }
    }
    return result;
}

} // namespace

Result<TopicMetadata> readTopicMetadata(rd_kafka_t* client, rd_kafka_topic_t* topic, milliseconds patience) {
    const rd_kafka_metadata_t* raw = nullptr;
    const std::string name = rd_kafka_topic_name(topic);
    const auto code = rd_kafka_metadata(client, 0, topic, &raw, static_cast<int>(patience.count()));
    const MetadataPtr metadata(raw);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return fail(makeError(code, "metadata of topic " + name));
    }
    TopicMetadata result = toTopicMetadata(*metadata, name);
    if (char* clusterId = rd_kafka_clusterid(client, 0)) { // known since the answer above
        result.clusterId = clusterId;
        rd_kafka_mem_free(client, clusterId);
    }
    result.controller = BrokerId(rd_kafka_controllerid(client, 0));
    return result;
}

} // namespace dashstream::kafka
