// Repeatable randomness, and text that reads and compresses like telemetry: words, numbers, ids. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dashstream::source {

/// SplitMix64: the same numbers from the same seed on every platform, which the standard's distributions do not
/// promise.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next();
    /// 0 … bound - 1; `bound` > 0.
    std::uint32_t below(std::uint32_t bound);
    /// low … high.
    std::uint32_t between(std::uint32_t low, std::uint32_t high) { return low + below(high - low + 1); }
    bool chance(std::uint32_t percent) { return below(100) < percent; }
    /// Appends `digits` (≤ 16) lower-case hex digits.
    void appendHex(std::uint32_t digits, std::string& out);

private:
    std::uint64_t m_state;
};

/// A stock of text made once; a message takes a piece of it, so that making one costs a copy.
class TextPool {
public:
    explicit TextPool(std::uint64_t seed);

    /// Exactly `bytes` of ASCII.
    [[nodiscard]] std::string piece(std::size_t bytes, Random& random) const;

private:
    std::string m_text;
};

} // namespace dashstream::source
