#include "core/observe/rate_meter.h"

#include <algorithm>

namespace dashstream::observe {

RateMeter::RateMeter(milliseconds window) : m_window(std::max(window, milliseconds{1})) {}

const RateMeter::Sample& RateMeter::fromNewest(std::size_t back) const {
    return m_samples[(m_next + kSamples - 1 - back) % kSamples];
}

void RateMeter::sample(SteadyTime now, std::uint64_t counter) {
    if (m_count > 0 && counter < fromNewest(0).counter) {
        m_count = 0;
    }
    // Denser than the samples can hold over the window: the newest one moves on instead of pushing out the oldest.
    const auto slot = std::chrono::duration_cast<SteadyTime::duration>(m_window) / static_cast<int>(kSamples - 2);
    if (m_count > 1 && now - fromNewest(1).at < slot) {
        m_samples[(m_next + kSamples - 1) % kSamples] = {now, counter};
        return;
    }
    m_samples[m_next] = {now, counter};
    m_next = (m_next + 1) % kSamples;
    m_count = std::min(m_count + 1, kSamples);
}

double RateMeter::perSecond(SteadyTime now) const {
    if (m_count < 2 || now - fromNewest(0).at > m_window) {
        return 0;
    }
    // The oldest sample inside the window, or the one just before it when the window holds only one.
    std::size_t oldest = 1;
    while (oldest + 1 < m_count && fromNewest(0).at - fromNewest(oldest + 1).at <= m_window) {
        ++oldest;
    }
    const Sample& first = fromNewest(oldest);
    const std::chrono::duration<double> span = fromNewest(0).at - first.at;
    if (span.count() <= 0) {
        return 0;
    }
    return static_cast<double>(fromNewest(0).counter - first.counter) / span.count();
}

} // namespace dashstream::observe
