// Mutated lines of dead letters through the reader. The same inputs each time; DASHSTREAM_FUZZ_SEED and
// DASHSTREAM_FUZZ_ROUNDS try others.
#include "core/exchange/letter_line.h"
#include "tests/core/exchange/random_letter.h"
#include "tests/fuzz/exchange_targets.h"
#include "tests/fuzz/mutation.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <vector>

namespace dashstream::fuzz {
namespace {

TEST(ExchangeMutation, NothingThatReadsLinesOfDeadLettersFallsOver) {
    const std::uint64_t seed = fromEnvironment("DASHSTREAM_FUZZ_SEED", 20261130);
    const std::uint64_t rounds = fromEnvironment("DASHSTREAM_FUZZ_ROUNDS", 20'000);
    std::printf("seed %llu, %llu rounds\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(rounds));
    source::Random random(seed);
    std::vector<std::string> corpus;
    for (int index = 0; index < 60; ++index) {
        corpus.push_back(exchange::toLine(exchange::test::randomLetter(random)));
    }
    std::uint64_t right = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        SCOPED_TRACE(round);
        const std::string line = mutate(corpus[random.below(static_cast<std::uint32_t>(corpus.size()))], random);
        right += exchange::readLine(line) ? 1 : 0;
        tryLetterLine(line);
    }
    EXPECT_GT(right, 0U) << "or the mutations never get behind the first check";
    EXPECT_LT(right, rounds);
}

} // namespace
} // namespace dashstream::fuzz
