// JobRun: what becomes of its records.
#include "core/kafka/error_class.h"
#include "core/resend/job_run.h"

#include <algorithm>

namespace dashstream::resend {

namespace {
constexpr milliseconds kRetryStore{1'000};
constexpr milliseconds kPaceOver{3'000};
} // namespace

void JobRun::onOutcome(Outcome outcome) {
    --m_inside;
    Outgoing& record = *outcome.record;
    const DeadLetterId letter = record.content.item;
    const bool barrier = !m_doubts.empty() && record.alone && m_doubts.fromOf(record.partition);
    const ErrorClass errorClass =
        outcome.errorCode == 0 ? ErrorClass::Retriable : kafka::classify(outcome.errorCode, outcome.persistence);
    if (errorClass == ErrorClass::PermanentMessage && !record.alone) {
        m_suspects.push_back(std::move(outcome.record)); // the broker refuses whole batches: find out which one it was
        return;
    }
    m_bytes -= record.content.bytes();
    m_settledBounds[record.partition].push_back(record.bound);
    if (barrier && errorClass == ErrorClass::PermanentMessage) { // it was not found, and is refused: no barrier
        failed(record, outcome.errorCode, outcome.persistence);
        m_doubts.giveUp(letter, record.partition);
        return;
    }
    if (barrier) {
        if (errorClass == ErrorClass::PermanentTopic) {
            pauseItself(kafka::makeError(outcome.errorCode, "topic " + m_record.topic, outcome.persistence).text());
        }
        m_doubts.onBarrier(letter, record.partition, outcome.errorCode == 0 ? outcome.offset : Offset{-1});
        return;
    }
    if (outcome.errorCode == 0) {
        delivered(letter, record.partition, outcome.offset);
        return;
    }
    if (outcome.persistence == kafka::Persistence::PossiblyPersisted) {
        m_doubts.add(letter, record.partition, record.bound, m_target.topicId());
        return;
    }
    if (errorClass == ErrorClass::PermanentMessage) {
        failed(record, outcome.errorCode, outcome.persistence);
        return;
    }
    if (errorClass == ErrorClass::PermanentTopic) {
        pauseItself(kafka::makeError(outcome.errorCode, "topic " + m_record.topic, outcome.persistence).text());
    }
    giveBack(letter); // it was surely not sent
}

void JobRun::delivered(DeadLetterId letter, PartitionId partition, Offset offset) {
    m_outcomes.settled.delivered.push_back({letter, partition, offset});
    Offset& behind = m_acknowledged[partition];
    behind = std::max(behind, offset.next());
}

void JobRun::failed(const Outgoing& record, int errorCode, kafka::Persistence persistence) {
    const Error error = kafka::makeError(errorCode, "topic " + m_record.topic, persistence);
    if (isRemote()) { // it is another's; what became of it is the job's alone
        m_outcomes.settled.failed.push_back({record.content.item, error.text(), std::nullopt, std::nullopt});
        return;
    }
    store::Attempt attempt;
    attempt.number = 1; // the store counts on
    attempt.at = m_context.utcNow();
    attempt.code = kafka::codeName(errorCode);
    attempt.text = error.text();
    attempt.partition = record.partition;
    m_outcomes.settled.failed.push_back(
        {record.content.item, error.text(), std::move(attempt), kafka::classify(errorCode, persistence)});
    if (record.content.rounds + 1 >= kQuarantineRounds) {
        m_context.tell("Dead letter " + std::to_string(record.content.item.value) + " failed for the " +
                           std::to_string(record.content.rounds + 1) +
                           ". time after it was sent again: it is left out of further resends unless they say so",
                       true);
    }
}

void JobRun::notSent(const Content& content, const std::string& more) {
    m_outcomes.byEdits += content.byEdits ? 1 : 0;
    const std::string where = isRemote() ? m_contents->placeOf(content.item) + ": " : std::string();
    m_outcomes.settled.failed.push_back({content.item, where + content.notSent + more, std::nullopt, std::nullopt});
}

void JobRun::giveBack(DeadLetterId letter) {
    m_outcomes.returned.push_back({letter, store::ResendItemState::Pending, kUnassigned, Offset{-1}, {}});
}

void JobRun::writeOutcomes() {
    const SteadyTime now = m_context.now();
    if (m_outcomes.empty()) {
        m_outcomesSince = now;
        return;
    }
    const std::size_t count = m_outcomes.settled.delivered.size() + m_outcomes.settled.failed.size();
    const bool due = count >= kPage || m_inside == 0 || m_stopped || now - m_outcomesSince >= kOutcomesWithin;
    if (m_writing || !due || now < m_writeAgain) {
        return;
    }
    m_written = std::exchange(m_outcomes, {});
    m_written.settled.job = m_record.id;
    m_outcomesSince = now;
    store::WriteBatch batch;
    raiseBounds(batch);
    batch.add(m_written.settled);
    if (!m_written.returned.empty()) {
        batch.add(store::op::SetResendItems{m_record.id, store::ResendItemState::Pending, m_written.returned});
    }
    m_writing = true;
    m_context.parts.store->submit(std::move(batch), [this, post = m_context.post](Result<void> stored) {
        post([this, stored = std::move(stored)] { outcomesWritten(stored); });
    });
}

/// What has its outcome in this batch is looked for no more; of the rest the first cannot stand before its bound.
void JobRun::raiseBounds(store::WriteBatch& batch) {
    for (auto& [partition, settled] : m_settledBounds) {
        std::multiset<Offset>& inside = m_insideBounds[partition];
        for (const Offset bound : settled) {
            if (const auto found = inside.find(bound); found != inside.end()) {
                inside.erase(found);
            }
        }
        settled.clear();
        const auto acknowledged = m_acknowledged.find(partition);
        if (acknowledged == m_acknowledged.end() || m_doubts.fromOf(partition)) {
            continue;
        }
        const Offset from = inside.empty() ? acknowledged->second : *inside.begin();
        store::ResendBound& bound = m_bounds[partition];
        if (from > bound.from && bound.from.value >= 0) {
            bound.from = from;
            batch.add(store::op::PutResendBound{m_record.id, bound});
        }
    }
}

void JobRun::outcomesWritten(const Result<void>& stored) {
    m_writing = false;
    if (!stored) { // once more, together with what came meanwhile
        m_why = stored.error().text();
        m_writeAgain = m_context.now() + kRetryStore;
        Outcomes& newer = m_outcomes;
        std::ranges::move(m_written.settled.delivered, std::back_inserter(newer.settled.delivered));
        std::ranges::move(m_written.settled.failed, std::back_inserter(newer.settled.failed));
        std::ranges::move(m_written.returned, std::back_inserter(newer.returned));
        newer.byEdits += m_written.byEdits;
        m_written = {};
        return;
    }
    News news;
    (isRemote() ? news.remote : news.delivered) = m_written.settled.delivered.size();
    news.failed = m_written.settled.failed.size();
    m_record.delivered += static_cast<std::int64_t>(news.delivered + news.remote);
    m_record.failed += static_cast<std::int64_t>(news.failed);
    m_deliveredSince += static_cast<std::int64_t>(news.delivered + news.remote);
    m_failedSince += static_cast<std::int64_t>(news.failed) - m_written.byEdits; // those were known beforehand
    for (const auto& item : m_written.settled.delivered) {
        m_context.busy.erase(item.id);
    }
    for (const auto& item : m_written.settled.failed) {
        m_context.busy.erase(item.id);
    }
    for (const store::ResendItem& item : m_written.returned) {
        m_context.busy.erase(item.id);
        m_lastFed = std::min(m_lastFed, DeadLetterId{item.id.value - 1});
        m_exhausted = false;
    }
    m_written = {};
    m_context.parts.told(std::move(news));
    const SteadyTime now = m_context.now();
    m_pace.emplace_back(now, m_record.delivered);
    while (now - m_pace.front().first > kPaceOver) {
        m_pace.pop_front();
    }
    watchFailures();
}

} // namespace dashstream::resend
