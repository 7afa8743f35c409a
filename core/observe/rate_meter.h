// How fast a counter that only rises moves: per second, over the last window. Takes the time from its caller; holds a
// fixed number of samples, no allocation. Not thread-safe.
#pragma once

#include "core/base/clock.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashstream::observe {

class RateMeter {
public:
    explicit RateMeter(milliseconds window = milliseconds{1000});

    /// `now` must not go back; `counter` smaller than before (a counter made new) starts over.
    void sample(SteadyTime now, std::uint64_t counter);
    /// 0 before the second sample, and when the last sample is older than the window.
    [[nodiscard]] double perSecond(SteadyTime now) const;

private:
    struct Sample {
        SteadyTime at{};
        std::uint64_t counter = 0;
    };
    static constexpr std::size_t kSamples = 32;

    [[nodiscard]] const Sample& fromNewest(std::size_t back) const;

    milliseconds m_window;
    std::array<Sample, kSamples> m_samples{};
    std::size_t m_next = 0;
    std::size_t m_count = 0;
};

} // namespace dashstream::observe
