// A message's identity: 16 bytes, a UUID. New ones are version 7 (RFC 9562: 48 bits of milliseconds, then random).
#pragma once

#include "core/base/clock.h"

#include <array>
#include <compare>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace dashstream {

struct MessageId {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const MessageId&) const = default;
    [[nodiscard]] bool isNil() const;
    /// 36 characters, lower case, with dashes.
    [[nodiscard]] std::string text() const;
    /// The 16 bytes as they stand in Header.message_id.
    [[nodiscard]] std::string_view raw() const;
    /// From the 16 raw bytes; any other length gives the nil id.
    [[nodiscard]] static MessageId fromRaw(std::string_view raw);
};

/// Makes UUIDv7 ids, ordered by millisecond. Not thread-safe: one per thread.
class MessageIdGenerator {
public:
    /// Seeded from the system's entropy.
    MessageIdGenerator();
    /// Repeatable, for tests and the seeded generator source.
    explicit MessageIdGenerator(std::uint64_t seed);

    [[nodiscard]] MessageId next(UtcTime now);

private:
    std::mt19937_64 m_random;
};

} // namespace dashstream
