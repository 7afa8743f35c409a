#include "tests/support/kafka_client.h"

#include "tests/support/kafka_handles.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>

namespace dashstream::testing {

namespace {

using namespace std::chrono_literals;
using namespace kafka_handles;

rd_kafka_AclOperation_t operationOf(Right right) {
    switch (right) {
    case Right::Write:
        return RD_KAFKA_ACL_OPERATION_WRITE;
    case Right::Read:
        return RD_KAFKA_ACL_OPERATION_READ;
    case Right::Describe:
        return RD_KAFKA_ACL_OPERATION_DESCRIBE;
    }
    return RD_KAFKA_ACL_OPERATION_UNKNOWN;
}

TopicRecord toRecord(const rd_kafka_message_t& message) {
    TopicRecord record;
    record.partition = message.partition;
    record.offset = message.offset;
    record.timestampMs = rd_kafka_message_timestamp(&message, nullptr);
    record.key.assign(static_cast<const char*>(message.key), message.key_len);
    record.value.assign(static_cast<const char*>(message.payload), message.len);
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t length = 0;
        for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &length) == 0; ++i) {
            record.headers[name] = std::string(static_cast<const char*>(value), length);
        }
    }
    return record;
}

/// Every partition's end (high watermark); fails where one cannot be asked.
Result<std::vector<std::int64_t>> endOffsets(rd_kafka_t* client, const std::string& topic) {
    const std::size_t partitions = leaders(client, topic).size();
    if (partitions == 0) {
        return failure("topic " + topic + " is not there");
    }
    std::vector<std::int64_t> ends;
    for (std::size_t i = 0; i < partitions; ++i) {
        std::int64_t low = 0;
        std::int64_t high = 0;
        const auto asked = rd_kafka_query_watermark_offsets(client, topic.c_str(), static_cast<std::int32_t>(i), &low,
                                                            &high, kRequestMs);
        if (asked != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return failure("end of " + topic + "-" + std::to_string(i) + ": " + rd_kafka_err2str(asked));
        }
        ends.push_back(high);
    }
    return ends;
}

} // namespace

Result<void> createTopic(const std::string& bootstrapServers, const TopicSpec& topic) {
    auto client = makeClient(RD_KAFKA_PRODUCER, bootstrapServers);
    if (!client) {
        return fail(client.error());
    }
    std::array<char, 512> text{};
    const Handle<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy> wanted(
        rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, topic.replicas, text.data(), text.size()));
    if (!wanted) {
        return failure(text.data());
    }
    for (const auto& [name, value] : topic.settings) {
        if (rd_kafka_NewTopic_set_config(wanted.get(), name.c_str(), value.c_str()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return failure("setting " + name);
        }
    }
    const Queue queue(rd_kafka_queue_new(client->get()));
    rd_kafka_NewTopic_t* list[] = {wanted.get()};
    rd_kafka_CreateTopics(client->get(), list, 1, nullptr, queue.get());
    auto event = nextEvent(queue.get());
    if (!event) {
        return fail(event.error());
    }
    std::size_t count = 0;
    const auto** results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
    if (count != 1 || rd_kafka_topic_result_error(results[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return failure("topic " + topic.name + ": " + rd_kafka_topic_result_error_string(results[0]));
    }
    const auto led = [&] {
        const std::vector<int> now = leaders(client->get(), topic.name);
        return now.size() == static_cast<std::size_t>(topic.partitions) && std::count(now.begin(), now.end(), -1) == 0;
    };
    return waitUntil(led, 30s) ? Result<void>{} : failure("topic " + topic.name + " has no leaders");
}

Result<void> allow(const std::string& bootstrapServers, const std::string& user, Right right,
                   const std::string& topic) {
    auto client = makeClient(RD_KAFKA_PRODUCER, bootstrapServers);
    if (!client) {
        return fail(client.error());
    }
    std::array<char, 512> text{};
    const Handle<rd_kafka_AclBinding_t, rd_kafka_AclBinding_destroy> binding(rd_kafka_AclBinding_new(
        RD_KAFKA_RESOURCE_TOPIC, topic.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL, ("User:" + user).c_str(), "*",
        operationOf(right), RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, text.data(), text.size()));
    if (!binding) {
        return failure(text.data());
    }
    const Queue queue(rd_kafka_queue_new(client->get()));
    rd_kafka_AclBinding_t* list[] = {binding.get()};
    rd_kafka_CreateAcls(client->get(), list, 1, nullptr, queue.get());
    auto event = nextEvent(queue.get());
    if (!event) {
        return fail(event.error());
    }
    std::size_t count = 0;
    const auto** results = rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event->get()), &count);
    if (count != 1 || rd_kafka_acl_result_error(results[0]) != nullptr) {
        return failure("the right for " + user + " was not granted");
    }
    return {};
}

