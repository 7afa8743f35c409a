#include "core/kafka/librdkafka_producer.h"

#include "core/kafka/client_config.h"
#include "core/kafka/client_handle.h"
#include "core/kafka/error_class.h"
#include "core/kafka/metadata_reader.h"
#include "core/kafka/partitioner.h"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

namespace dashstream::kafka {
namespace {

/// The engine's windows (64 MiB, a million messages) are the limit; librdkafka's own must not come first.
constexpr const char* kQueueKbytes = "1048576";
/// Key, headers and framing that message.max.bytes counts besides the value.
constexpr std::size_t kRecordOverhead = 64 * 1024;
constexpr std::size_t kMinMessageBytes = 1'048'576;
constexpr std::size_t kMaxReportsPerPoll = 10'000;
constexpr std::size_t kMaxEventsPerPoll = 10'000;
constexpr milliseconds kCloseLimit{2000};

Properties producerProperties(const ProducerOptions& options) {
    const config::KafkaSettings& kafka = options.kafka;
    const std::size_t messageBytes = std::max(kMinMessageBytes, options.maxMessageBytes + 1) + kRecordOverhead;
    return {
        {"enable.idempotence", kafka.idempotence ? "true" : "false"},
        {"acks", "all"},
        {"max.in.flight.requests.per.connection", std::to_string(kafka.maxInFlight)},
        {"linger.ms", options.withoutLinger ? "0" : std::to_string(kafka.linger.count())},
        {"batch.size", std::to_string(kafka.batchBytes)},
        {"compression.codec", kafka.compression},
        {"message.timeout.ms", std::to_string(options.messageTimeout.count())},
        {"message.max.bytes", std::to_string(messageBytes)},
        {"queue.buffering.max.messages", std::to_string(options.queueMessages)},
        {"queue.buffering.max.kbytes", kQueueKbytes},
        {"retry.backoff.ms", "100"},
        {"retry.backoff.max.ms", "1000"},
        {"partitioner", kafka.partitioner},
        {"statistics.interval.ms", std::to_string(options.statisticsInterval.count())},
    };
}

Persistence persistenceOf(const rd_kafka_message_t& message) {
    switch (rd_kafka_message_status(&message)) {
    case RD_KAFKA_MSG_STATUS_NOT_PERSISTED:
        return Persistence::NotPersisted;
    case RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED:
        return Persistence::PossiblyPersisted;
    case RD_KAFKA_MSG_STATUS_PERSISTED:
        return Persistence::Persisted;
    }
    return Persistence::PossiblyPersisted;
}

DeliveryReport toReport(const rd_kafka_message_t& message) {
    DeliveryReport report;
    report.token = message._private;
    report.errorCode = message.err;
    report.persistence = persistenceOf(message);
    report.partition = PartitionId(message.partition);
    report.offset = Offset(message.err == RD_KAFKA_RESP_ERR_NO_ERROR ? message.offset : -1);
    return report;
}

void takeError(rd_kafka_event_t& event, ProducerEvents& events) {
    ClientError error;
    error.errorCode = rd_kafka_event_error(&event);
    const char* text = rd_kafka_event_error_string(&event);
    error.text = text != nullptr ? text : rd_kafka_err2str(rd_kafka_event_error(&event));
    error.fatal = rd_kafka_event_error_is_fatal(&event) != 0; // the code is the reason's, no longer _FATAL
    events.errors.push_back(std::move(error));
}

constexpr std::size_t kFixedFields = 7; ///< of a record; its headers follow

class LibrdkafkaProducer final : public Producer {
public:
    LibrdkafkaProducer(ClientPtr client, TopicPtr topic, std::string partitioner);
    ~LibrdkafkaProducer() override;
    LibrdkafkaProducer(const LibrdkafkaProducer&) = delete;
    LibrdkafkaProducer& operator=(const LibrdkafkaProducer&) = delete;

    SendResult send(const Record& record) override;
    PartitionId partitionFor(std::string_view key, std::int32_t partitionCount) const override;
    void poll(ProducerEvents& events, milliseconds patience) override;
    void purge() override;
    std::size_t outstanding() const override { return m_outstanding.load(std::memory_order_relaxed); }
    void refreshMetadata() override { m_handles->metadata->refresh(); }

private:
    std::size_t describe(const Record& record);
    void addHeader(std::size_t& fields, const char* name, const char* value, std::size_t size);
    void take(rd_kafka_event_t& event, ProducerEvents& events);
    void takeReports(rd_kafka_event_t& event, ProducerEvents& events);

