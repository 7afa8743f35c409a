// Thousands of seeded lives of an inquiry against a partition that lags, takes requests in late, loses and doubles
// them. DASHSTREAM_SEED=n repeats one life, DASHSTREAM_SEEDS=n runs so many.
#include "tests/core/engine/inquiry_life.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

namespace dashstream::engine::test {
namespace {

std::uint64_t numberFrom(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string described(const Judgement& judgement) {
    std::string text;
    for (const std::string& line : judgement.wrong) {
        text += "\n  " + line;
    }
    return text;
}

TEST(InquirySimulation, NothingIsLostAndOnlyAStalledBrokerRepeatsMoreThanTheBarrier) {
    const std::uint64_t first = numberFrom("DASHSTREAM_SEED", 1);
    const std::uint64_t lives = numberFrom("DASHSTREAM_SEEDS", std::getenv("DASHSTREAM_SEED") != nullptr ? 1 : 20'000);
    std::uint64_t messages = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t stalled = 0;
    std::uint64_t barriers = 0;
    std::uint64_t avoided = 0;
    std::uint64_t doubtful = 0;
    std::uint64_t passedOver = 0;
    for (std::uint64_t seed = first; seed < first + lives; ++seed) {
        const InquiryLife::End end = InquiryLife(seed, Mistake::None).live();
        ASSERT_TRUE(end.judgement.wrong.empty()) << "DASHSTREAM_SEED=" << seed << described(end.judgement);
        messages += end.messages;
        duplicates += end.judgement.duplicates;
        stalled += end.judgement.fromStalledBroker;
        barriers += static_cast<std::uint64_t>(end.counts.barriers);
        avoided += end.counts.duplicatesAvoided;
        doubtful += end.counts.doubt.empty() ? 0 : 1;
        passedOver += end.judgement.passedOver;
    }
    std::cout << lives << " lives, " << messages << " messages: " << avoided << " duplicates avoided, " << barriers
              << " sent alone, " << duplicates << " duplicates, " << stalled << " of them by a broker stalled beyond "
              << "the message sent alone; " << doubtful << " lives with doubt; " << passedOver
              << " messages missing before one of their thread that arrived\n";
    if (lives > 1'000) { // it tries what it is for
        EXPECT_GT(avoided, 0U);
        EXPECT_GT(barriers, 0U);
        EXPECT_GT(stalled, 0U);
        EXPECT_GT(doubtful, 0U);
        EXPECT_GT(passedOver, 0U);
    }
}

class PlantedMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(PlantedMistake, IsCaughtWithinAThousandSeeds) {
    std::uint64_t caught = 0;
    for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
        const InquiryLife::End end = InquiryLife(seed, GetParam()).live();
        if (!end.judgement.wrong.empty()) {
            if (++caught == 1) {
                std::cout << "caught by seed " << seed << ":" << described(end.judgement) << "\n";
            }
        }
    }
    std::cout << caught << " of 1000 lives show it\n";
    EXPECT_GT(caught, 0U);
}

INSTANTIATE_TEST_SUITE_P(Each, PlantedMistake,
                         ::testing::Values(Mistake::AbsentWithoutBarrier, Mistake::AbsentBeforeReadingUp,
                                           Mistake::ConcludesFromLater, Mistake::MatchById,
                                           Mistake::FailedBarrierIsAbsent, Mistake::SentAgainBackwards));

} // namespace
} // namespace dashstream::engine::test
