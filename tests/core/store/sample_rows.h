// Rows that use every field, different by their number.
#pragma once

#include "core/store/records.h"

#include <string>

namespace dashstream::store::test {

inline UtcTime at(std::int64_t micros) {
    return utcFromMicros(micros);
}

inline StoredMessage sampleMessage(std::int64_t number) {
    StoredMessage message;
    for (std::size_t i = 0; i < message.id.bytes.size(); ++i) {
        message.id.bytes[i] = static_cast<std::uint8_t>(number + static_cast<std::int64_t>(i));
    }
    message.thread = "thread-" + std::to_string(number % 7);
    message.tenant = "tenant-" + std::to_string(number % 3);
    message.topic = "events";
    message.sequence = SequenceNo(static_cast<std::uint64_t>(number));
    message.type = static_cast<int>(number % 9) + 1;
    message.value = std::string("\0\x01value\0\xff", 9) + std::to_string(number);
    message.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    message.tracestate = "a=b";
    message.timestampMs = 1'700'000'000'000 + number;
    message.acceptedAt = at(1'700'000'000'000'000 + number);
    message.source = "jsonl:in.jsonl";
    message.entry = static_cast<std::uint64_t>(number) + 5'000'000'000;
    return message;
}

inline Attempt sampleAttempt(int number) {
    return {number,          at(1'700'000'001'000'000 + number),
            "MSG_TIMED_OUT", "timed out after 30 s",
            number % 2 == 0, PartitionId(number)};
}

inline RetryEntry sampleRetry(std::int64_t number, int attempts = 2) {
    RetryEntry entry;
    entry.id = RetryId(number);
    entry.message = sampleMessage(number);
    entry.state = RetryState::Stalled;
    entry.partition = PartitionId(static_cast<std::int32_t>(number % 12));
    entry.cause = number % 2 == 0 ? "MSG_TIMED_OUT" : "NOT_ENOUGH_REPLICAS";
    entry.waitingSince = at(1'700'000'002'000'000 + number);
    entry.nextTry = at(1'700'000'003'000'000 + number);
    entry.outcomeUnknown = number % 2 == 1;
    entry.resendOf = DeadLetterId(number + 1000);
    for (int i = 1; i <= attempts; ++i) {
        entry.attempts.push_back(sampleAttempt(i));
    }
    return entry;
}

inline DeadLetter sampleDead(std::int64_t number, int attempts = 3) {
    DeadLetter letter;
    letter.id = DeadLetterId(number);
    letter.message = sampleMessage(number);
    letter.errorCode = number % 2 == 0 ? "TOPIC_AUTHORIZATION_FAILED" : "MSG_SIZE_TOO_LARGE";
    letter.errorText = "Broker: refused " + std::to_string(number);
    letter.diedAt = at(1'700'000'004'000'000 + number);
    letter.traceId = "0190c6b0-0000-7000-8000-000000000001";
    letter.rounds = 4;
    for (int i = 1; i <= attempts; ++i) {
        letter.attempts.push_back(sampleAttempt(i));
    }
    return letter;
}

} // namespace dashstream::store::test
