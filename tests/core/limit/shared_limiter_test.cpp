#include "core/limit/shared_limiter.h"

#include <gtest/gtest.h>

namespace dashstream::limit {
namespace {

class HandClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steadyNow() const override { return now; }
    [[nodiscard]] UtcTime utcNow() const override { return UtcTime(microseconds{1}); }
    SteadyTime now{std::chrono::hours(1)};
};

/// Notes what is asked for; the test answers.
class FakeServer final : public BudgetServer {
public:
    explicit FakeServer(std::vector<BudgetRequest>& asked) : m_asked(asked) {}
    void ask(BudgetRequest request) override { m_asked.push_back(std::move(request)); }

private:
    std::vector<BudgetRequest>& m_asked;
};

class Shared : public ::testing::Test {
protected:
    Shared() { make(false); }

    void make(bool localOnError, flow::RateLimit limit = {100, 1000}) {
        asked.clear();
        SharedSettings settings;
        settings.limits = flow::RateLimits(limit);
        settings.server = "redis-1:6379/0";
        settings.localOnError = localOnError;
        limiter = std::make_unique<SharedLimiter>(settings, clock, std::make_unique<FakeServer>(asked));
        answer(grant(0)); // it is there
        asked.clear();
    }
    static BudgetGrant grant(std::uint64_t granted, double left = 500) { return {granted, left}; }
    /// To the request that was made last.
    void answer(Result<BudgetGrant> grant) {
        BudgetReport report;
        report.exchanges.push_back({"take", microseconds{300}, !grant.has_value()});
        report.answers.push_back({asked.back().id, std::move(grant)});
        limiter->onReport(report, clock.now);
    }
    void fail(const char* code = "limiter.redis_unreachable") {
        answer(dashstream::fail(ErrorClass::Local, code, "Redis redis-1:6379/0 is gone", "Start it"));
    }
    Decision take(std::uint64_t wanted, const std::string& tenant = "acme") {
        return limiter->take(tenant, wanted, clock.now);
    }
    void pass(milliseconds time) { clock.now += time; }

    HandClock clock;
    std::vector<BudgetRequest> asked;
    std::unique_ptr<SharedLimiter> limiter;
};

TEST_F(Shared, TheFirstMessagesWaitForTheAnswerAndThenPass) {
    const Decision first = take(64);
    EXPECT_EQ(first.granted, 0U);
    EXPECT_EQ(first.rest, Rest::Asking);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].tenant, "acme");
    EXPECT_EQ(asked[0].want, 64U);
    const std::uint64_t before = limiter->answers();

    answer(grant(64));

    EXPECT_GT(limiter->answers(), before);
    EXPECT_EQ(take(64).granted, 64U);
    EXPECT_EQ(asked.size(), 1U);
}

TEST_F(Shared, APartOfWhatWasWantedPassesAndTheRestIsOverTheLimit) {
    (void)take(64);
    answer(grant(10, 0.5));

    const Decision decision = take(64);

    EXPECT_EQ(decision.granted, 10U);
    EXPECT_EQ(decision.rest, Rest::Over);
    EXPECT_GT(decision.retryAfter, milliseconds{0});
    EXPECT_LE(decision.retryAfter, SharedLimiter::kAskEvery);
}

TEST_F(Shared, NothingIsAskedForBeforeOneTokenCanBeThere) {
    make(false, {2, 10});
    (void)take(5);
    answer(grant(0, 0.5)); // the next one in 250 ms
    EXPECT_EQ(take(5).retryAfter, milliseconds{250});
    pass(milliseconds{249});
    EXPECT_EQ(take(5).rest, Rest::Over);
    EXPECT_EQ(asked.size(), 1U);
    pass(milliseconds{1});
    EXPECT_EQ(take(5).rest, Rest::Asking);
    EXPECT_EQ(asked.size(), 2U);
}

TEST_F(Shared, AtSteadyLoadATenantIsAskedForAtMostOnceInFiftyMilliseconds) {
    make(false, {10'000, 20'000});
    std::uint64_t waiting = 0;
    std::vector<SteadyTime> times;
    for (int ms = 0; ms < 10'000; ++ms) { // 5 messages a millisecond, half of the limit
        const std::size_t before = asked.size();
        limiter->step(clock.now);
        waiting += 5;
        waiting -= take(waiting).granted;
        if (asked.size() > before) {
            times.insert(times.end(), asked.size() - before, clock.now);
            answer(grant(asked.back().want));
        }
        pass(milliseconds{1});
    }
    EXPECT_LE(waiting, 250U) << "the leases kept up with the load";
    for (std::size_t i = 1; i < times.size(); ++i) {
        ASSERT_GE(times[i] - times[i - 1], SharedLimiter::kAskEvery) << "request " << i;
    }
    EXPECT_LE(times.size(), 200U);
}

TEST_F(Shared, ALeaseTakesNoMoreThanTheNextHundredMillisecondsNeed) {
    make(false, {1'000, 100'000});
    for (int ms = 0; ms < 2'000; ++ms) {
        limiter->step(clock.now);
        const std::size_t before = asked.size();
        (void)take(1);
        if (asked.size() > before) {
            EXPECT_LE(asked.back().want, 101U);
            answer(grant(asked.back().want));
        }
        pass(milliseconds{1});
    }
}

