#include "core/source/generator_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dashstream::source {
namespace {

// Moves a step each time it is asked, so that waiting passes without time passing.
class SteppingClock final : public Clock {
public:
    SteadyTime steadyNow() const override { return m_now += m_step; }
    UtcTime utcNow() const override { return UtcTime(microseconds(1'764'000'000'000'000)); }
    void move(milliseconds by) { m_now += by; }
    void stand() { m_step = milliseconds(0); }

private:
    mutable SteadyTime m_now{std::chrono::hours(1)};
    milliseconds m_step{10};
};

GeneratorSource makeSource(const std::string& parameters, const Clock& clock) {
    return {"generate:" + parameters, parseGeneratorSettings(parameters).value(), &clock};
}

TEST(GeneratorSource, EndsAfterItsCount) {
    auto opened = openSource("generate:count=25,threads=3");
    ASSERT_TRUE(opened);
    const CancelToken cancel;
    std::vector<std::uint64_t> positions;
    bool ended = false;
    for (int call = 0; call < 10 && !ended; ++call) {
        const auto batch = (*opened)->read(10, cancel);
        ASSERT_TRUE(batch);
        for (const SourceMessage& made : batch->messages) {
            positions.push_back(made.position);
        }
        ended = batch->ended;
    }
    EXPECT_TRUE(ended);
    ASSERT_EQ(positions.size(), 25U);
    EXPECT_EQ(positions.front(), 1U);
    EXPECT_EQ(positions.back(), 25U);
    EXPECT_EQ((*opened)->spec(), "generate:count=25,threads=3");
}

TEST(GeneratorSource, KeepsItsRate) {
    SteppingClock clock;
    clock.stand();
    GeneratorSource source = makeSource("rate=100", clock);
    const CancelToken cancel;
    ASSERT_EQ(source.read(1000, cancel)->messages.size(), 1U) << "the first one at once";

    std::size_t made = 0;
    for (int tick = 0; tick < 50; ++tick) {
        clock.move(milliseconds(100));
        made += source.read(1000, cancel)->messages.size();
    }

    EXPECT_NEAR(static_cast<double>(made), 500, 2);
}

TEST(GeneratorSource, WhoeverHeldItBackGetsNoBurst) {
    SteppingClock clock;
    clock.stand();
    GeneratorSource source = makeSource("rate=100", clock);
    const CancelToken cancel;
    (void)source.read(1000, cancel);

    clock.move(milliseconds(60'000));
    const auto batch = source.read(100'000, cancel);

    EXPECT_LE(batch->messages.size(), 101U) << "at most what one second owes";
    EXPECT_GE(batch->messages.size(), 100U);
}

TEST(GeneratorSource, SaysNothingRightNowWhenNothingIsDue) {
    SteppingClock clock;
    GeneratorSource source = makeSource("rate=0.001", clock);
    const CancelToken cancel;
    EXPECT_EQ(source.read(10, cancel)->messages.size(), 1U);

    const auto batch = source.read(10, cancel);

    EXPECT_TRUE(batch->messages.empty());
    EXPECT_FALSE(batch->ended);
}

TEST(GeneratorSource, ACancelledReadMakesNothing) {
    const SystemClock clock;
    GeneratorSource source = makeSource("count=1000000", clock);
    const CancelToken cancel;
    cancel.cancel();

    const auto batch = source.read(1'000'000, cancel);

    EXPECT_TRUE(batch->messages.empty());
    EXPECT_FALSE(batch->ended);
}

TEST(GeneratorSource, LargeTextsDoNotPileUpInOneBatch) {
    const SystemClock clock;
    GeneratorSource source = makeSource("bytes=1000000", clock);

    const auto batch = source.read(10'000, CancelToken());

    EXPECT_LE(batch->messages.size(), 8U);
    EXPECT_GE(batch->messages.size(), 1U);
}

} // namespace
} // namespace dashstream::source
