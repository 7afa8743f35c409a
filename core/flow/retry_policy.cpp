#include "core/flow/retry_policy.h"

#include <algorithm>

namespace dashstream::flow {

namespace {
constexpr double kJitterShare = 0.25;
constexpr int kMaxDoublings = 30; // beyond it every maximum is reached
} // namespace

RetryPolicy::RetryPolicy(RetryLimits limits) : m_limits(limits) {}

RetryDecision RetryPolicy::next(int attemptsMade, double random) const {
    if (attemptsMade >= m_limits.attempts) {
        return {false, milliseconds{0}};
    }
    return {true, delayAfter(attemptsMade, random)};
}

milliseconds RetryPolicy::delayAfter(int attemptsMade, double random) const {
    const int doublings = std::clamp(attemptsMade - 1, 0, kMaxDoublings);
    const double doubled = static_cast<double>(m_limits.base.count()) * static_cast<double>(1LL << doublings);
    const double capped = std::min(doubled, static_cast<double>(m_limits.max.count()));
    return milliseconds{static_cast<std::int64_t>(capped * (1.0 + kJitterShare * random))};
}

} // namespace dashstream::flow
