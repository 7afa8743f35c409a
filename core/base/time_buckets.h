// How long something took, counted since start in buckets with fixed upper bounds, as a Prometheus histogram wants
// them. Plain value without allocation; not thread-safe.
#pragma once

#include "core/base/clock.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashstream {

struct TimeBuckets {
    static constexpr std::array<double, 14> kBoundsSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                           0.1,    0.25,  0.5,    1,     2.5,  10,    60};

    std::array<std::uint64_t, kBoundsSeconds.size() + 1> counts{}; ///< of each bucket alone; the last: above all bounds
    std::uint64_t count = 0;
    double sumSeconds = 0;

    void add(microseconds took, std::uint64_t times = 1) {
        const double seconds = std::chrono::duration<double>(took).count();
        std::size_t bucket = 0;
        while (bucket < kBoundsSeconds.size() && seconds > kBoundsSeconds[bucket]) {
            ++bucket;
        }
        counts[bucket] += times;
        count += times;
        sumSeconds += seconds * static_cast<double>(times);
    }
};

} // namespace dashstream
