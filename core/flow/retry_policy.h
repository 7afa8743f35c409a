// When a failed message is tried again, and when it is given up. Decides only; the caller waits. Pure; any thread.
#pragma once

#include "core/base/clock.h"

namespace dashstream::flow {

/// Ranges: attempts 1 … 20 (the first included), base ≤ max, both above 0 (resources/docs/configuration.md, retry.*).
struct RetryLimits {
    int attempts = 3;
    milliseconds base{100};
    milliseconds max{5'000};
};

struct RetryDecision {
    bool again = false;
    milliseconds delay{0};
};

class RetryPolicy {
public:
    explicit RetryPolicy(RetryLimits limits);

    /// After `attemptsMade` failed tries (from 1). Delay: min(max, base × 2ⁿ) with n = attemptsMade − 1, plus 0–25 %
    /// jitter by `random` in [0, 1).
    [[nodiscard]] RetryDecision next(int attemptsMade, double random) const;
    /// The delay alone, for waits that have no limit of attempts.
    [[nodiscard]] milliseconds delayAfter(int attemptsMade, double random) const;

private:
    RetryLimits m_limits;
};

} // namespace dashstream::flow
