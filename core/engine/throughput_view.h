// How much the engine gets done, and how long it takes.
#pragma once

#include "core/base/clock.h"
#include "core/base/time_buckets.h"

#include <cstdint>

namespace dashstream::engine {

/// Per second, over the last second.
struct Rates {
    double accepted = 0;
    double delivered = 0;
    double failed = 0; ///< failed attempts
    double rejected = 0;
    double deliveredBytes = 0;
};

/// Accepted → delivered, of what was delivered in the last second; zero count: nothing was.
struct LatencyView {
    microseconds p50{0};
    microseconds p99{0};
    microseconds max{0};
    std::uint64_t count = 0;
};

/// Counters since start that only rise, beside those of the accounting.
struct TotalsView {
    std::uint64_t failedAttempts = 0;
    std::uint64_t deliveredBytes = 0; ///< framed values
    std::uint64_t timestampsReplaced = 0;
    std::uint64_t compressionFailures = 0; ///< rejected as invalid, because zstd failed on them
    TimeBuckets latency;                   ///< accepted → delivered, each at most 1.6 % off
};

/// The engine thread's turns.
struct LoopView {
    std::uint64_t turns = 0;     ///< since start
    microseconds busy{0};        ///< in them, since start
    microseconds longestTurn{0}; ///< of those since the snapshot before
};

} // namespace dashstream::engine
