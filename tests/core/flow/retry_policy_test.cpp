#include "core/flow/retry_policy.h"

#include <gtest/gtest.h>

namespace dashstream::flow {
namespace {

TEST(RetryPolicy, DelaysDoubleFromTheBaseUpToTheMaximum) {
    const RetryPolicy policy({20, milliseconds{100}, milliseconds{5'000}});
    EXPECT_EQ(policy.next(1, 0).delay, milliseconds{100});
    EXPECT_EQ(policy.next(2, 0).delay, milliseconds{200});
    EXPECT_EQ(policy.next(6, 0).delay, milliseconds{3'200});
    EXPECT_EQ(policy.next(7, 0).delay, milliseconds{5'000});
    EXPECT_EQ(policy.next(19, 0).delay, milliseconds{5'000});
}

TEST(RetryPolicy, JitterAddsUpToAQuarterAndNeverTakesAway) {
    const RetryPolicy policy({3, milliseconds{1'000}, milliseconds{5'000}});
    EXPECT_EQ(policy.next(1, 0.0).delay, milliseconds{1'000});
    EXPECT_EQ(policy.next(1, 0.5).delay, milliseconds{1'125});
    EXPECT_LE(policy.next(1, 0.999999).delay, milliseconds{1'250});
}

TEST(RetryPolicy, AttemptsCountTheFirstTry) {
    const RetryPolicy policy({3, milliseconds{100}, milliseconds{5'000}});
    EXPECT_TRUE(policy.next(2, 0).again);
    EXPECT_FALSE(policy.next(3, 0).again);
}

TEST(RetryPolicy, OneAttemptMeansNoRetry) {
    const RetryPolicy policy({1, milliseconds{100}, milliseconds{5'000}});
    EXPECT_FALSE(policy.next(1, 0).again);
}

TEST(RetryPolicy, ManyAttemptsDoNotOverflow) {
    const RetryPolicy policy({20, milliseconds{5'000}, milliseconds{60'000}});
    EXPECT_EQ(policy.delayAfter(1'000'000, 0), milliseconds{60'000});
}

} // namespace
} // namespace dashstream::flow
