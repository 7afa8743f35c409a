#include "core/kafka/consumer.h"

#include "core/kafka/error_class.h"
#include "core/kafka/query_client.h"

#include <algorithm>
#include <map>

namespace dashstream::kafka {
namespace {

const Properties& readerProperties() {
    static const Properties
        kProperties{
            {"enable.partition.eof", "true"},
            {"isolation.level", "read_uncommitted"}, // what is there, whatever a foreign transaction holds open
            {"auto.offset.reset", "earliest"},       // only when the start is deleted meanwhile: its place is clamped
            {"queued.max.messages.kbytes", "8192"},
            {"queued.min.messages", "10000"},
            {"fetch.wait.max.ms", "100"},
        };
    return kProperties;
}

constexpr std::int64_t kLastTimestampMs = 253'402'300'799'999; ///< the year 9999; whoever writes one may write any

std::string bytesOf(const void* data, std::size_t size) {
    return data != nullptr ? std::string(static_cast<const char*>(data), size) : std::string();
}

ConsumedRecord toRecord(const rd_kafka_message_t& message) {
    ConsumedRecord record;
    record.partition = PartitionId(message.partition);
    record.offset = Offset(message.offset);
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    record.timestampMs = std::clamp(rd_kafka_message_timestamp(&message, &type), std::int64_t{-1}, kLastTimestampMs);
    record.key = bytesOf(message.key, message.key_len);
    record.value = bytesOf(message.payload, message.len);
    record.nullKey = message.key == nullptr;
    record.nullValue = message.payload == nullptr;
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
             ++i) {
            record.headers.push_back({name, value != nullptr ? std::optional(bytesOf(value, size)) : std::nullopt});
        }
    }
    return record;
}

} // namespace

class TopicConsumer::Impl {
public:
    Impl(std::unique_ptr<QueryClient> client, const ConsumerOptions& options)
        : m_client(std::move(client)), m_options(options) {}

    [[nodiscard]] Result<void> start(const TopicMetadata& metadata, milliseconds timeout);
    [[nodiscard]] Result<ConsumedBatch> poll(milliseconds patience);
    [[nodiscard]] bool finished() const;
    [[nodiscard]] const std::vector<ReadRange>& ranges() const { return m_ranges; }

private:
    /// Where reading stands in a partition.
    struct Progress {
        Offset next; ///< to be read
        Offset end;  ///< when reading began
        bool reached = false;
    };

    [[nodiscard]] Result<void> startPartition(PartitionId partition, milliseconds timeout);
    [[nodiscard]] Result<void> take(rd_kafka_event_t& event, ConsumedBatch& batch);
    void takeRecords(rd_kafka_event_t& event, ConsumedBatch& batch);
    [[nodiscard]] Result<void> takeError(rd_kafka_event_t& event, ConsumedBatch& batch);
    void noteEnd(rd_kafka_event_t& event);

    std::unique_ptr<QueryClient> m_client;
    const ConsumerOptions m_options;
    std::map<PartitionId, Progress> m_progress;
    std::vector<ReadRange> m_ranges;
    std::uint64_t m_taken = 0;
};

Result<std::unique_ptr<TopicConsumer>> TopicConsumer::open(const ConsumerOptions& options, milliseconds timeout) {
    const auto end = std::chrono::steady_clock::now() + timeout;
    auto client = QueryClient::open(options.cluster, readerProperties());
    if (!client) {
        return Failure(client.error());
    }
    auto metadata = (*client)->metadata(timeout);
    if (!metadata) {
        return Failure(metadata.error());
    }
    if (metadata->errorCode != 0) {
        return fail(makeError(metadata->errorCode, "topic " + metadata->topic));
    }
    auto impl = std::make_unique<Impl>(std::move(*client), options);
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    if (auto started = impl->start(*metadata, std::max(left, milliseconds(1))); !started) {
        return Failure(started.error());
    }
    return std::unique_ptr<TopicConsumer>(new TopicConsumer(std::move(impl)));
}

TopicConsumer::TopicConsumer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
TopicConsumer::~TopicConsumer() = default;

Result<ConsumedBatch> TopicConsumer::poll(milliseconds patience) {
    return m_impl->poll(patience);
}

bool TopicConsumer::finished() const {
    return m_impl->finished();
}

const std::vector<ReadRange>& TopicConsumer::ranges() const {
    return m_impl->ranges();
}

Result<void> TopicConsumer::Impl::start(const TopicMetadata& metadata, milliseconds timeout) {
    std::vector<PartitionId> wanted = m_options.partitions;
    if (wanted.empty()) {
        for (const auto& partition : metadata.partitions) {
            wanted.push_back(partition.id);
        }
    }
    const auto end = std::chrono::steady_clock::now() + timeout;
    for (const PartitionId partition : wanted) {
        if (std::ranges::find(metadata.partitions, partition, &PartitionMetadata::id) == metadata.partitions.end()) {
            return fail(ErrorClass::Usage, "kafka.partition",
                        "topic " + metadata.topic + " has no partition " + std::to_string(partition.value),
                        "It has " + std::to_string(metadata.partitions.size()) + ", the first is 0.");
        }
        const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
        if (auto started = startPartition(partition, std::max(left, milliseconds(1))); !started) {
            return started;
        }
    }
    return {};
}

