#include "core/flow/rate_limiter.h"

#include <gtest/gtest.h>

#include <random>

namespace dashstream::flow {
namespace {

const SteadyTime kStart{std::chrono::hours(1)};

TEST(RateLimiter, ABurstIsGrantedAtOnceAndNoMore) {
    RateLimiter limiter(RateLimits(RateLimit{100, 1000}));
    EXPECT_EQ(limiter.take("acme", 1500, kStart).granted, 1000U);
    EXPECT_EQ(limiter.take("acme", 1, kStart).granted, 0U);
}

TEST(RateLimiter, TheRefusalSaysWhenOneMoreWouldPass) {
    RateLimiter limiter(RateLimits(RateLimit{100, 10}));
    (void)limiter.take("acme", 10, kStart);

    const RateDecision refused = limiter.take("acme", 1, kStart);

    EXPECT_EQ(refused.granted, 0U);
    EXPECT_EQ(refused.retryAfter, milliseconds{10});
    EXPECT_EQ(limiter.take("acme", 1, kStart + refused.retryAfter).granted, 1U);
}

TEST(RateLimiter, TokensComeBackAtTheRateUpToTheBurst) {
    RateLimiter limiter(RateLimits(RateLimit{100, 50}));
    (void)limiter.take("acme", 50, kStart);
    EXPECT_EQ(limiter.take("acme", 1000, kStart + milliseconds{200}).granted, 20U);
    EXPECT_EQ(limiter.take("acme", 1000, kStart + std::chrono::hours(5)).granted, 50U);
}

TEST(RateLimiter, AClockThatGoesBackMintsNothing) {
    RateLimiter limiter(RateLimits(RateLimit{100, 10}));
    (void)limiter.take("acme", 10, kStart);
    EXPECT_EQ(limiter.take("acme", 10, kStart - std::chrono::hours(1)).granted, 0U);
    EXPECT_EQ(limiter.take("acme", 10, kStart).granted, 0U);
}

TEST(RateLimiter, TenantsDoNotShareABucket) {
    RateLimiter limiter(RateLimits(RateLimit{100, 10}));
    (void)limiter.take("acme", 10, kStart);
    EXPECT_EQ(limiter.take("globex", 10, kStart).granted, 10U);
}

TEST(RateLimiter, AnOverrideHoldsForItsTenantAlone) {
    RateLimits limits(RateLimit{100, 10});
    limits.set("acme", {1000, 50});
    RateLimiter limiter(limits);
    EXPECT_EQ(limiter.take("acme", 100, kStart).granted, 50U);
    EXPECT_EQ(limiter.take("globex", 100, kStart).granted, 10U);
    EXPECT_EQ(limiter.take("acme", 100, kStart + milliseconds{10}).granted, 10U);
}

TEST(RateLimiter, WithoutACommonLimitOnlyTenantsWithTheirOwnAreLimited) {
    RateLimits limits(std::nullopt);
    limits.set("acme", {1, 5});
    RateLimiter limiter(limits);
    EXPECT_EQ(limiter.take("acme", 100, kStart).granted, 5U);
    EXPECT_EQ(limiter.take("globex", 1'000'000, kStart).granted, 1'000'000U);
    EXPECT_EQ(limiter.tenants(), 1U) << "who is not limited needs no bucket";
}

TEST(RateLimiter, WhatWasNotUsedComesBackUpToTheBurst) {
    RateLimiter limiter(RateLimits(RateLimit{100, 10}));
    (void)limiter.take("acme", 10, kStart);
    limiter.giveBack("acme", 4);
    EXPECT_EQ(limiter.take("acme", 10, kStart).granted, 4U);
    limiter.giveBack("acme", 400);
    EXPECT_EQ(limiter.take("acme", 100, kStart).granted, 10U);
    limiter.giveBack("globex", 5); // nobody
    EXPECT_EQ(limiter.take("globex", 100, kStart).granted, 10U);
}

TEST(RateLimiter, ABucketThatIsNotFullIsNeverForgotten) {
    RateLimiter limiter(RateLimits(RateLimit{1, 2}), 2);
    (void)limiter.take("a", 2, kStart);
    (void)limiter.take("b", 2, kStart);

    EXPECT_EQ(limiter.take("c", 1, kStart).granted, 0U) << "no room: the new tenant is refused";
    EXPECT_EQ(limiter.take("a", 1, kStart).granted, 0U) << "a did not come back full";
    EXPECT_EQ(limiter.take("c", 1, kStart + std::chrono::seconds(3)).granted, 1U) << "a and b are full and forgotten";
}

TEST(RateLimiter, TheLeastRecentlyUsedOfTheFullOnesLeaves) {
    RateLimiter limiter(RateLimits(RateLimit{100, 10}), 3);
    (void)limiter.take("a", 1, kStart);
    (void)limiter.take("b", 1, kStart + milliseconds{1});
    (void)limiter.take("c", 1, kStart + milliseconds{2});
    (void)limiter.take("a", 1, kStart + milliseconds{3});

    (void)limiter.take("d", 1, kStart + std::chrono::seconds(1)); // all are full by then

    EXPECT_TRUE(limiter.holds("a"));
    EXPECT_FALSE(limiter.holds("b")) << "longest unused";
    EXPECT_TRUE(limiter.holds("c"));
}

TEST(RateLimiter, OneThatIsFullLeavesBeforeOneThatIsNotHoweverLongThatIsUnused) {
    RateLimiter limiter(RateLimits(RateLimit{1, 100}), 2);
    (void)limiter.take("drained", 100, kStart);
    (void)limiter.take("full", 1, kStart + std::chrono::seconds(10));

    (void)limiter.take("new", 1, kStart + std::chrono::seconds(20));

    EXPECT_TRUE(limiter.holds("drained"));
    EXPECT_FALSE(limiter.holds("full"));
    EXPECT_EQ(limiter.take("drained", 100, kStart + std::chrono::seconds(20)).granted, 20U);
}

TEST(RateLimiter, ARefusedNewTenantIsToldWhenAPlaceMayBeFree) {
    RateLimiter limiter(RateLimits(RateLimit{10, 10}), 1);
    (void)limiter.take("a", 5, kStart);
    (void)limiter.take("b", 1, kStart); // finds out when a is full

    const RateDecision refused = limiter.take("b", 1, kStart + milliseconds{100});

    EXPECT_EQ(refused.granted, 0U);
    EXPECT_EQ(limiter.take("b", 1, kStart + milliseconds{100} + refused.retryAfter).granted, 1U);
}

/// A plain model: every bucket is kept for ever. Whatever leaves and comes back, the answers must be the same, except
/// that a new tenant may be refused.
TEST(RateLimiter, ForgettingNeverGrantsMoreThanRememberingAll) {
    constexpr std::size_t kPlaces = 16;
    RateLimiter limiter(RateLimits(RateLimit{50, 20}), kPlaces);
    RateLimiter all(RateLimits(RateLimit{50, 20}), 100'000);
    std::mt19937 random(7); // NOLINT(cert-msc51-cpp): the same every time
    SteadyTime now = kStart;
    std::size_t refusedForRoom = 0;
    for (int turn = 0; turn < 200'000; ++turn) {
        now += std::chrono::microseconds(random() % 20'000);
        const std::string tenant = "t" + std::to_string(random() % 64);
        const std::uint64_t wanted = 1 + random() % 20;
        if (!limiter.holds(tenant) && limiter.take(tenant, 0, now).retryAfter > milliseconds{0}) {
            ++refusedForRoom;
            continue;
        }
        ASSERT_EQ(limiter.take(tenant, wanted, now).granted, all.take(tenant, wanted, now).granted) << "turn " << turn;
        ASSERT_LE(limiter.tenants(), kPlaces);
    }
    EXPECT_GT(refusedForRoom, 0U) << "the places were never all taken: nothing was shown";
}

} // namespace
} // namespace dashstream::flow
