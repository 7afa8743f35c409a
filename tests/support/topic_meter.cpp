#include "tests/support/topic_meter.h"

namespace dashstream::testing {

namespace {

constexpr int kPatienceMs = 1000;

using Options = kafka_handles::Handle<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;

/// The sum of all ends; -1: not all of them could be asked.
std::int64_t sumOf(const rd_kafka_event_t* event) {
    if (event == nullptr || rd_kafka_event_error(const_cast<rd_kafka_event_t*>(event)) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return -1;
    }
    std::size_t count = 0;
    const auto** infos = rd_kafka_ListOffsets_result_infos(
        rd_kafka_event_ListOffsets_result(const_cast<rd_kafka_event_t*>(event)), &count);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const rd_kafka_topic_partition_t* partition = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
        if (partition->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return -1;
        }
        sum += partition->offset;
    }
    return sum;
}

} // namespace

Result<TopicMeter> TopicMeter::open(const std::string& bootstrapServers, const std::string& topic) {
    auto client = kafka_handles::makeClient(RD_KAFKA_CONSUMER, bootstrapServers, {{"group.id", "test"}});
    if (!client) {
        return fail(client.error());
    }
    TopicMeter meter;
    meter.m_client = std::move(*client);
    meter.m_queue.reset(rd_kafka_queue_new(meter.m_client.get()));
    meter.m_topic = topic;
    meter.m_partitions = static_cast<int>(kafka_handles::leaders(meter.m_client.get(), topic).size());
    if (meter.m_partitions == 0) {
        return kafka_handles::failure("topic " + topic + " is not there");
    }
    return meter;
}

std::int64_t TopicMeter::records() {
    const kafka_handles::Partitions wanted(rd_kafka_topic_partition_list_new(m_partitions));
    for (int i = 0; i < m_partitions; ++i) {
        rd_kafka_topic_partition_list_add(wanted.get(), m_topic.c_str(), i)->offset = RD_KAFKA_OFFSET_SPEC_LATEST;
    }
    const Options options(rd_kafka_AdminOptions_new(m_client.get(), RD_KAFKA_ADMIN_OP_LISTOFFSETS));
    char text[256];
    rd_kafka_AdminOptions_set_request_timeout(options.get(), kPatienceMs, text, sizeof text);
    rd_kafka_ListOffsets(m_client.get(), wanted.get(), options.get(), m_queue.get());
    const kafka_handles::Event event(rd_kafka_queue_poll(m_queue.get(), 2 * kPatienceMs));
    const std::int64_t sum = sumOf(event.get());
    m_last = sum >= 0 ? sum : m_last;
    return m_last;
}

} // namespace dashstream::testing