Result<void> TopicConsumer::Impl::startPartition(PartitionId partition, milliseconds timeout) {
    if (m_progress.contains(partition)) {
        return {}; // named twice
    }
    const auto marks = m_client->watermarks(partition, timeout);
    if (!marks) {
        return Failure(marks.error());
    }
    Progress progress{marks->low, marks->high};
    if (m_options.startAt == StartAt::End) {
        progress.next = marks->high;
    } else if (m_options.startAt == StartAt::FromOffset) {
        progress.next = std::clamp(m_options.offset, marks->low, marks->high);
    }
    progress.reached = progress.next >= progress.end;
    m_progress[partition] = progress;
    m_ranges.push_back({partition, progress.next, progress.end});
    if (m_options.untilEnd && progress.reached) {
        return {};
    }
    return m_client->startReading(partition, progress.next);
}

bool TopicConsumer::Impl::finished() const {
    if (m_options.limit && m_taken >= *m_options.limit) {
        return true;
    }
    return m_options.untilEnd &&
           std::ranges::all_of(m_progress, [](const auto& entry) { return entry.second.reached; });
}

Result<ConsumedBatch> TopicConsumer::Impl::poll(milliseconds patience) {
    ConsumedBatch batch;
    std::size_t bytes = 0;
    std::size_t counted = 0;
    while (!finished() && batch.records.size() < kMaxBatch && bytes < kMaxBatchBytes) {
        const EventPtr event = m_client->nextEvent(batch.records.empty() ? patience : milliseconds(0));
        if (!event) {
            break;
        }
        if (auto taken = take(*event, batch); !taken) {
            return Failure(taken.error());
        }
        for (; counted < batch.records.size(); ++counted) {
            bytes += batch.records[counted].key.size() + batch.records[counted].value.size();
        }
        if (batch.records.empty() && rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_FETCH) {
            break; // the caller decides whether to wait on
        }
    }
    batch.finished = finished();
    return batch;
}

Result<void> TopicConsumer::Impl::take(rd_kafka_event_t& event, ConsumedBatch& batch) {
    switch (rd_kafka_event_type(&event)) {
    case RD_KAFKA_EVENT_FETCH:
        takeRecords(event, batch);
        return {};
    case RD_KAFKA_EVENT_ERROR:
        return takeError(event, batch);
    default:
        return {};
    }
}

void TopicConsumer::Impl::takeRecords(rd_kafka_event_t& event, ConsumedBatch& batch) {
    while (const rd_kafka_message_t* message = rd_kafka_event_message_next(&event)) {
        const auto found = m_progress.find(PartitionId(message->partition));
        if (found == m_progress.end() || (m_options.limit && m_taken >= *m_options.limit)) {
            continue;
        }
        Progress& progress = found->second;
        if (message->offset < progress.next.value) {
            continue; // seen already: the log was cut, and reading began anew
        }
        if (m_options.untilEnd && message->offset >= progress.end.value) {
            progress.reached = true; // came after the beginning of this reading
            continue;
        }
        batch.records.push_back(toRecord(*message));
        ++m_taken;
        progress.next = Offset(message->offset + 1);
        progress.reached = progress.reached || progress.next >= progress.end;
    }
}

Result<void> TopicConsumer::Impl::takeError(rd_kafka_event_t& event, ConsumedBatch& batch) {
    const auto code = rd_kafka_event_error(&event);
    if (code == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        noteEnd(event);
        return {};
    }
    const char* text = rd_kafka_event_error_string(&event);
    ClientError error{code, false, text != nullptr ? text : rd_kafka_err2str(code)};
    const ErrorClass errorClass = classify(code, Persistence::NotPersisted);
    if (rd_kafka_event_error_is_fatal(&event) != 0 || errorClass == ErrorClass::PermanentTopic) {
        return fail(makeError(code, "reading topic " + m_options.cluster.topic));
    }
    batch.errors.push_back(std::move(error));
    return {};
}

/// The end may come without a last record, where that is a transaction's marker or compacted.
void TopicConsumer::Impl::noteEnd(rd_kafka_event_t& event) {
    rd_kafka_topic_partition_t* place = rd_kafka_event_topic_partition(&event);
    if (place == nullptr) {
        return;
    }
    const auto found = m_progress.find(PartitionId(place->partition));
    if (found != m_progress.end() && place->offset >= found->second.end.value) {
        found->second.reached = true;
    }
    rd_kafka_topic_partition_destroy(place);
}

} // namespace dashstream::kafka
