// What a rate limit does to sources; the limiter itself is tested in tests/core/flow and tests/core/limit.
#include "tests/core/engine/engine_rig.h"

namespace dashstream::engine::test {
namespace {

std::string lines(const std::string& tenant, int count, std::size_t bytes = 10) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += R"({"event":{"header":{"thread_id":"t-)" + tenant + std::to_string(i % 3) + R"(","tenant_id":")" +
                tenant + R"("},"node_id":")" + std::string(bytes, 'x') + "\"}}\n";
    }
    return text;
}

const SourceView* sourceOf(const Snapshot& shown, SourceId id) {
    for (const SourceView& source : shown.sources) {
        if (source.id == id) {
            return &source;
        }
    }
    return nullptr;
}

TEST(EngineLimit, ATenantAtItsLimitHoldsItsSourceAndNoOther) {
    EngineRig rig;
    rig.config.rate.overrides["slow"] = {0.001, 5};
    rig.start();

    const SourceId slow = rig.source("jsonl:" + rig.file("slow.jsonl", lines("slow", 20)));
    ASSERT_TRUE(rig.waitUntilSettled(5));
    const SourceId other = rig.source("jsonl:" + rig.file("other.jsonl", lines("other", 3000)));
    ASSERT_TRUE(rig.waitUntilSettled(3005));

    const auto shown = rig.waitFor([&](const Snapshot& snapshot) {
        const SourceView* ended = sourceOf(snapshot, other);
        return ended != nullptr && ended->state == SourceState::Ended;
    });
    ASSERT_TRUE(shown);
    const SourceView* held = sourceOf(*shown, slow);
    ASSERT_NE(held, nullptr);
    EXPECT_EQ(held->accepted, 5U);
    EXPECT_EQ(held->stateText, "waits: tenant slow is at its rate limit");
    const Accounting books = rig.stop();
    EXPECT_EQ(books.accepted, 3005U);
    EXPECT_EQ(books.rejected.stopped, 15U) << "read and not accepted";
    EXPECT_TRUE(books.balanced());
}

TEST(EngineLimit, AskedToRejectItCountsEachMessageOverTheLimitOnce) {
    EngineRig rig;
    rig.config.rate.limitPerSecond = 0.001;
    rig.config.rate.burst = 100;
    rig.start();

    SourceOptions options;
    options.rejectWhenLimited = true;
    rig.source("jsonl:" + rig.file("in.jsonl", lines("acme", 700) + lines("globex", 700)), std::move(options));
    const auto shown = rig.waitFor([](const Snapshot& snapshot) {
        return snapshot.accounting.delivered == 200 && snapshot.accounting.rejected.rateLimited == 1200;
    });

    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->limiter.state, limit::LimiterState::Local);
    EXPECT_EQ(shown->limiter.allowed, 200U);
    EXPECT_EQ(shown->limiter.exceeded, 1200U);
    ASSERT_EQ(shown->limiter.decisions.size(), 2U);
    EXPECT_EQ(shown->limiter.decisions[0].label, "acme");
    EXPECT_EQ(shown->limiter.decisions[0].allowed, 100U);
    EXPECT_EQ(shown->limiter.decisions[0].exceeded, 600U);
    expectGapless(rig.readTopic(200));
}

TEST(EngineLimit, AMessageHeldForLongCountsAsOverTheLimitOnce) {
    EngineRig rig;
    rig.config.rate.limitPerSecond = 200;
    rig.config.rate.burst = 10;
    rig.start();

    rig.source("jsonl:" + rig.file("in.jsonl", lines("acme", 60)));
    ASSERT_TRUE(rig.waitUntilSettled(60));

    const auto shown = rig.waitFor([](const Snapshot& snapshot) { return snapshot.limiter.allowed == 60; });
    ASSERT_TRUE(shown);
    EXPECT_GT(shown->limiter.exceeded, 0U);
    EXPECT_LE(shown->limiter.exceeded, 50U);
}

TEST(EngineLimit, AMessageThatIsTooLargeUsesNothingOfTheBudget) {
    EngineRig rig;
    rig.config.rate.limitPerSecond = 0.001;
    rig.config.rate.burst = 10;
    rig.config.message.maxBytes = 2000;
    rig.start();

    rig.source("jsonl:" + rig.file("in.jsonl", lines("acme", 10, 5000) + lines("acme", 10)));
    const auto shown = rig.waitUntilSettled(10);

    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->accounting.rejected.tooLarge, 10U);
    EXPECT_EQ(shown->limiter.allowed, 10U);
}

} // namespace
} // namespace dashstream::engine::test
