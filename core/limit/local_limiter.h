// Limits of this process alone: the token buckets of core/flow. Engine thread only.
#pragma once

#include "core/limit/limiter.h"

namespace dashstream::limit {

class LocalLimiter final : public Limiter {
public:
    explicit LocalLimiter(flow::RateLimits limits) : m_buckets(std::move(limits)) {}

    [[nodiscard]] Decision take(std::string_view tenant, std::uint64_t wanted, SteadyTime now) override {
        const flow::RateDecision decision = m_buckets.take(tenant, wanted, now);
        return {decision.granted, decision.granted == wanted ? Rest::None : Rest::Over, decision.retryAfter,
                decision.limited};
    }
    void giveBack(std::string_view tenant, std::uint64_t unused) override { m_buckets.giveBack(tenant, unused); }
    [[nodiscard]] LimiterStatus status() const override {
        LimiterStatus status;
        status.state = LimiterState::Local;
        status.tenants = m_buckets.tenants();
        return status;
    }

private:
    flow::RateLimiter m_buckets;
};

} // namespace dashstream::limit
