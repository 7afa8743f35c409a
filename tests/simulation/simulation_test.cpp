// Thousands of seeded lives of the engine on simulated disks and brokers, judged by the topic.
// DASHSTREAM_SEED=n repeats one life, DASHSTREAM_SEEDS=n runs so many.
#include "tests/simulation/life.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

namespace dashstream::simulation {
namespace {

std::uint64_t numberFrom(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string textOf(const Verdict& verdict) {
    std::string text;
    for (const std::string& line : verdict.wrong) {
        text += "\n  " + line;
    }
    return text;
}

struct Sum {
    void add(const Life& life, const Verdict& verdict) {
        const LifeCounts& counts = life.counts();
        steps += counts.steps;
        offered += counts.offered;
        accepted += counts.accepted;
        crashes += counts.crashes;
        closes += counts.closes;
        faults += counts.faults;
        dead += counts.dead;
        mayBeLost += counts.mayBeLost;
        records += verdict.records;
        duplicates += verdict.duplicates;
        inversions += verdict.inversions;
        for (const LifeEnd& end : life.story().lives) {
            inquiries += end.findingsOut;
        }
        ++worlds;
    }
    std::uint64_t steps = 0, offered = 0, accepted = 0, crashes = 0, closes = 0, faults = 0, dead = 0, mayBeLost = 0;
    std::uint64_t records = 0, duplicates = 0, inversions = 0, inquiries = 0, worlds = 0;
};

std::ostream& operator<<(std::ostream& out, const Sum& sum) {
    return out << sum.steps << " steps, " << sum.accepted << " of " << sum.offered << " messages accepted, "
               << sum.faults << " faults, " << sum.crashes << " crashes, " << sum.closes << " orderly ends; "
               << sum.inquiries << " findings-out; " << sum.records << " records, " << sum.duplicates << " duplicates, "
               << sum.inversions << " out of order, " << sum.dead << " dead, " << sum.mayBeLost
               << " in memory alone at a crash";
}

/// From DASHSTREAM_SEED on as many as DASHSTREAM_SEEDS says; stops at the first failure unless DASHSTREAM_GO_ON is set.
Sum runLives(std::uint64_t lives, Life::Kind kind) {
    const std::uint64_t first = numberFrom("DASHSTREAM_SEED", 1);
    lives = numberFrom("DASHSTREAM_SEEDS", std::getenv("DASHSTREAM_SEED") != nullptr ? 1 : lives);
    SimGround ground;
    Sum sum;
    for (std::uint64_t seed = first; seed < first + lives; ++seed) {
        Life life(ground, seed, kind);
        const Verdict verdict = life.live();
        sum.add(life, verdict);
        EXPECT_TRUE(verdict.wrong.empty()) << "DASHSTREAM_SEED=" << seed << " " << life.described() << textOf(verdict);
        if (::testing::Test::HasFailure() && std::getenv("DASHSTREAM_GO_ON") == nullptr) {
            break;
        }
    }
    std::cout << lives << " worlds: " << sum << "\n";
    return sum;
}

TEST(Simulation, TheInvariantsHoldWithTheJournal) {
    const Sum sum = runLives(2'000, Life::Kind::Journal);
    if (sum.worlds >= 500) { // it tries what it is for
        EXPECT_GT(sum.crashes, sum.worlds / 2);
        EXPECT_GT(sum.faults, sum.worlds);
        EXPECT_GT(sum.inquiries, sum.worlds / 2);
        EXPECT_GT(sum.duplicates, 0U);
        EXPECT_GT(sum.dead, 0U);
    }
}

/// What memory mode promises: order and numbers as ever, nothing lost that was waiting or dead.
TEST(Simulation, TheInvariantsHoldInMemoryMode) {
    const Sum sum = runLives(600, Life::Kind::Memory);
    EXPECT_GT(sum.accepted, 0U);
}

TEST(Simulation, TheInvariantsHoldWhileTheTopicGrows) {
    const Sum sum = runLives(1'600, Life::Kind::Growing);
    EXPECT_GT(sum.accepted, 0U);
}

TEST(Simulation, ASeedGivesTheSameLifeEachTime) {
    SimGround ground;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Life once(ground, seed);
        const Verdict first = once.live();
        Life again(ground, seed);
        const Verdict second = again.live();
        EXPECT_EQ(first.records, second.records) << "seed " << seed;
        EXPECT_EQ(once.counts().steps, again.counts().steps) << "seed " << seed;
        EXPECT_EQ(once.counts().accepted, again.counts().accepted) << "seed " << seed;
    }
}

class PlantedMistake : public ::testing::TestWithParam<Plant> {};

/// In a life that is as it must be without it.
TEST_P(PlantedMistake, IsCaughtWithinAThousandSeeds) {
    SimGround ground;
    for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
        const Verdict planted = Life(ground, seed, Life::Kind::Journal, GetParam()).live();
        if (!planted.wrong.empty() && Life(ground, seed).live().wrong.empty()) {
            std::cout << "caught by seed " << seed << ":" << textOf(planted) << "\n";
            return;
        }
    }
    ADD_FAILURE() << "no life shows it";
}

INSTANTIATE_TEST_SUITE_P(Each, PlantedMistake,
                         ::testing::Values(Plant::AcknowledgeBeforeCommit, Plant::ReuseNumbers, Plant::ResendUnchecked,
                                           Plant::ReorderOnRetry));

} // namespace
} // namespace dashstream::simulation
