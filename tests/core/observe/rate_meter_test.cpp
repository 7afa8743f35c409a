// Rates on a time that the test moves.
#include "core/observe/rate_meter.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dashstream::observe {
namespace {

SteadyTime at(int millis) {
    return SteadyTime(milliseconds(1'000'000 + millis));
}

TEST(RateMeter, NothingAndOneSampleAreNoRate) {
    RateMeter meter;
    EXPECT_EQ(meter.perSecond(at(0)), 0);
    meter.sample(at(0), 500);
    EXPECT_EQ(meter.perSecond(at(0)), 0) << "a counter that starts high is no burst";
}

TEST(RateMeter, SteadyFlowIsItsRate) {
    RateMeter meter;
    for (int i = 0; i <= 30; ++i) {
        meter.sample(at(i * 100), static_cast<std::uint64_t>(i) * 50);
    }
    EXPECT_DOUBLE_EQ(meter.perSecond(at(3000)), 500);
}

TEST(RateMeter, OnlyTheLastWindowCounts) {
    RateMeter meter;
    std::uint64_t counter = 0;
    for (int i = 0; i <= 20; ++i) {
        meter.sample(at(i * 100), counter);
        counter += i < 10 ? 1000 : 10; // fast in the first second, slow in the next
    }
    EXPECT_DOUBLE_EQ(meter.perSecond(at(2000)), 100);
}

TEST(RateMeter, SilenceIsZeroAfterTheWindow) {
    RateMeter meter;
    meter.sample(at(0), 0);
    meter.sample(at(100), 100);
    EXPECT_DOUBLE_EQ(meter.perSecond(at(1100)), 1000);
    EXPECT_EQ(meter.perSecond(at(1101)), 0);
}

TEST(RateMeter, CounterMadeNewStartsOver) {
    RateMeter meter;
    meter.sample(at(0), 1000);
    meter.sample(at(100), 1100);
    meter.sample(at(200), 5);
    EXPECT_EQ(meter.perSecond(at(200)), 0);
    meter.sample(at(300), 15);
    EXPECT_DOUBLE_EQ(meter.perSecond(at(300)), 100);
}

TEST(RateMeter, DenseSamplesStillCoverTheWindow) {
    RateMeter meter;
    for (int i = 0; i <= 3000; ++i) { // one a millisecond, fast until 2.5 s, then ten times slower
        const int fast = std::min(i, 2500);
        meter.sample(at(i), static_cast<std::uint64_t>(fast * 10 + (i - fast)));
    }
    EXPECT_NEAR(meter.perSecond(at(3000)), 5500, 350);
}

TEST(RateMeter, SamplesFurtherApartThanTheWindowGiveTheirMean) {
    RateMeter meter;
    meter.sample(at(0), 0);
    meter.sample(at(10'000), 200);
    EXPECT_DOUBLE_EQ(meter.perSecond(at(10'000)), 20);
}

} // namespace
} // namespace dashstream::observe
