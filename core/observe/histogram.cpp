#include "core/observe/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace dashstream::observe {

void Histogram::add(microseconds value, std::uint64_t count) {
    if (count == 0) {
        return;
    }
    const microseconds bounded = std::clamp(value, microseconds{0}, kLongest);
    m_buckets[bucketOf(static_cast<std::uint64_t>(bounded.count()))] += count;
    m_count += count;
    m_max = std::max(m_max, bounded);
}

void Histogram::merge(const Histogram& other) {
    for (std::size_t i = 0; i < kBuckets; ++i) {
        m_buckets[i] += other.m_buckets[i];
    }
    m_count += other.m_count;
    m_max = std::max(m_max, other.m_max);
}

void Histogram::clear() {
    *this = Histogram();
}

void Histogram::addTo(TimeBuckets& totals) const {
    for (std::size_t i = 0; m_count > 0 && i < kBuckets; ++i) {
        if (m_buckets[i] > 0) {
            totals.add(microseconds(static_cast<std::int64_t>(middleOf(i))), m_buckets[i]);
        }
    }
}

microseconds Histogram::percentile(double percent) const {
    if (m_count == 0) {
        return microseconds{0};
    }
    const double share = std::clamp(percent, 0.0, 100.0) / 100.0;
    const auto rank =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(m_count))));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
        seen += m_buckets[i];
        if (seen >= rank) {
            return std::min(microseconds(static_cast<std::int64_t>(middleOf(i))), m_max);
        }
    }
    return m_max;
}

std::size_t Histogram::bucketOf(std::uint64_t micros) {
    if (micros < kExact) {
        return static_cast<std::size_t>(micros);
    }
    const auto octave = static_cast<std::size_t>(std::bit_width(micros)) - 7; // 64 … 127 is octave 0
    const std::size_t within = static_cast<std::size_t>(micros >> (octave + 1)) - kPerOctave;
    return kExact + octave * kPerOctave + within;
}

std::uint64_t Histogram::middleOf(std::size_t bucket) {
    if (bucket < kExact) {
        return bucket;
    }
    const std::size_t octave = (bucket - kExact) / kPerOctave;
    const std::uint64_t within = (bucket - kExact) % kPerOctave + kPerOctave;
    const std::uint64_t width = 1ULL << (octave + 1);
    return within * width + width / 2;
}

} // namespace dashstream::observe
