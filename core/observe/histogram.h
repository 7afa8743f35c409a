// Latencies in a fixed number of buckets: 64 exact ones, then 32 for each doubling, so that a percentile is at most
// 1.6 % off. 1 µs … 100 s; what is longer counts as 100 s. Plain value without allocation; not thread-safe.
#pragma once

#include "core/base/clock.h"
#include "core/base/time_buckets.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashstream::observe {

class Histogram {
public:
    static constexpr microseconds kLongest{100'000'000};

    /// Negative values (a clock that was set back) count as 0.
    void add(microseconds value, std::uint64_t count = 1);
    void merge(const Histogram& other);
    void clear();
    /// Adds all values to `totals`, each at most 1.6 % off.
    void addTo(TimeBuckets& totals) const;

    [[nodiscard]] std::uint64_t count() const { return m_count; }
    /// Exact, up to kLongest; 0 when empty.
    [[nodiscard]] microseconds max() const { return m_max; }
    /// The value that `percent` (0 … 100) of all values do not exceed; 0 when empty. Never above max().
    [[nodiscard]] microseconds percentile(double percent) const;

private:
    static constexpr std::size_t kExact = 64;                         ///< values below stand for themselves
    static constexpr std::size_t kPerOctave = 32;                     ///< buckets for each doubling above
    static constexpr std::size_t kBuckets = kExact + 21 * kPerOctave; ///< 2^6 … 2^27 > 100 s

    [[nodiscard]] static std::size_t bucketOf(std::uint64_t micros);
    [[nodiscard]] static std::uint64_t middleOf(std::size_t bucket);

    std::array<std::uint64_t, kBuckets> m_buckets{};
    std::uint64_t m_count = 0;
    microseconds m_max{0};
};

} // namespace dashstream::observe