Result<void> takeAway(const std::string& bootstrapServers, const std::string& user, Right right,
                      const std::string& topic) {
    auto client = makeClient(RD_KAFKA_PRODUCER, bootstrapServers);
    if (!client) {
        return fail(client.error());
    }
    std::array<char, 512> text{};
    const Handle<rd_kafka_AclBinding_t, rd_kafka_AclBinding_destroy> filter(rd_kafka_AclBindingFilter_new(
        RD_KAFKA_RESOURCE_TOPIC, topic.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL, ("User:" + user).c_str(), "*",
        operationOf(right), RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, text.data(), text.size()));
    if (!filter) {
        return failure(text.data());
    }
    const Queue queue(rd_kafka_queue_new(client->get()));
    rd_kafka_AclBindingFilter_t* list[] = {filter.get()};
    rd_kafka_DeleteAcls(client->get(), list, 1, nullptr, queue.get());
    auto event = nextEvent(queue.get());
    if (!event) {
        return fail(event.error());
    }
    std::size_t count = 0;
    const auto** results = rd_kafka_DeleteAcls_result_responses(rd_kafka_event_DeleteAcls_result(event->get()), &count);
    std::size_t removed = 0;
    if (count == 1) {
        static_cast<void>(rd_kafka_DeleteAcls_result_response_matching_acls(results[0], &removed));
    }
    return removed == 1 ? Result<void>{} : failure("the right of " + user + " was not taken away");
}

std::size_t brokersSeenFrom(const std::string& bootstrapServer) {
    auto client = makeClient(RD_KAFKA_PRODUCER, bootstrapServer, {{"reconnect.backoff.max.ms", "200"}});
    Metadata metadata;
    if (!client || !askMetadata(client->get(), "", metadata, 2000)) {
        return 0;
    }
    return static_cast<std::size_t>(metadata.data->broker_cnt);
}

Result<int> leaderOf(const std::string& bootstrapServers, const std::string& topic, int partition) {
    auto client = makeClient(RD_KAFKA_PRODUCER, bootstrapServers);
    if (!client) {
        return fail(client.error());
    }
    const std::vector<int> now = leaders(client->get(), topic);
    const auto index = static_cast<std::size_t>(partition);
    if (index >= now.size() || now[index] < 0) {
        return failure("nobody leads " + topic + "-" + std::to_string(partition));
    }
    return now[index];
}

Result<std::int64_t> countRecords(const std::string& bootstrapServers, const std::string& topic) {
    auto client = makeClient(RD_KAFKA_CONSUMER, bootstrapServers, {{"group.id", "test"}});
    if (!client) {
        return fail(client.error());
    }
    auto ends = endOffsets(client->get(), topic);
    if (!ends) {
        return fail(ends.error());
    }
    std::int64_t sum = 0;
    for (const std::int64_t end : *ends) {
        sum += end;
    }
    return sum;
}

Result<void> forEachRecord(const std::string& bootstrapServers, const std::string& topic,
                           const std::function<void(const TopicRecord&)>& take, std::chrono::milliseconds patience) {
    auto client = makeClient(RD_KAFKA_CONSUMER, bootstrapServers,
                             {{"group.id", "test"},
                              {"enable.auto.commit", "false"},
                              {"enable.partition.eof", "true"},
                              {"isolation.level", "read_uncommitted"},
                              {"check.crcs", "true"}});
    if (!client) {
        return fail(client.error());
    }
    auto ends = endOffsets(client->get(), topic);
    if (!ends) {
        return fail(ends.error());
    }
    const Partitions wanted(rd_kafka_topic_partition_list_new(static_cast<int>(ends->size())));
    std::size_t unfinished = 0;
    for (std::size_t i = 0; i < ends->size(); ++i) {
        rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), static_cast<std::int32_t>(i))->offset =
            RD_KAFKA_OFFSET_BEGINNING;
        unfinished += (*ends)[i] > 0 ? 1 : 0;
    }
    rd_kafka_assign(client->get(), wanted.get());
    std::set<std::int32_t> done;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (done.size() < unfinished) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return failure("topic " + topic + " could not be read to its end in time");
        }
        const Message message(rd_kafka_consumer_poll(client->get(), 500));
        if (!message) {
            continue;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (message->offset < (*ends)[static_cast<std::size_t>(message->partition)]) {
                take(toRecord(*message));
            }
        } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF &&
                   message->offset >= (*ends)[static_cast<std::size_t>(message->partition)] && message->offset > 0) {
            done.insert(message->partition);
        }
    }
    rd_kafka_consumer_close(client->get());
    return {};
}

Result<std::vector<TopicRecord>> readTopic(const std::string& bootstrapServers, const std::string& topic,
                                           std::chrono::milliseconds patience) {
    std::vector<TopicRecord> records;
    auto read = forEachRecord(
        bootstrapServers, topic, [&records](const TopicRecord& record) { records.push_back(record); }, patience);
    if (!read) {
        return fail(read.error());
    }
    return records;
}

} // namespace dashstream::testing
