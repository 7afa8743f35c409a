#include "core/resend/content.h"
#include "core/resend/remote_record.h"

#include <algorithm>
#include <deque>
#include <iterator>

namespace dashstream::resend {

namespace {

constexpr milliseconds kOpenPatience{5'000};
constexpr milliseconds kReadPatience{5'000};
constexpr milliseconds kPagePatience{500};
constexpr milliseconds kPoll{100};
constexpr std::int64_t kSkippedAtMost = 2'000; ///< records read over before a jump costs less

/// Reads one partition on, from place to place.
class PartitionReader {
public:
    PartitionReader(Context& context, const std::string& topic) : m_context(context), m_topic(topic) {}

    /// Nothing: no record stands there (any more).
    [[nodiscard]] Result<std::optional<kafka::ConsumedRecord>> at(PartitionId partition, Offset offset) {
        const bool near =
            m_consumer && partition == m_partition && offset >= m_next && offset.value - m_next.value <= kSkippedAtMost;
        if (!near) {
            if (auto opened = open(partition, offset); !opened) {
                return fail(opened.error());
            }
        }
        const SteadyTime until = m_context.now() + kReadPatience;
        for (;;) {
            while (!m_ahead.empty()) {
                if (m_ahead.front().offset > offset) {
                    return std::optional<kafka::ConsumedRecord>();
                }
                kafka::ConsumedRecord record = std::move(m_ahead.front());
                m_ahead.pop_front();
                m_next = record.offset.next();
                if (record.offset == offset) {
                    return std::optional(std::move(record));
                }
            }
            if (m_consumer->finished()) {
                return std::optional<kafka::ConsumedRecord>();
            }
            if (auto read = readOn(until); !read) {
                return fail(read.error());
            }
        }
    }

private:
    [[nodiscard]] Result<void> open(PartitionId partition, Offset offset) {
        m_consumer.reset();
        m_ahead.clear();
        if (!m_context.parts.query) {
            return fail(ErrorClass::Usage, "resend.source", "Topic " + m_topic + " cannot be read here",
                        "Start the job where a cluster is configured");
        }
        kafka::ConsumerOptions options;
        options.cluster = *m_context.parts.query;
        options.cluster.topic = m_topic;
        options.partitions = {partition};
        options.startAt = kafka::StartAt::FromOffset;
        options.offset = offset;
        options.untilEnd = true;
        auto opened = kafka::TopicConsumer::open(options, kOpenPatience);
        if (!opened) {
            return fail(opened.error());
        }
        m_consumer = std::move(*opened);
        m_partition = partition;
        m_next = offset;
        return {};
    }

    [[nodiscard]] Result<void> readOn(SteadyTime until) {
        auto batch = m_consumer->poll(kPoll);
        if (!batch) {
            m_consumer.reset();
            return fail(batch.error());
        }
        std::ranges::move(batch->records, std::back_inserter(m_ahead));
        if (!batch->errors.empty()) {
            m_trouble = batch->errors.back().text;
        }
        if (!batch->records.empty() || m_consumer->finished()) {
            m_trouble.clear();
            return {};
        }
        if (m_context.stop.cancelled() || m_context.now() > until) {
            m_consumer.reset(); // it may wait for what is there no more
            m_ahead.clear();
            return fail(ErrorClass::Retriable, "resend.source",
                        "Topic " + m_topic + ", partition " + std::to_string(m_partition.value) +
                            ", is not answered for" + (m_trouble.empty() ? "" : ": " + m_trouble),
                        "It is asked again");
        }
        return {};
    }

    Context& m_context;
    const std::string& m_topic;
    std::unique_ptr<kafka::TopicConsumer> m_consumer;
    PartitionId m_partition;
    Offset m_next{0};
    std::deque<kafka::ConsumedRecord> m_ahead;
    std::string m_trouble;
};

class TopicContents final : public Contents {
public:
    TopicContents(Context& context, std::string topic, ResendJobId job)
        : m_context(context), m_topic(std::move(topic)), m_job(job), m_reader(context, m_topic) {}

    Result<std::vector<Content>> read(std::span<const DeadLetterId> items) override {
        const auto places = m_context.reader->remotePlaces(m_job, items);
        if (!places) {
            return fail(places.error());
        }
        std::vector<Content> contents;
        std::size_t bytes = 0;
        const SteadyTime until = m_context.now() + kPagePatience;
        const auto maySpend = [&] { // the loop has other jobs, and outcomes to take
            return contents.empty() || (m_context.now() < until && !m_context.stop.cancelled());
        };
        for (std::size_t at = 0; at < items.size() && bytes < kBytesAtOnce && maySpend(); ++at) {
            auto content = readOne(items[at], (*places)[at]);
            if (!content && contents.empty()) {
                return fail(content.error());
            }
            if (!content) {
                break; // those before it can go
            }
            bytes += content->bytes();
            contents.push_back(std::move(*content));
        }
        return contents;
    }

    std::string placeOf(DeadLetterId item) const override {
        const auto places = m_context.reader->remotePlaces(m_job, std::span(&item, 1));
        return places && places->front() ? m_topic + ", partition " + std::to_string(places->front()->partition.value) +
                                               ", offset " + std::to_string(places->front()->offset.value)
                                         : "item " + std::to_string(item.value);
    }

private:
    [[nodiscard]] Result<Content> readOne(DeadLetterId item, const std::optional<store::RemotePlace>& place) {
        Content content;
        content.item = item;
        if (!place) {
            content.notSent = "is not noted any more";
            return content;
        }
        auto record = m_reader.at(place->partition, place->offset);
        if (!record) {
            return fail(record.error());
        }
        if (!*record) {
            content.notSent = "is not in topic " + m_topic + " any more";
        } else if (checksumOf(**record) != place->checksum) {
            content.notSent = "another record stands at its place: topic " + m_topic + " was made anew";
        } else {
            takeOriginal(**record, content);
        }
        return content;
    }

    void takeOriginal(const kafka::ConsumedRecord& record, Content& content) {
        decode::TakenApart taken = decode::takeApart(foreignRecord(m_topic, record));
        if (!taken.original.whole) {
            content.notSent = taken.original.notice.empty() ? "does not hold its whole message" : taken.original.notice;
            return;
        }
        content.headers = headersToSend(taken.original);
        content.key = std::move(taken.original.key);
        content.value = std::move(taken.original.value);
    }

    Context& m_context;
    const std::string m_topic;
    const ResendJobId m_job;
    PartitionReader m_reader;
};

} // namespace

std::unique_ptr<Contents> topicContents(Context& context, std::string topic, ResendJobId job) {
    return std::make_unique<TopicContents>(context, std::move(topic), job);
}

} // namespace dashstream::resend