TEST_F(Shared, LeasesGrowWithTheLoadHoweverLongTheAnswersTake) {
    make(false, {100'000, 100'000});
    std::uint64_t passed = 0;
    for (int round = 0; round < 20; ++round) { // each answer takes 150 ms
        (void)take(64);
        pass(milliseconds{150});
        answer(grant(asked.back().want));
        while (const std::uint64_t granted = take(64).granted) {
            passed += granted;
        }
    }
    EXPECT_GT(passed, 50'000U);
    EXPECT_LE(asked.back().want, 10'064U) << "what the limit lets through in 100 ms, and what waits";
}

TEST_F(Shared, WhatALeaseLeavesGoesBackWhenItEnds) {
    (void)take(64);
    answer(grant(64));
    EXPECT_EQ(take(1).granted, 1U);
    pass(milliseconds{40});
    limiter->step(clock.now);
    EXPECT_EQ(asked.size(), 1U);

    pass(milliseconds{61});
    limiter->step(clock.now);

    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[1].kind, BudgetRequest::Kind::GiveBack);
    EXPECT_EQ(asked[1].back, 63U);
    answer(grant(0));
    EXPECT_EQ(take(1).granted, 0U) << "it was given back: it is not used as well";
}

TEST_F(Shared, AnIdleTenantCostsNothing) {
    (void)take(1);
    answer(grant(1));
    (void)take(1);
    for (int i = 0; i < 100; ++i) {
        pass(milliseconds{20});
        limiter->step(clock.now);
    }
    EXPECT_EQ(asked.size(), 1U);
    EXPECT_EQ(limiter->status().tenants, 0U);
}

TEST_F(Shared, MessagesThatWereNotAcceptedLeaveTheirTokensToOthers) {
    (void)take(10);
    answer(grant(10));
    EXPECT_EQ(take(10).granted, 10U);
    limiter->giveBack("acme", 4);
    EXPECT_EQ(take(10).granted, 4U);
}

TEST_F(Shared, AnErrorVoidsEveryLeaseAndNothingPasses) {
    (void)take(64);
    answer(grant(64));
    (void)take(1, "globex");

    fail();

    EXPECT_EQ(take(1).granted, 0U) << "64 were leased; the lease is void";
    EXPECT_EQ(take(1).rest, Rest::Undecided);
    EXPECT_EQ(take(1, "globex").rest, Rest::Undecided);
    EXPECT_EQ(limiter->status().state, LimiterState::Refusing);
    EXPECT_EQ(limiter->status().lastError, "Redis redis-1:6379/0 is gone");
    EXPECT_EQ(limiter->status().operations[1].errors, 1U);
}

TEST_F(Shared, AnAnswerThatComesAfterTheErrorGrantsNothing) {
    (void)take(64);
    (void)take(1, "globex");
    const BudgetRequest late = asked[0];
    fail();

    BudgetReport report;
    report.answers.push_back({late.id, grant(64)});
    limiter->onReport(report, clock.now);

    EXPECT_EQ(take(64).granted, 0U);
    EXPECT_EQ(limiter->status().state, LimiterState::Refusing);
}

TEST_F(Shared, ItTriesAgainByItselfAndGoesOnWhenThatWorks) {
    (void)take(64);
    fail();
    (void)take(64);
    asked.clear();
    pass(milliseconds{499});
    limiter->step(clock.now);
    EXPECT_TRUE(asked.empty());
    pass(milliseconds{1});
    ASSERT_EQ(limiter->nextStep(), clock.now);
    limiter->step(clock.now);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].kind, BudgetRequest::Kind::Take) << "only a write shows that it takes writes";
    EXPECT_EQ(asked[0].tenant, "acme");
    EXPECT_EQ(take(64).rest, Rest::Undecided) << "not before it answered";

    answer(grant(1));

    EXPECT_EQ(limiter->status().state, LimiterState::Shared);
    EXPECT_EQ(take(1).granted, 1U);
}

TEST_F(Shared, ASilentServerIsAFailure) {
    (void)take(64);
    pass(milliseconds{1401}); // four times the timeout and a second
    limiter->step(clock.now);
    EXPECT_EQ(take(64).rest, Rest::Undecided);
}

TEST_F(Shared, WhereItWasChosenByNameThisProcessLimitsByItselfMeanwhile) {
    make(true, {100, 50});
    (void)take(64);
    fail();

    EXPECT_EQ(limiter->status().state, LimiterState::FallenBack);
    EXPECT_EQ(take(64).granted, 50U);
    EXPECT_EQ(take(64).rest, Rest::Over);

    pass(milliseconds{500});
    limiter->step(clock.now);
    answer(grant(1));
    EXPECT_EQ(limiter->status().state, LimiterState::Shared);
    EXPECT_EQ(take(64).granted, 1U) << "Redis decides again";
}

TEST_F(Shared, ADamagedBucketHoldsItsTenantAlone) {
    (void)take(1, "broken");
    fail("limiter.bucket");
    EXPECT_EQ(take(1, "broken").rest, Rest::Undecided);
    EXPECT_EQ(limiter->status().brokenTenants, 1U);
    EXPECT_EQ(limiter->status().state, LimiterState::Shared);

    (void)take(1, "acme");
    answer(grant(1));
    EXPECT_EQ(take(1, "acme").granted, 1U);

    pass(milliseconds{500});
    (void)take(1, "broken");
    answer(grant(1));
    EXPECT_EQ(take(1, "broken").granted, 1U);
    EXPECT_EQ(limiter->status().brokenTenants, 0U);
}

TEST_F(Shared, ClosingGivesBackWhatIsLeft) {
    (void)take(64);
    answer(grant(64));
    (void)take(10);

    limiter->close(clock.now);

    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[1].kind, BudgetRequest::Kind::GiveBack);
    EXPECT_EQ(asked[1].back, 54U);
}

TEST_F(Shared, AnIdleServerIsAskedWhetherItIsThere) {
    pass(SharedLimiter::kCheckIdleEvery);
    limiter->step(clock.now);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].kind, BudgetRequest::Kind::Check);
    fail();
    EXPECT_EQ(limiter->status().state, LimiterState::Refusing) << "known before the next message comes";
}

} // namespace
} // namespace dashstream::limit
