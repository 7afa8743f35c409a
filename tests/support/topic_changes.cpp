#include "tests/support/topic_changes.h"

#include "tests/support/kafka_handles.h"
#include "tests/support/wait.h"

namespace dashstream::testing {

using namespace std::chrono_literals;
using namespace kafka_handles;

Result<void> deleteTopic(const std::string& bootstrapServers, const std::string& topic) {
    auto client = makeClient(RD_KAFKA_PRODUCER, bootstrapServers);
    if (!client) {
        return fail(client.error());
    }
    const Handle<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy> wanted(rd_kafka_DeleteTopic_new(topic.c_str()));
    const Queue queue(rd_kafka_queue_new(client->get()));
    rd_kafka_DeleteTopic_t* list[] = {wanted.get()};
    rd_kafka_DeleteTopics(client->get(), list, 1, nullptr, queue.get());
    auto event = nextEvent(queue.get());
    if (!event) {
        return fail(event.error());
    }
    std::size_t count = 0;
    const auto** results =
        rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event->get()), &count);
    if (count != 1 || rd_kafka_topic_result_error(results[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return failure("topic " + topic + " was not deleted");
    }
    const auto gone = [&] { return leaders(client->get(), topic).empty(); };
    return waitUntil(gone, 30s) ? Result<void>{} : failure("topic " + topic + " is still there");
}

Result<void> deleteRecordsBefore(const std::string& bootstrapServers, const std::string& topic, int partition,
                                 std::int64_t offset) {
    auto client = makeClient(RD_KAFKA_PRODUCER, bootstrapServers);
    if (!client) {
        return fail(client.error());
    }
    const Partitions places(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(places.get(), topic.c_str(), partition)->offset = offset;
    const Handle<rd_kafka_DeleteRecords_t, rd_kafka_DeleteRecords_destroy> wanted(
        rd_kafka_DeleteRecords_new(places.get()));
    const Queue queue(rd_kafka_queue_new(client->get()));
    rd_kafka_DeleteRecords_t* list[] = {wanted.get()};
    rd_kafka_DeleteRecords(client->get(), list, 1, nullptr, queue.get());
    auto event = nextEvent(queue.get());
    if (!event) {
        return fail(event.error());
    }
    const auto* lows = rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event->get()));
    if (lows->cnt != 1 || lows->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR || lows->elems[0].offset != offset) {
        return failure("records of topic " + topic + " were not deleted");
    }
    return {};
}

namespace {

/// True: librdkafka's transaction call succeeded.
bool done(rd_kafka_error_t* error) {
    const Handle<rd_kafka_error_t, rd_kafka_error_destroy> owned(error);
    return owned == nullptr;
}

rd_kafka_resp_err_t sendOne(rd_kafka_t* client, const std::string& topic, int partition, const SentRecord& record) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const auto& [name, value] : record.headers) {
        rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                            static_cast<ssize_t>(value.size()));
    }
    const auto code = rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
                                        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                        RD_KAFKA_V_KEY(record.key.data(), record.key.size()),
                                        RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()),
                                        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_headers_destroy(headers);
    }
    return code;
}

} // namespace

Result<void> sendRecords(const std::string& bootstrapServers, const std::string& topic, int partition,
                         const std::vector<SentRecord>& records, Sending how) {
    Settings settings{{"enable.idempotence", "true"}};
    if (how != Sending::Plain) {
        settings["transactional.id"] = "test-" + topic;
    }
    auto client = makeClient(RD_KAFKA_PRODUCER, bootstrapServers, settings);
    if (!client) {
        return fail(client.error());
    }
    if (how != Sending::Plain && (!done(rd_kafka_init_transactions(client->get(), kRequestMs)) ||
                                  !done(rd_kafka_begin_transaction(client->get())))) {
        return failure("no transaction");
    }
    for (const SentRecord& record : records) {
        if (sendOne(client->get(), topic, partition, record) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return failure("a record was refused");
        }
    }
    if (rd_kafka_flush(client->get(), kRequestMs) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return failure("records were not acknowledged in time");
    }
    if ((how == Sending::Committed && !done(rd_kafka_commit_transaction(client->get(), kRequestMs))) ||
        (how == Sending::Aborted && !done(rd_kafka_abort_transaction(client->get(), kRequestMs)))) {
        return failure("the transaction did not end");
    }
    return {};
}

} // namespace dashstream::testing
