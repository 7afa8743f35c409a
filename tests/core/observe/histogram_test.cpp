// Percentiles against the exact ones of the same values.
#include "core/observe/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace dashstream::observe {
namespace {

double relativeError(microseconds measured, std::int64_t exact) {
    return std::abs(static_cast<double>(measured.count() - exact)) / static_cast<double>(exact);
}

TEST(Histogram, EmptyOneGivesZero) {
    const Histogram histogram;
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.percentile(50), microseconds{0});
    EXPECT_EQ(histogram.max(), microseconds{0});
}

TEST(Histogram, EverySingleValueIsWithinTwoAndAHalfPercent) {
    for (double value = 1; value <= 1e8; value *= 1.003) {
        Histogram histogram;
        const auto exact = static_cast<std::int64_t>(value);
        histogram.add(microseconds(exact));
        histogram.add(Histogram::kLongest); // so that max() does not help
        EXPECT_LE(relativeError(histogram.percentile(50), exact), 0.025) << exact;
    }
}

TEST(Histogram, BucketEdgesAreWithinTwoAndAHalfPercent) {
    for (unsigned power = 0; power < 27; ++power) {
        for (const std::int64_t offset : {-1, 0, 1}) {
            const std::int64_t exact = (std::int64_t{1} << power) + offset;
            if (exact < 1 || exact > Histogram::kLongest.count()) {
                continue;
            }
            Histogram histogram;
            histogram.add(microseconds(exact));
            histogram.add(Histogram::kLongest);
            EXPECT_LE(relativeError(histogram.percentile(50), exact), 0.025) << exact;
        }
    }
}

TEST(Histogram, PercentilesOfManyValuesAreNearTheExactOnes) {
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> distribution(8, 2);
    Histogram histogram;
    std::vector<std::int64_t> all;
    for (int i = 0; i < 20'000; ++i) {
        const auto value = std::clamp<std::int64_t>(static_cast<std::int64_t>(distribution(random)), 1, 100'000'000);
        all.push_back(value);
        histogram.add(microseconds(value));
    }
    std::sort(all.begin(), all.end());
    for (const double percent : {1.0, 25.0, 50.0, 90.0, 99.0, 99.9}) {
        const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * 20'000)) - 1;
        EXPECT_LE(relativeError(histogram.percentile(percent), all[rank]), 0.025) << percent;
    }
    EXPECT_EQ(histogram.max().count(), all.back());
    EXPECT_EQ(histogram.percentile(100), std::min(histogram.percentile(100), histogram.max()));
}

TEST(Histogram, ValuesOutsideTheRangeCountAtItsEnds) {
    Histogram histogram;
    histogram.add(microseconds{-5});
    EXPECT_EQ(histogram.percentile(100), microseconds{0});
    histogram.add(std::chrono::hours{5});
    EXPECT_EQ(histogram.max(), Histogram::kLongest);
    EXPECT_LE(relativeError(histogram.percentile(100), Histogram::kLongest.count()), 0.025);
    EXPECT_EQ(histogram.count(), 2U);
}

TEST(Histogram, MergedIsTheSameAsAddedTogether) {
    Histogram a;
    Histogram b;
    Histogram together;
    for (int i = 1; i <= 1000; ++i) {
        (i % 3 == 0 ? a : b).add(microseconds(i * 37));
        together.add(microseconds(i * 37));
    }
    a.merge(b);
    EXPECT_EQ(a.count(), together.count());
    EXPECT_EQ(a.max(), together.max());
    for (int percent = 0; percent <= 100; ++percent) {
        EXPECT_EQ(a.percentile(percent), together.percentile(percent));
    }
}

TEST(Histogram, CountedAddIsManyAdds) {
    Histogram histogram;
    histogram.add(microseconds{10}, 99);
    histogram.add(microseconds{1000}, 1);
    EXPECT_EQ(histogram.percentile(99), microseconds{10});
    EXPECT_LE(relativeError(histogram.percentile(99.5), 1000), 0.025);
}

TEST(Histogram, ClearedOneIsEmpty) {
    Histogram histogram;
    histogram.add(microseconds{10});
    histogram.clear();
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.percentile(99), microseconds{0});
}

} // namespace
} // namespace dashstream::observe
