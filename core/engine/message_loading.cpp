#include "core/engine/message_loading.h"

#include <algorithm>

namespace dashstream::engine {

namespace {
/// A clock that was set back must not make it younger than now.
SteadyTime steadyOf(UtcTime acceptedAt, const Clock& clock) {
    return clock.steadyNow() - std::max(clock.utcNow() - acceptedAt, microseconds{0});
}

void useThread(Message& message, PipelineState& state, std::string_view name) {
    message.thread = &state.threads.use(name);
    message.threadName = message.thread->name;
}
} // namespace

void fill(Message& message, PipelineState& state, const store::StoredMessage& stored) {
    ByteArena& arena = message.batch->arena();
    useThread(message, state, stored.thread);
    message.value = asBytes(arena.store(std::string_view(stored.value)));
    message.tenant = arena.store(std::string_view(stored.tenant));
    message.traceparent = arena.store(std::string_view(stored.traceparent));
    message.tracestate = arena.store(std::string_view(stored.tracestate));
    message.timestampMs = stored.timestampMs;
    message.acceptedAt = steadyOf(stored.acceptedAt, state.clock);
    message.sequence = stored.sequence;
    message.id = stored.id;
    message.type = static_cast<std::uint8_t>(stored.type);
}

void fill(Message& message, PipelineState& state, const journal::MessageRecord& record) {
    ByteArena& arena = message.batch->arena();
    useThread(message, state, record.thread);
    message.value = arena.store(record.value);
    message.tenant = arena.store(record.tenant);
    message.traceparent = arena.store(record.traceparent);
    message.tracestate = arena.store(record.tracestate);
    message.timestampMs = record.timestampMs;
    message.acceptedAt = steadyOf(record.acceptedAt, state.clock);
    message.entry = record.entry;
    message.sequence = record.sequence;
    message.id = record.id;
    message.type = record.type;
    message.source = record.source;
}

void attach(Message& message, PipelineState& state, store::RetryEntry&& entry) {
    message.state = MessageState::Retrying;
    message.retryId = entry.id;
    Trouble& trouble = message.troubled();
    // A clean close leaves it waiting without a next try; anything else was cut off, maybe inside the producer.
    trouble.outcomeUnknown =
        entry.outcomeUnknown || entry.state != store::RetryState::Waiting || entry.nextTry.has_value();
    trouble.stored = true;
    trouble.storedAttempts = entry.attempts.size();
    trouble.attempts = std::move(entry.attempts);
    trouble.attemptsBefore = trouble.attempts.size();
    trouble.cause = std::move(entry.cause);
    trouble.waitingSince = entry.waitingSince;
    trouble.bookedOn = entry.partition;
    ++state.retryingOn[trouble.bookedOn];
    state.retrying.emplace(entry.id, &message);
}

} // namespace dashstream::engine
