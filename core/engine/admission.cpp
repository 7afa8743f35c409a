#include "core/engine/admission.h"

#include "core/flow/message_shape.h"
#include "core/kafka/topic_limit.h"
#include "core/wire/json_lines.h"

#include <algorithm>
#include <utility>

namespace dashstream::engine {

namespace {
constexpr std::size_t kRejectsShown = 100;
/// Brokers refuse a timestamp more than an hour ahead by default (log.message.timestamp.after.max.ms) and expire at
/// once what is older than the default retention of a week.
constexpr microseconds kAheadAtMost = std::chrono::hours(1);
constexpr microseconds kBehindAtMost = std::chrono::hours(24 * 7);

std::uint64_t& counterOf(RejectCounts& counts, source::RejectCause cause) {
    switch (cause) {
    case source::RejectCause::TooLarge:
        return counts.tooLarge;
    case source::RejectCause::RateLimited:
        return counts.rateLimited;
    case source::RejectCause::LimiterError:
        return counts.limiterError;
    case source::RejectCause::Stopped:
        return counts.stopped;
    case source::RejectCause::Invalid:
        break;
    }
    return counts.invalid;
}
} // namespace

Admission::Admission(PipelineState& state, Dispatcher& dispatcher, JournalFeed& feed, ThreadLoader& loader,
                     std::unique_ptr<limit::Limiter> limiter)
    : m_state(state), m_dispatcher(dispatcher), m_feed(feed), m_loader(loader),
      m_encoder(flow::encodeSettingsOf(state.config.message)), m_limiter(std::move(limiter)) {}

bool Admission::roomForMore() const {
    return m_queue.size() - m_heldBatches < kBatchesAhead && m_state.bufferedBytes < kBufferedBytes &&
           m_state.bufferedMessages < kBufferedMessages && !m_state.threads.farOverLimit() &&
           !m_state.gateway.trouble() && !m_state.gateway.behind() && m_feed.roomForMore();
}

void Admission::take(std::shared_ptr<SourceLedger> from, source::SourceBatch batch) {
    from->read += batch.messages.size() + batch.rejects.size();
    for (const source::SourceReject& bad : batch.rejects) {
        from->position = std::max(from->position, bad.position);
        reject(*from, bad);
    }
    if (batch.messages.empty()) {
        return;
    }
    auto pending = std::make_shared<Pending>();
    pending->from = std::move(from);
    pending->batch = std::move(batch);
    prepare(*pending);
    reserveNumbers(*pending);
    m_queue.push_back(std::move(pending));
}

void Admission::prepare(Pending& pending) {
    std::vector<ThreadState*> unknown;
    pending.threads.assign(pending.batch.messages.size(), nullptr);
    for (std::size_t i = 0; i < pending.batch.messages.size(); ++i) {
        const source::SourceMessage& message = pending.batch.messages[i];
        pending.from->position = std::max(pending.from->position, message.position);
        if (!shapeIsGood(pending, message)) {
            continue;
        }
        ThreadState& thread = m_state.threads.use(wire::headerOf(*message.message)->thread_id());
        ++thread.live; // it stays until this message is decided
        ++thread.awaiting;
        pending.threads[i] = &thread;
        if (!thread.loaded) {
            unknown.push_back(&thread);
        }
    }
    if (!unknown.empty()) {
        m_loader.load(unknown); // what cannot be read is asked for again in accept()
    }
    groupByTenant(pending);
}

bool Admission::shapeIsGood(Pending& pending, const source::SourceMessage& message) {
    std::optional<flow::ShapeFault> fault = flow::shapeFaultOf(*message.message);
    if (fault) {
        reject(*pending.from, rejectOf(*pending.from, message, source::RejectCause::Invalid, std::move(fault->reason)));
    }
    return !fault;
}

void Admission::reserveNumbers(Pending& pending) {
    const UtcTime now = m_state.clock.utcNow();
    std::vector<std::pair<ThreadState*, SequenceNo>> granted;
    for (std::size_t i = pending.next; i < pending.threads.size(); ++i) {
        ThreadState* thread = pending.threads[i];
        if (thread == nullptr || !thread->loaded || thread->numbers.available() >= thread->awaiting) {
            continue;
        }
        const SequenceNo until = thread->numbers.nextReservation();
        if (until <= std::max(thread->numbers.reservedUntil(), SequenceNo{thread->reservationAsked})) {
            continue; // on its way already, or as far ahead as may be
        }
        thread->reservationAsked = until.value;
        m_state.gateway.add(store::op::PutThread{ThreadTable::recordOf(*thread, now)});
        ++thread->live;
        granted.emplace_back(thread, until);
    }
    if (granted.empty()) {
        return;
    }
    ++pending.reservations;
    // The batch may be gone by then (stopping); the threads are held by their count.
    m_state.gateway.whenDurable(
        [granted = std::move(granted), weak = std::weak_ptr<Pending>(pending.shared_from_this())] {
            for (const auto& [thread, until] : granted) {
                thread->numbers.reserved(until);
                if (thread->reservationAsked == until.value) {
                    thread->reservationAsked = 0;
                }
                --thread->live;
            }
            if (const auto waiting = weak.lock()) {
                --waiting->reservations;
            }
        });
}

void Admission::proceed(SteadyTime now) {
    const std::uint64_t answers = m_limiter ? m_limiter->answers() : 0;
    const bool answered = answers != m_answersSeen;
    m_answersSeen = answers;
    std::vector<const SourceLedger*> waiting; // a source's batches stay in their order
    for (auto entry = m_queue.begin(); entry != m_queue.end();) {
        Pending& pending = **entry;
        const bool behind = std::find(waiting.begin(), waiting.end(), pending.from.get()) != waiting.end();
        const bool held = stillHeld(pending, now) && !(answered && pending.heldByLimit);
        if (!behind && !held && accept(pending, now)) {
            entry = m_queue.erase(entry);
            continue;
        }
        if (!behind) {
            waiting.push_back(pending.from.get());
        }
        ++entry;
    }
    countHeld();
}

std::optional<SteadyTime> Admission::nextProceed() const {
    std::optional<SteadyTime> next;
    for (const auto& pending : m_queue) {
        if (pending->heldUntil) {
            next = next ? std::min(*next, *pending->heldUntil) : *pending->heldUntil;
        }
    }
    return next;
}

bool Admission::accept(Pending& pending, SteadyTime now) {
    pending.heldUntil.reset();
    pending.heldByLimit = false;
    pending.from->held = false;
    if (pending.reservations > 0) {
        return false;
    }
    const std::size_t count = pending.batch.messages.size();
    auto batch = std::make_unique<MessageBatch>(askLimiter(pending, now));
    batch->source = pending.from->spec;
    bool whole = true;
    for (; pending.next < count; ++pending.next) {
        ThreadState* thread = pending.threads[pending.next];
        if (thread == nullptr) {
            continue;
        }
        if (!thread->loaded || thread->numbers.available() == 0) {
            if (!thread->loaded) {
                m_loader.load({thread});
                pending.heldUntil = now + milliseconds{500};
            }
            reserveNumbers(pending); // nothing is asked when the answer is on its way
            whole = false;
            break;
        }
        TenantGroup* group = m_limiter ? &pending.groups[pending.groupOf[pending.next]] : nullptr;
        if (group != nullptr && group->allowed == 0) {
            if (!rejectedByLimit(pending, *group, now)) {
                whole = false;
                break;
            }
        } else if (acceptOne(pending, pending.batch.messages[pending.next], *thread, *batch, now) && group != nullptr) {
            --group->allowed;
        }
        decided(pending);
    }
    giveBackUnused(pending);
    enter(pending, std::move(batch));
    return whole;
}

void Admission::enter(Pending& pending, std::unique_ptr<MessageBatch> batch) {
    if (batch->alive() == 0) {
        return;
    }
    const bool whole = pending.next == pending.batch.messages.size();
    std::optional<source::SourcePlace> place = whole ? std::move(pending.batch.place) : std::nullopt;
    if (m_state.journalled()) {
        m_feed.append(std::move(batch), pending.from, std::move(place));
        return;
    }
    if (pending.from->number != 0) {
        batch->onGone = [from = pending.from, number = pending.from->batchEnters(std::move(place))] {
            from->batchSettled(number);
        };
    }
    MessageBatch& entered = *batch;
    const std::size_t accepted = entered.messages().size();
    pending.from->accepted += accepted;
    m_dispatcher.adopt(std::move(batch));
    for (std::size_t i = 0; i < accepted; ++i) {
        Message& message = entered.messages()[i];
        if (pending.from->onAccepted) {
            message.partition = m_state.lanes.partitionOf(message);
            pending.from->onAccepted(acceptedOf(message));
        }
        m_state.threads.markDirty(*message.thread);
        m_state.ledger.accept();
        m_dispatcher.enter(message, *message.thread);
    }
}

void Admission::decided(Pending& pending) {
    ThreadState*& thread = pending.threads[pending.next];
    --thread->live;
    --thread->awaiting;
    thread = nullptr;
    if (m_limiter) {
        --pending.groups[pending.groupOf[pending.next]].left;
    }
}

bool Admission::acceptOne(Pending& pending, const source::SourceMessage& from, ThreadState& thread, MessageBatch& batch,
                          SteadyTime now) {
    flow::fillHeader(*from.message, m_state.config.message.tenant, thread.numbers.next(), m_state.clock.utcNow(),
                     m_ids);
    auto value = m_encoder.encode(*from.message, batch.arena());
    if (!value) {
        const bool large = value.error().code == "wire.too_large";
        m_state.compressionFailures += value.error().code == "wire.compress" ? 1U : 0U;
        reject(*pending.from,
               rejectOf(*pending.from, from, large ? source::RejectCause::TooLarge : source::RejectCause::Invalid,
                        value.error().text()));
        return false;
    }
    if (std::string reason =
            kafka::overTopicLimit(m_state.config.kafka, m_state.topicLimit.maxMessageBytes, thread.name.size(),
                                  value->size(), from.trace.traceparent, from.trace.tracestate);
        !reason.empty()) {
        reject(*pending.from, rejectOf(*pending.from, from, source::RejectCause::TooLarge, std::move(reason)));
        return false;
    }
    noteTrace(pending, from.trace);
    const wire::v1::Header& header = *wire::headerOf(*from.message);
    Message& message = *batch.add();
    message.thread = &thread;
    message.sequence = thread.numbers.take();
    message.threadName = thread.name;
    message.value = *value;
    message.tenant = batch.arena().store(std::string_view(header.tenant_id()));
    message.traceparent = batch.arena().store(std::string_view(from.trace.traceparent));
    message.tracestate = batch.arena().store(std::string_view(from.trace.tracestate));
    message.timestampMs = recordTimestamp(header.timestamp_us());
    message.acceptedAt = now;
    message.id = MessageId::fromRaw(header.message_id());
    message.type = static_cast<std::uint8_t>(header.type());
    batch.sourcePositions.push_back(from.endByte);
    return true;
}

void Admission::noteTrace(Pending& pending, const wire::TraceContext& trace) {
    TraceView& counts = m_state.trace;
    counts.carried += trace.traceparent.empty() ? 0 : 1;
    if (!trace.parentIgnored && !trace.stateIgnored) {
        return;
    }
    counts.parentsIgnored += trace.parentIgnored ? 1 : 0;
    counts.statesIgnored += trace.stateIgnored ? 1 : 0;
    counts.lastIgnored = trace.ignoredWhy;
    pending.from->traceIgnoredWhy = trace.ignoredWhy;
    if (++pending.from->traceIgnored == 1) {
        m_state.events.note(Urgency::Warning, "Source " + pending.from->spec +
                                                  " gives invalid trace context, which is left out; the messages go "
                                                  "on. The first: " +
                                                  trace.ignoredWhy);
    }
}

std::int64_t Admission::recordTimestamp(std::int64_t headerMicros) {
    const UtcTime now = m_state.clock.utcNow();
    const UtcTime said = utcFromMicros(headerMicros);
    if (said > now + kAheadAtMost || said < now - kBehindAtMost) {
        ++m_state.timestampsReplaced;
        return toMicros(now) / 1000;
    }
    return headerMicros / 1000;
}

void Admission::reject(SourceLedger& from, const source::SourceReject& bad) {
    ++from.rejected;
    ++counterOf(m_state.ledger.counters().rejected, bad.cause);
    from.lastRejects.push_back({bad.position, bad.reason, bad.excerpt});
    if (from.lastRejects.size() > kRejectsShown) {
        from.lastRejects.pop_front();
    }
    if (from.onReject) {
        from.onReject(bad);
    }
}

source::SourceReject Admission::rejectOf(const SourceLedger& from, const source::SourceMessage& message,
                                         source::RejectCause cause, std::string reason) {
    source::SourceReject bad{message.position, std::move(reason), {}, {}, cause, {}};
    if (from.onReject) {
        bad.raw = wire::toJsonLine(*message.message, message.trace).value_or(std::string());
    }
    return bad;
}

void Admission::refuseRest() {
    for (const auto& pending : m_queue) {
        for (; pending->next < pending->threads.size(); ++pending->next) {
            if (pending->threads[pending->next] != nullptr) {
                decided(*pending);
                reject(*pending->from, rejectOf(*pending->from, pending->batch.messages[pending->next],
                                                source::RejectCause::Stopped, "read but not accepted: stopping"));
            }
        }
    }
    for (const auto& pending : m_queue) {
        pending->from->held = false;
    }
    m_queue.clear();
    countHeld();
}

} // namespace dashstream::engine
