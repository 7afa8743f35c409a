// The books of I1: where every message is that ever entered.
#pragma once

#include <cstdint>

namespace dashstream::engine {

struct RejectCounts {
    std::uint64_t invalid = 0;
    std::uint64_t tooLarge = 0;
    std::uint64_t rateLimited = 0;
    std::uint64_t limiterError = 0;
    std::uint64_t stopped = 0; ///< read but not admitted because the engine was stopping

    [[nodiscard]] std::uint64_t total() const { return invalid + tooLarge + rateLimited + limiterError + stopped; }
};

/// I1: accepted + carriedIn = delivered + inFlight + retrying + dead + discarded.
struct Accounting {
    /// Retry queue and dead letters found at start, discarded ones too; dead letters imported since.
    std::uint64_t carriedIn = 0;
    std::uint64_t accepted = 0;
    std::uint64_t delivered = 0;
    std::uint64_t inFlight = 0;  ///< accepted, unsettled, not in the retry queue
    std::uint64_t retrying = 0;  ///< in the retry queue
    std::uint64_t dead = 0;      ///< open dead letters
    std::uint64_t discarded = 0; ///< those found at start that could be restored, too
    std::uint64_t sendRetries = 0;
    std::uint64_t duplicatesAvoided = 0;
    std::uint64_t duplicatesPossible = 0;
    std::uint64_t reordersPossible = 0;
    std::uint64_t diedNow = 0;      ///< dead letters made since start
    std::uint64_t discardedNow = 0; ///< since start, restored ones too
    RejectCounts rejected;

    [[nodiscard]] std::uint64_t entered() const { return accepted + carriedIn; }
    [[nodiscard]] std::uint64_t accountedFor() const { return delivered + inFlight + retrying + dead + discarded; }
    [[nodiscard]] bool balanced() const { return entered() == accountedFor(); }
    [[nodiscard]] std::uint64_t unsettled() const { return inFlight + retrying; }
};

} // namespace dashstream::engine
