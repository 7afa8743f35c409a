#include "core/resend/target.h"

#include "core/kafka/error_class.h"
#include "core/kafka/topic_ends.h"

#include <algorithm>

namespace dashstream::resend {

namespace {
constexpr milliseconds kEndsPatience{5'000};
constexpr milliseconds kAskAgain{1'000};
constexpr milliseconds kPurgePatience{2'000};
constexpr int kTakenBack = -151; ///< RD_KAFKA_RESP_ERR__PURGE_INFLIGHT
} // namespace

std::string Context::resendId(ResendJobId job, DeadLetterId letter) const {
    char text[80];
    std::snprintf(text, sizeof text, "%016llx-%lld-%lld", static_cast<unsigned long long>(storeNumber),
                  static_cast<long long>(job.value), static_cast<long long>(letter.value));
    return text;
}

Target::~Target() {
    m_producer.reset(); // nothing reads our bytes any more
}

bool Target::ready() {
    const SteadyTime now = m_context.now();
    if (m_producer && m_endsKnown && m_partitions > 0) {
        return true;
    }
    if (now < m_askAgain) {
        return false;
    }
    m_askAgain = now + kAskAgain;
    if (!m_producer) {
        auto made = m_context.parts.makeProducer(m_topic);
        if (!made) {
            m_why = made.error().text();
            return false;
        }
        m_producer = std::move(*made);
        m_fatal = false;
        m_partitions = 0;
        m_endsKnown = !m_context.parts.query;
    }
    if (!m_endsKnown) {
        kafka::QueryOptions options = *m_context.parts.query;
        options.topic = m_topic;
        auto ends = kafka::readTopicEnds(options, kEndsPatience, m_context.stop);
        if (!ends) {
            m_why = ends.error().text();
            return false;
        }
        m_ends = std::move(*ends);
        m_endsKnown = true;
    }
    if (m_partitions == 0) {
        m_why = m_why.empty() ? "topic " + m_topic + ": its partitions are not known yet" : m_why;
        m_askAgain = now;
        return false;
    }
    return true;
}

PartitionId Target::partitionFor(const Content& content) const {
    return content.key ? m_producer->partitionFor(*content.key, m_partitions)
                       : PartitionId(static_cast<std::int32_t>(content.item.value % m_partitions));
}

Offset Target::endOf(PartitionId partition) const {
    const auto found = std::ranges::find(m_ends.partitions, partition, &kafka::PartitionEnds::partition);
    return found == m_ends.partitions.end() ? Offset{-1} : found->high;
}

void Target::send(std::unique_ptr<Outgoing> record) {
    if (inside() == 0) {
        m_lastOutcome = m_context.now();
    }
    if (m_waiting.empty()) {
        hand(std::move(record));
    } else {
        m_waiting.push_back(std::move(record));
    }
}

void Target::hand(std::unique_ptr<Outgoing> record) {
    const Content& content = record->content;
    kafka::Record sent;
    sent.nullKey = !content.key;
    sent.nullValue = !content.value;
    if (content.key) {
        sent.key = *content.key;
    }
    if (content.value) {
        sent.value = asBytes(*content.value);
    }
    sent.headers = content.headers;
    sent.partition = record->partition;
    sent.timestampMs = content.timestampMs;
    sent.resendId = record->resendId;
    Outgoing* token = record.get();
    sent.token = token;
    m_inside.emplace(token, std::move(record));
    const kafka::SendResult result = m_producer->send(sent);
    if (result.status == kafka::SendStatus::Full) {
        auto node = m_inside.extract(token);
        m_waiting.push_back(std::move(node.mapped()));
    } else if (result.status == kafka::SendStatus::Failed) {
        settle(token, result.errorCode, kafka::Persistence::NotPersisted, Offset{-1}, m_refused);
    }
}

void Target::settle(Outgoing* record, int errorCode, kafka::Persistence persistence, Offset offset,
                    std::vector<Outcome>& into) {
    auto node = m_inside.extract(record);
    if (!node.empty()) {
        m_lastOutcome = m_context.now();
        m_topicRefused =
            m_topicRefused || (errorCode != 0 && kafka::classify(errorCode, persistence) == ErrorClass::PermanentTopic);
        into.push_back({std::move(node.mapped()), errorCode, persistence, offset});
    }
}

void Target::take(kafka::ProducerEvents& events, std::vector<Outcome>& into) {
    for (const kafka::DeliveryReport& report : events.reports) {
        settle(static_cast<Outgoing*>(report.token), report.errorCode, report.persistence, report.offset, into);
    }
    for (const kafka::ClientError& error : events.errors) {
        m_fatal = m_fatal || error.fatal;
        m_why = error.text;
    }
    if (events.metadata) {
        m_partitions = events.metadata->partitions.empty()
                           ? m_partitions
                           : static_cast<std::int32_t>(events.metadata->partitions.size());
        m_why = events.metadata->error;
    }
}

std::vector<Outcome> Target::poll(milliseconds patience) {
    std::vector<Outcome> outcomes = std::exchange(m_refused, {});
    if (!m_producer) {
        return outcomes;
    }
    kafka::ProducerEvents events;
    m_producer->poll(events, outcomes.empty() ? patience : milliseconds{0});
    take(events, outcomes);
    std::vector<std::unique_ptr<Outgoing>> waiting = std::exchange(m_waiting, {});
    for (std::unique_ptr<Outgoing>& record : waiting) {
        m_waiting.empty() ? hand(std::move(record)) : m_waiting.push_back(std::move(record));
    }
    return outcomes;
}

std::vector<Outcome> Target::drop() {
    std::vector<Outcome> outcomes = std::exchange(m_refused, {});
    if (m_producer) {
        m_producer->purge();
        const SteadyTime until = m_context.now() + kPurgePatience;
        while (!m_inside.empty() && m_context.now() < until) {
            kafka::ProducerEvents events;
            m_producer->poll(events, milliseconds{50});
            take(events, outcomes);
        }
        m_producer.reset(); // nothing reads our bytes any more
    }
    for (std::unique_ptr<Outgoing>& record : m_waiting) {
        outcomes.push_back({std::move(record), kTakenBack, kafka::Persistence::NotPersisted, Offset{-1}});
    }
    m_waiting.clear();
    while (!m_inside.empty()) {
        settle(m_inside.begin()->first, kTakenBack, kafka::Persistence::PossiblyPersisted, Offset{-1}, outcomes);
    }
    forget();
    return outcomes;
}

void Target::forget() {
    m_fatal = false;
    m_topicRefused = false;
    m_endsKnown = false;
    m_partitions = 0;
    m_askAgain = {};
}

void Target::tryAnew() {
    if (m_producer && m_topicRefused && inside() == 0) {
        m_producer.reset();
        forget();
        m_why.clear();
    } else if (m_producer) {
        m_producer->refreshMetadata();
    }
}

} // namespace dashstream::resend
