#include "core/flow/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace dashstream::flow {

RateLimiter::RateLimiter(RateLimit limit, std::size_t maxTenants) : m_limit(limit), m_maxTenants(maxTenants) {}

RateDecision RateLimiter::take(std::string_view tenant, std::uint64_t wanted, SteadyTime now) {
    Bucket* bucket = bucketOf(tenant, now);
    if (bucket == nullptr) {
        return {0, std::chrono::ceil<milliseconds>(std::chrono::duration<double>(1.0 / m_limit.perSecond))};
    }
    refill(*bucket, now);
    const auto granted = std::min(wanted, static_cast<std::uint64_t>(bucket->tokens));
    bucket->tokens -= static_cast<double>(granted);
    if (granted == wanted) {
        return {granted, milliseconds{0}};
    }
    const std::chrono::duration<double> untilOne((1.0 - bucket->tokens) / bucket->limit.perSecond);
    return {granted, std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(untilOne))};
}

RateLimiter::Bucket* RateLimiter::bucketOf(std::string_view tenant, SteadyTime now) {
    if (const auto found = m_buckets.find(tenant); found != m_buckets.end()) {
        return &found->second;
    }
    if (m_buckets.size() >= m_maxTenants) {
        forgetFullOnes(now);
        if (m_buckets.size() >= m_maxTenants) {
            return nullptr;
        }
    }
    const auto own = m_overrides.find(tenant);
    const RateLimit& limit = own == m_overrides.end() ? m_limit : own->second;
    return &m_buckets.emplace(std::string(tenant), Bucket{limit.burst, now, limit}).first->second;
}

void RateLimiter::refill(Bucket& bucket, SteadyTime now) {
    const std::chrono::duration<double> elapsed = std::max(now - bucket.refilledAt, SteadyTime::duration::zero());
    bucket.tokens = std::min(bucket.limit.burst, bucket.tokens + elapsed.count() * bucket.limit.perSecond);
    bucket.refilledAt = std::max(bucket.refilledAt, now);
}

void RateLimiter::forgetFullOnes(SteadyTime now) {
    for (auto entry = m_buckets.begin(); entry != m_buckets.end();) {
        refill(entry->second, now);
        entry = entry->second.tokens >= entry->second.limit.burst ? m_buckets.erase(entry) : std::next(entry);
    }
}

} // namespace dashstream::flow
