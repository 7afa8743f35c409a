// Watches the sequence numbers of threads as a consumer sees them (resources/docs/wire-format.md, "Sequences"): a jump
// is a gap, the same number again a duplicate, a smaller one a reorder; the first number seen is the baseline. Pure;
// one thread at a time.
#pragma once

#include "core/base/strong_type.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace dashstream::app {

class ThreadCheck {
public:
    struct Thread {
        std::uint64_t first = 0;
        std::uint64_t last = 0; ///< the highest
        std::uint64_t records = 0;
        std::uint64_t gaps = 0;    ///< jumps
        std::uint64_t missing = 0; ///< numbers jumped over
        std::uint64_t duplicates = 0;
        std::uint64_t reorders = 0;

        [[nodiscard]] bool clean() const { return gaps + duplicates + reorders == 0; }
    };

    enum class Verdict { Good, Gap, Duplicate, Reorder };

    Verdict see(std::string_view thread, SequenceNo sequence);

    [[nodiscard]] const std::map<std::string, Thread, std::less<>>& threads() const { return m_threads; }
    /// All threads together; first and last are not set.
    [[nodiscard]] Thread total() const;

private:
    std::map<std::string, Thread, std::less<>> m_threads;
};

[[nodiscard]] std::string_view toText(ThreadCheck::Verdict verdict);

} // namespace dashstream::app
