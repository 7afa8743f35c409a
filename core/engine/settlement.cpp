#include "core/engine/settlement.h"

#include "core/base/message_id.h"
#include "core/engine/dead_reason.h"

#include <algorithm>

namespace dashstream::engine {

namespace {
constexpr int kAttemptsKept = 100; ///< an endless retry must not grow without end

std::string newTraceId(UtcTime now) {
    return MessageIdGenerator().next(now).text();
}
} // namespace

Settlement::Settlement(PipelineState& state, Dispatcher& dispatcher, JournalFeed& feed, HandOver& handOver,
                       Inquiries& inquiries, InstanceWatch& watch)
    : m_state(state), m_dispatcher(dispatcher), m_feed(feed), m_handOver(handOver), m_inquiries(inquiries),
      m_watch(watch), m_policy({state.config.retry.attempts, state.config.retry.base, state.config.retry.max}) {}

void Settlement::onReports(std::span<const kafka::DeliveryReport> reports) {
    for (const kafka::DeliveryReport& report : reports) {
        Message& message = *static_cast<Message*>(report.token);
        noteAck(message, report);
        if (message.place == Place::Inquiry) {
            m_inquiries.onReport(message, report, m_state.clock.steadyNow());
            continue;
        }
        Lane& lane = *m_state.lanes.laneOf(message);
        m_state.lanes.leftInside(message);
        if (report.errorCode == 0) {
            delivered(message, lane);
        } else if (m_watch.lost() && kafka::wasTakenBack(report.errorCode)) {
            givenBack(message, report.persistence);
        } else {
            failed(message, report.errorCode, report.persistence);
        }
    }
}

/// Whatever is handed over after this stands behind it, in the order in which it is handed over.
void Settlement::noteAck(const Message& message, const kafka::DeliveryReport& report) {
    Lane* lane = m_state.lanes.laneOf(message);
    if (lane == nullptr || report.errorCode != 0) {
        return;
    }
    lane->acknowledged = true;
    if (report.offset.value >= 0) {
        lane->ackedTo = std::max(lane->ackedTo, report.offset.next());
    }
}

void Settlement::onRefused(Message& message, int errorCode) {
    failed(message, errorCode, kafka::Persistence::NotPersisted);
}

void Settlement::onInstanceLost() {
    for (Message* message : m_state.lanes.takeInside()) {
        givenBack(*message, kafka::Persistence::PossiblyPersisted);
    }
    m_inquiries.onInstanceLost(m_state.clock.steadyNow());
}

void Settlement::givenBack(Message& message, kafka::Persistence persistence) {
    if (m_watch.overdue(message)) {
        failed(message, kafka::kMessageTimedOut, persistence);
        return;
    }
    message.mayBeThere = persistence != kafka::Persistence::NotPersisted;
    if (!message.mayBeThere || staysInJournal(message)) {
        message.tryGoesOn = true; // it did not fail: others did
        m_state.lanes.requeue(message);
    } else if (canFindOut(message)) {
        m_inquiries.doubt(message, *m_state.lanes.laneOf(message), m_handOver.topicId());
    } else {
        message.troubled().outcomeUnknown = true;
        ++m_state.ledger.counters().duplicatesPossible;
        bookAsRetrying(message);
        writeRetry(message, waitingState());
        m_state.lanes.requeue(message);
    }
}

bool Settlement::canFindOut(const Message& message) const {
    return m_inquiries.possible() && message.bound.value >= 0 && !m_state.ending;
}

void Settlement::onInquired(Message& message, const Inquiries::Outcome& outcome) {
    if (message.state == MessageState::Dead) {
        return; // given up meanwhile
    }
    if (outcome.delivered) {
        delivered(message, *m_state.lanes.laneOf(message));
        return;
    }
    if (message.ordinal == 0) { // of an earlier run: in no lane yet
        m_feed.enter(message);
        return;
    }
    if (!message.trouble || message.trouble->attempts.empty()) { // its instance was lost: that was no try of its own
        m_state.lanes.requeue(message);
        return;
    }
    message.trouble->outcomeUnknown = !outcome.certain;
    goOn(message);
}

void Settlement::delivered(Message& message, Lane& lane) {
    ThreadState& thread = *message.thread;
    if (message.sequence < thread.lastDelivered) {
        ++m_state.ledger.counters().reordersPossible;
    }
    thread.lastDelivered = std::max(thread.lastDelivered, message.sequence);
    ++thread.delivered;
    m_state.threads.markDirty(thread);
    ++lane.delivered;
    lane.movedAt = m_state.clock.steadyNow();
    lane.failures = 0;
    m_state.deliveredBytes += message.value.size();
    m_state.latency.add(std::chrono::duration_cast<microseconds>(m_state.clock.steadyNow() - message.acceptedAt));
    m_state.ledger.move(message, MessageState::Delivered);
    if (message.retryId.value != 0) {
        m_state.gateway.add(store::op::DropRetry{message.retryId});
        leftRetryQueue(message);
    }
    m_dispatcher.finish(message);
}

bool Settlement::staysInJournal(const Message& message) const {
    return m_state.ending && message.entry.value != 0;
}

void Settlement::failed(Message& message, int errorCode, kafka::Persistence persistence) {
    if (staysInJournal(message)) {
        message.mayBeThere = persistence != kafka::Persistence::NotPersisted;
        m_state.lanes.requeue(message); // purged: the next start finds out what became of it
        return;
    }
    ++m_state.failedAttempts;
    const Error error = kafka::makeError(errorCode, "topic " + m_state.config.kafka.topic, persistence);
    recordAttempt(message, error, persistence);
    noteLaneError(message, error);
    nameOnce(errorCode);
    const ErrorClass errorClass = kafka::classify(errorCode, persistence);
    // librdkafka remembers a refused or missing topic until it reads the metadata again.
    m_state.topicDoubted = m_state.topicDoubted || errorClass == ErrorClass::PermanentTopic;
    bookAsRetrying(message);
    if (persistence == kafka::Persistence::PossiblyPersisted && canFindOut(message)) {
        if (errorClass == ErrorClass::Fatal) {
            m_watch.fatal();
        }
        ++m_state.ledger.counters().sendRetries;
        m_inquiries.doubt(message, *m_state.lanes.laneOf(message), m_handOver.topicId());
        writeRetry(message, waitingState());
        return;
    }
    decide(message, errorClass);
}

void Settlement::nameOnce(int errorCode) {
    if (!kafka::isClassified(errorCode) && m_unclassified.insert(errorCode).second) {
        m_state.events.note(Urgency::Warning, "Kafka answered with " + kafka::codeName(errorCode) + " (" +
                                                  std::to_string(errorCode) +
                                                  "), which is in no table of errors: its messages count as outcome "
                                                  "unknown. Please report it.");
    }
}

void Settlement::decide(Message& message, ErrorClass errorClass) {
    Trouble& trouble = message.troubled();
    if (errorClass == ErrorClass::PermanentMessage) {
        if (message.sentAlone) {
            die(message, trouble.cause, trouble.attempts.back().text);
            return;
        }
        trouble.refusedWithOthers = true; // the broker refuses whole batches: find out which one it was
        m_state.lanes.requeue(message);
    } else if (errorClass == ErrorClass::Fatal) {
        m_watch.fatal();
        m_state.lanes.requeue(message);
    } else {
        ++m_state.ledger.counters().sendRetries;
        if (trouble.outcomeUnknown) {
            ++m_state.ledger.counters().duplicatesPossible;
        }
        goOn(message);
        return;
    }
    ++m_state.ledger.counters().sendRetries;
    if (trouble.outcomeUnknown) {
        ++m_state.ledger.counters().duplicatesPossible;
    }
    trouble.nextTry = m_state.clock.utcNow(); // a row without one was put aside by an orderly end
    writeRetry(message, waitingState());
}

/// The next try, or its end where there is none.
void Settlement::goOn(Message& message) {
    Trouble& trouble = *message.trouble;
    if (m_state.bounded()) {
        const auto attempts = static_cast<int>(trouble.attempts.size() - trouble.attemptsBefore);
        const flow::RetryDecision decision = m_policy.next(attempts, m_state.chance());
        if (!decision.again) {
            die(message, trouble.cause, trouble.attempts.back().text);
            return;
        }
        m_dispatcher.again(message, decision.delay);
    } else {
        Lane& lane = *m_state.lanes.laneOf(message);
        if (lane.requeue.empty()) {
            ++lane.failures;
            lane.holdUntil = m_state.clock.steadyNow() + m_policy.delayAfter(lane.failures, m_state.chance());
        }
        m_state.lanes.requeue(message);
    }
    writeRetry(message, waitingState());
}

void Settlement::recordAttempt(Message& message, const Error& error, kafka::Persistence persistence) {
    Trouble& trouble = message.troubled();
    const int number = trouble.attempts.empty() ? 1 : trouble.attempts.back().number + 1;
    const bool unknown = persistence == kafka::Persistence::PossiblyPersisted;
    trouble.cause = error.code.substr(error.code.find('.') + 1);
    trouble.outcomeUnknown = unknown;
    if (trouble.waitingSince == UtcTime{}) {
        trouble.waitingSince = m_state.clock.utcNow();
    }
    if (trouble.attempts.size() >= kAttemptsKept) {
        trouble.attempts.erase(trouble.attempts.begin() + 1); // the first stays: it says how it began
        trouble.attemptsBefore = std::min(trouble.attemptsBefore, trouble.attempts.size());
        trouble.storedAttempts = std::min(trouble.storedAttempts, trouble.attempts.size());
    }
    trouble.attempts.push_back(
        {number, m_state.clock.utcNow(), trouble.cause, error.text(), unknown, message.partition});
}

void Settlement::noteLaneError(Message& message, const Error& error) {
    Lane* lane = m_state.lanes.laneOf(message);
    if (lane == nullptr) {
        return;
    }
    const bool news = lane->failures == 0 && lane->lastError != error.message;
    lane->lastError = error.message;
    lane->lastErrorAt = m_state.clock.utcNow();
    if (news) {
        m_state.events.note(Urgency::Warning,
                            "Partition " + std::to_string(message.partition.value) + ": " + error.text());
    }
}

void Settlement::bookAsRetrying(Message& message) {
    if (message.state == MessageState::InFlight) {
        m_state.ledger.move(message, MessageState::Retrying);
    }
    Trouble& trouble = message.troubled();
    if (trouble.waitingSince == UtcTime{}) {
        trouble.waitingSince = acceptedUtc(message);
    }
    if (message.retryId.value == 0) {
        message.retryId = m_state.nextRetry;
        m_state.nextRetry = m_state.nextRetry.next();
        m_state.retrying.emplace(message.retryId, &message);
        trouble.bookedOn = message.partition;
        ++m_state.retryingOn[trouble.bookedOn];
    }
    ++m_state.retryRevision;
}

void Settlement::leftRetryQueue(Message& message) {
    m_state.retrying.erase(message.retryId);
    --m_state.retryingOn[message.trouble->bookedOn];
    ++m_state.retryRevision;
}

store::RetryState Settlement::waitingState() const {
    return m_state.bounded() ? store::RetryState::Waiting : store::RetryState::Stalled;
}

void Settlement::writeRetry(Message& message, store::RetryState state) {
    Trouble& trouble = *message.trouble;
    if (trouble.stored) {
        store::op::UpdateRetry update{message.retryId,        state, trouble.cause, trouble.nextTry,
                                      trouble.outcomeUnknown, {}};
        const auto firstNew = static_cast<std::ptrdiff_t>(trouble.storedAttempts);
        update.newAttempts.assign(trouble.attempts.begin() + firstNew, trouble.attempts.end());
        m_state.gateway.add(std::move(update));
    } else {
        store::RetryEntry entry{message.retryId, storedForm(message),  state,           message.partition,
                                trouble.cause,   trouble.waitingSince, trouble.nextTry, trouble.outcomeUnknown,
                                std::nullopt,    trouble.attempts};
        if (message.entry.value != 0) {
            entry.valueBytes = static_cast<std::int64_t>(message.value.size());
            entry.message.value.clear(); // the journal has it
        }
        m_state.gateway.add(store::op::PutRetry{std::move(entry)});
        trouble.stored = true;
    }
    trouble.storedAttempts = trouble.attempts.size();
}

void Settlement::die(Message& message, const std::string& code, const std::string& text) {
    Trouble& trouble = message.troubled();
    message.place = Place::Dying;
    store::DeadLetter letter;
    letter.message = storedForm(message);
    letter.errorCode = code;
    letter.errorText = text;
    letter.diedAt = m_state.clock.utcNow();
    letter.traceId = trouble.traceId.empty() ? newTraceId(letter.diedAt) : trouble.traceId;
    letter.attempts = trouble.attempts;
    if (const auto reason = deadReasonOf(letter)) {
        letter.errorClass = reason->reason.errorClass;
    }
    letter.copyState = m_state.config.dlq.enabled ? store::CopyState::Pending : store::CopyState::None;
    letter.id = m_state.nextDead;
    m_state.nextDead = m_state.nextDead.next();
    m_state.gateway.add(store::op::PutDead{std::move(letter)});
    m_state.gateway.add(store::op::DropRetry{message.retryId});
    m_state.gateway.whenDurable([this, &message] {
        m_state.ledger.move(message, MessageState::Dead);
        leftRetryQueue(message);
        ++m_state.deadRevision;
        ++message.thread->dead;
        m_state.threads.markDirty(*message.thread);
        m_dispatcher.finish(message);
    });
}

UtcTime Settlement::acceptedUtc(const Message& message) const {
    return m_state.clock.utcNow() -
           std::chrono::duration_cast<microseconds>(m_state.clock.steadyNow() - message.acceptedAt);
}

store::StoredMessage Settlement::storedForm(const Message& message) const {
    store::StoredMessage stored;
    stored.id = message.id;
    stored.thread = message.threadName;
    stored.tenant = message.tenant;
    stored.topic = m_state.config.kafka.topic;
    stored.sequence = message.sequence;
    stored.type = message.type;
    stored.value = asText(message.value);
    stored.traceparent = message.traceparent;
    stored.tracestate = message.tracestate;
    stored.timestampMs = message.timestampMs;
    stored.acceptedAt = acceptedUtc(message);
    const auto source = m_state.sourceNames.find(message.source);
    stored.source = source == m_state.sourceNames.end() ? message.batch->source : source->second;
    stored.entry = message.entry.value;
    return stored;
}

} // namespace dashstream::engine
