#include "core/flow/rate_limiter.h"

#include <gtest/gtest.h>

namespace dashstream::flow {
namespace {

const SteadyTime kStart{std::chrono::hours(1)};

TEST(RateLimiter, ABurstIsGrantedAtOnceAndNoMore) {
    RateLimiter limiter({100, 1000});
    EXPECT_EQ(limiter.take("acme", 1500, kStart).granted, 1000U);
    EXPECT_EQ(limiter.take("acme", 1, kStart).granted, 0U);
}

TEST(RateLimiter, TheRefusalSaysWhenOneMoreWouldPass) {
    RateLimiter limiter({100, 10});
    (void)limiter.take("acme", 10, kStart);

    const RateDecision refused = limiter.take("acme", 1, kStart);

    EXPECT_EQ(refused.granted, 0U);
    EXPECT_EQ(refused.retryAfter, milliseconds{10});
    EXPECT_EQ(limiter.take("acme", 1, kStart + refused.retryAfter).granted, 1U);
}

TEST(RateLimiter, TokensComeBackAtTheRateUpToTheBurst) {
    RateLimiter limiter({100, 50});
    (void)limiter.take("acme", 50, kStart);
    EXPECT_EQ(limiter.take("acme", 1000, kStart + milliseconds{200}).granted, 20U);
    EXPECT_EQ(limiter.take("acme", 1000, kStart + std::chrono::hours(5)).granted, 50U);
}

TEST(RateLimiter, AClockThatGoesBackMintsNothing) {
    RateLimiter limiter({100, 10});
    (void)limiter.take("acme", 10, kStart);
    EXPECT_EQ(limiter.take("acme", 10, kStart - std::chrono::hours(1)).granted, 0U);
    EXPECT_EQ(limiter.take("acme", 10, kStart).granted, 0U);
}

TEST(RateLimiter, TenantsDoNotShareABucket) {
    RateLimiter limiter({100, 10});
    (void)limiter.take("acme", 10, kStart);
    EXPECT_EQ(limiter.take("globex", 10, kStart).granted, 10U);
}

TEST(RateLimiter, AnOverrideHoldsForItsTenantAlone) {
    RateLimiter limiter({100, 10});
    limiter.override("acme", {1000, 50});
    EXPECT_EQ(limiter.take("acme", 100, kStart).granted, 50U);
    EXPECT_EQ(limiter.take("globex", 100, kStart).granted, 10U);
    EXPECT_EQ(limiter.take("acme", 100, kStart + milliseconds{10}).granted, 10U);
}

TEST(RateLimiter, ABucketThatIsNotFullIsNeverForgotten) {
    RateLimiter limiter({1, 2}, 2);
    (void)limiter.take("a", 2, kStart);
    (void)limiter.take("b", 2, kStart);

    EXPECT_EQ(limiter.take("c", 1, kStart).granted, 0U) << "no room: the new tenant is refused";
    EXPECT_EQ(limiter.take("a", 1, kStart).granted, 0U) << "a did not come back full";
    EXPECT_EQ(limiter.take("c", 1, kStart + std::chrono::seconds(3)).granted, 1U) << "a and b are full and forgotten";
}

} // namespace
} // namespace dashstream::flow
