#include "app/thread_check.h"

#include <gtest/gtest.h>

namespace dashstream::app {
namespace {

using Verdict = ThreadCheck::Verdict;

Verdict see(ThreadCheck& check, const char* thread, std::uint64_t number) {
    return check.see(thread, SequenceNo(number));
}

TEST(ThreadCheck, FirstNumberSeenIsTheBaseline) {
    ThreadCheck check;
    EXPECT_EQ(see(check, "a", 41), Verdict::Good);
    EXPECT_EQ(see(check, "a", 42), Verdict::Good);
    EXPECT_TRUE(check.total().clean());
}

TEST(ThreadCheck, JumpIsAGapAndCountsWhatIsMissing) {
    ThreadCheck check;
    see(check, "a", 1);
    EXPECT_EQ(see(check, "a", 5), Verdict::Gap);
    EXPECT_EQ(see(check, "a", 6), Verdict::Good);
    EXPECT_EQ(check.total().gaps, 1U);
    EXPECT_EQ(check.total().missing, 3U);
}

TEST(ThreadCheck, SameNumberAgainIsADuplicateAndASmallerOneAReorder) {
    ThreadCheck check;
    see(check, "a", 7);
    EXPECT_EQ(see(check, "a", 7), Verdict::Duplicate);
    EXPECT_EQ(see(check, "a", 6), Verdict::Reorder);
    EXPECT_EQ(see(check, "a", 8), Verdict::Good); // the highest is what counts
    EXPECT_EQ(check.total().duplicates, 1U);
    EXPECT_EQ(check.total().reorders, 1U);
}

TEST(ThreadCheck, ThreadsDoNotTouchEachOther) {
    ThreadCheck check;
    see(check, "a", 1);
    see(check, "b", 9);
    see(check, "a", 2);
    see(check, "b", 10);
    EXPECT_TRUE(check.total().clean());
    EXPECT_EQ(check.total().records, 4U);
    EXPECT_EQ(check.threads().size(), 2U);
}

} // namespace
} // namespace dashstream::app