    /// In the order of closing, the last first: the reader's thread uses the others.
    struct Handles {
        ClientPtr client;
        TopicPtr topic;
        QueuePtr queue;
        std::unique_ptr<MetadataReader> metadata;
    };
    std::shared_ptr<Handles> m_handles;
    const std::string m_partitioner;
    const std::string m_topicName;
    std::atomic<std::size_t> m_outstanding{0};
    /// Of the record being sent; the sending thread's. Grows with the headers of foreign records.
    std::vector<rd_kafka_vu_t> m_fields = std::vector<rd_kafka_vu_t>(kFixedFields + 3);
};

LibrdkafkaProducer::LibrdkafkaProducer(ClientPtr client, TopicPtr topic, std::string partitioner)
    : m_handles(std::make_shared<Handles>()), m_partitioner(std::move(partitioner)),
      m_topicName(rd_kafka_topic_name(topic.get())) {
    QueuePtr queue(rd_kafka_queue_get_main(client.get()));
    const auto wakePoller = [queue = queue.get()] { rd_kafka_queue_yield(queue); };
    auto metadata = std::make_unique<MetadataReader>(client.get(), topic.get(), wakePoller);
    *m_handles = {std::move(client), std::move(topic), std::move(queue), std::move(metadata)};
    m_fields[0].vtype = RD_KAFKA_VTYPE_RKT;
    m_fields[0].u.rkt = m_handles->topic.get();
    m_fields[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    m_fields[1].u.i = 0; // neither copied nor freed, and never blocks
    m_fields[2].vtype = RD_KAFKA_VTYPE_PARTITION;
    m_fields[3].vtype = RD_KAFKA_VTYPE_VALUE;
    m_fields[4].vtype = RD_KAFKA_VTYPE_KEY;
    m_fields[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
    m_fields[6].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
}

LibrdkafkaProducer::~LibrdkafkaProducer() {
    // What is still inside is given up without a report; purged first, so that librdkafka reads their bytes no more.
    purge();
    m_handles->metadata->stop();
    releaseWithin(std::move(m_handles), kCloseLimit);
}

void LibrdkafkaProducer::purge() {
    rd_kafka_purge(m_handles->client.get(),
                   RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
}

std::size_t LibrdkafkaProducer::describe(const Record& record) {
    // librdkafka does not write through these pointers; its C interface only lacks the const.
    m_fields[2].u.i32 = record.partition.value;
    m_fields[3].u.mem.ptr = record.nullValue ? nullptr : const_cast<std::byte*>(record.value.data());
    m_fields[3].u.mem.size = record.value.size();
    m_fields[4].u.mem.ptr = record.nullKey ? nullptr : const_cast<char*>(record.key.data());
    m_fields[4].u.mem.size = record.key.size();
    m_fields[5].u.ptr = record.token;
    m_fields[6].u.i64 = record.timestampMs;
    std::size_t fields = kFixedFields;
    const auto header = [&](const char* name, std::string_view value) {
        addHeader(fields, name, value.data(), value.size());
    };
    for (const Header& each : record.headers) {
        addHeader(fields, each.name.c_str(), each.value ? each.value->data() : nullptr,
                  each.value ? each.value->size() : 0);
    }
    if (!record.traceparent.empty()) {
        header("traceparent", record.traceparent);
        if (!record.tracestate.empty()) {
            header("tracestate", record.tracestate);
        }
    }
    if (!record.resendId.empty()) {
        header(kResendIdHeader, record.resendId);
    }
    return fields;
}

void LibrdkafkaProducer::addHeader(std::size_t& fields, const char* name, const char* value, std::size_t size) {
    if (fields == m_fields.size()) {
        m_fields.resize(2 * fields);
    }
    rd_kafka_vu_t& field = m_fields[fields++];
    field.vtype = RD_KAFKA_VTYPE_HEADER;
    field.u.header.name = name;
    field.u.header.val = value;
    field.u.header.size = static_cast<ssize_t>(size);
}

SendResult LibrdkafkaProducer::send(const Record& record) {
    const std::size_t fields = describe(record);
    m_outstanding.fetch_add(1, std::memory_order_relaxed); // before: the report may come at once
    rd_kafka_error_t* error = rd_kafka_produceva(m_handles->client.get(), m_fields.data(), fields);
    if (error == nullptr) {
        return {};
    }
    m_outstanding.fetch_sub(1, std::memory_order_relaxed);
    const auto code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        return {SendStatus::Full, code};
    }
    if (rd_kafka_fatal_error(m_handles->client.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return {SendStatus::Failed, RD_KAFKA_RESP_ERR__FATAL}; // `code` is the reason, which alone need not be fatal
    }
    if (classify(code, Persistence::NotPersisted) == ErrorClass::PermanentTopic) {
        m_handles->metadata->watchClosely(); // librdkafka refuses until metadata says otherwise
    }
    return {SendStatus::Failed, code};
}

PartitionId LibrdkafkaProducer::partitionFor(std::string_view key, std::int32_t partitionCount) const {
    return partitionOfKey(m_partitioner, key, partitionCount);
}

void LibrdkafkaProducer::poll(ProducerEvents& events, milliseconds patience) {
    events.clear();
    events.limit = m_handles->metadata->takeLimit();
    events.metadata = m_handles->metadata->take();
    int wait = events.metadata ? 0 : static_cast<int>(patience.count());
    for (std::size_t taken = 0; taken < kMaxEventsPerPoll && events.reports.size() < kMaxReportsPerPoll; ++taken) {
        const EventPtr event(rd_kafka_queue_poll(m_handles->queue.get(), wait));
        if (!event) {
            break;
        }
        take(*event, events);
        wait = 0;
    }
    if (!events.metadata) {
        events.limit = events.limit ? std::move(events.limit) : m_handles->metadata->takeLimit();
        events.metadata = m_handles->metadata->take();
    }
}

void LibrdkafkaProducer::take(rd_kafka_event_t& event, ProducerEvents& events) {
    switch (rd_kafka_event_type(&event)) {
    case RD_KAFKA_EVENT_DR:
        takeReports(event, events);
        break;
    case RD_KAFKA_EVENT_ERROR:
        takeError(event, events);
        break;
    case RD_KAFKA_EVENT_STATS:
        if (auto statistics = parseStatistics(rd_kafka_event_stats(&event), m_topicName, SystemClock().utcNow())) {
            events.statistics = std::move(statistics);
        }
        break;
    case RD_KAFKA_EVENT_LOG: {
        const char* facility = nullptr;
        const char* text = nullptr;
        ClientLog log;
        if (rd_kafka_event_log(&event, &facility, &text, &log.level) == 0) {
            log.text = std::string(facility) + ": " + text;
            events.logs.push_back(std::move(log));
        }
        break;
    }
    default:
        break;
    }
}

void LibrdkafkaProducer::takeReports(rd_kafka_event_t& event, ProducerEvents& events) {
    std::size_t count = 0;
    bool topicRefused = false;
    while (const rd_kafka_message_t* message = rd_kafka_event_message_next(&event)) {
        events.reports.push_back(toReport(*message));
        topicRefused =
            topicRefused || (message->err != RD_KAFKA_RESP_ERR_NO_ERROR &&
                             classify(message->err, Persistence::NotPersisted) == ErrorClass::PermanentTopic);
        if (message->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
            m_handles->metadata->doubtLimit();
        }
        ++count;
    }
    m_outstanding.fetch_sub(count, std::memory_order_relaxed);
    if (topicRefused) {
        m_handles->metadata->watchClosely();
    }
}

} // namespace

Result<std::unique_ptr<Producer>> createLibrdkafkaProducer(const ProducerOptions& options) {
    auto conf = makeClientConfig(options.kafka, options.tls, options.sasl, producerProperties(options));
    if (!conf) {
        return Failure(conf.error());
    }
    auto client = makeClient(RD_KAFKA_PRODUCER, std::move(*conf));
    if (!client) {
        return Failure(client.error());
    }
    TopicPtr topic(rd_kafka_topic_new(client->get(), options.kafka.topic.c_str(), nullptr));
    if (!topic) {
        return fail(ErrorClass::Usage, "kafka.config", "\"" + options.kafka.topic + "\" is not a topic name",
                    "Set kafka.topic to a name of letters, digits, '.', '_' and '-'.");
    }
    return std::make_unique<LibrdkafkaProducer>(std::move(*client), std::move(topic), options.kafka.partitioner);
}

std::optional<std::string> whyNotTaken(ProducerOptions options) {
    options.kafka.bootstrapServers.clear();
    auto conf = makeClientConfig(options.kafka, options.tls, options.sasl, producerProperties(options));
    if (!conf) {
        return conf.error().message;
    }
    const auto client = makeClient(RD_KAFKA_PRODUCER, std::move(*conf));
    return client ? std::nullopt : std::optional(client.error().message);
}

std::string librdkafkaVersion() {
    return rd_kafka_version_str();
}

} // namespace dashstream::kafka
