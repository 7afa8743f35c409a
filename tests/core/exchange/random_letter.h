// Dead letters as a store may hold them, of the kinds that find faults in a format. The same from the same seed.
#pragma once

#include "core/source/telemetry_text.h"
#include "core/store/records.h"

#include <string>

namespace dashstream::exchange::test {

/// Bytes of every kind: NUL, quotes, line ends, broken UTF-8.
inline std::string randomBytes(source::Random& random, std::uint32_t most) {
    constexpr std::string_view kParts[] = {"\0", "\"",     "\\", "\n", "\r\n", "\xff\xfe", "\xed\xa0\x80",
                                           "é",  "\u2028", "{}", "a",  " ",    "\x7f",     "\x01"};
    std::string bytes;
    for (std::uint32_t count = random.below(most + 1); count > 0; --count) {
        const std::string_view part = kParts[random.below(std::size(kParts))];
        bytes += part.empty() ? std::string(1, '\0') : std::string(part);
    }
    return bytes;
}

inline UtcTime randomTime(source::Random& random) {
    return random.chance(10) ? UtcTime{} : utcFromMicros(1'700'000'000'000'000 + random.below(2'000'000'000));
}

inline store::Attempt randomAttempt(source::Random& random, int number) {
    return {number,
            randomTime(random),
            "MSG_TIMED_OUT",
            randomBytes(random, 20),
            random.chance(50),
            PartitionId(static_cast<std::int32_t>(random.below(100)) - 1)};
}

inline store::DeadLetter randomLetter(source::Random& random) {
    store::DeadLetter letter;
    store::StoredMessage& message = letter.message;
    for (std::uint8_t& byte : message.id.bytes) {
        byte = static_cast<std::uint8_t>(random.below(256));
    }
    message.thread = "t" + randomBytes(random, 10);
    message.tenant = randomBytes(random, 10);
    message.topic = randomBytes(random, 10);
    message.sequence = SequenceNo(random.next());
    message.type = static_cast<int>(random.below(12));
    message.value = randomBytes(random, 200);
    if (random.chance(50)) {
        message.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        message.tracestate = random.chance(50) ? "a=b" : "";
    }
    message.timestampMs = 1'700'000'000'000 + random.below(1'000'000);
    message.acceptedAt = randomTime(random);
    message.source = "jsonl:" + randomBytes(random, 10);
    letter.state = static_cast<store::DeadState>(random.below(4));
    letter.errorCode = "TOPIC_AUTHORIZATION_FAILED";
    letter.errorText = randomBytes(random, 30);
    letter.diedAt = randomTime(random);
    letter.traceId = "0190c6b0-0000-7000-8000-000000000001";
    letter.rounds = static_cast<int>(random.below(5));
    for (std::uint32_t count = random.below(6); count > 0; --count) {
        letter.attempts.push_back(randomAttempt(random, static_cast<int>(letter.attempts.size()) + 1));
    }
    letter.copyState = static_cast<store::CopyState>(random.below(4));
    letter.copyCode = random.chance(50) ? "MSG_SIZE_TOO_LARGE" : "";
    letter.copyError = randomBytes(random, 10);
    letter.copyAt = randomTime(random);
    if (random.chance(80)) {
        letter.errorClass = static_cast<ErrorClass>(random.below(8));
    }
    if (random.chance(30)) {
        letter.settledAt = randomTime(random);
        letter.settledBy = "ops" + randomBytes(random, 3);
        letter.settleReason = randomBytes(random, 20);
    }
    return letter;
}

} // namespace dashstream::exchange::test
