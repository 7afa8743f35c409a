// Token buckets, one a tenant, on a time that the caller gives. Takes what fits of a batch and says when more would.
// Bounded: a bucket that is full again is forgotten first; with every bucket in use and no room, a new tenant is
// refused (fails closed). Pure; one thread.
#pragma once

#include "core/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dashstream::flow {

struct RateLimit {
    double perSecond = 100; ///< tokens; above 0
    double burst = 1000;    ///< size of a bucket; at least 1
};

struct RateDecision {
    std::uint64_t granted = 0;
    milliseconds retryAfter{0}; ///< until one more would be granted; 0 when all were
};

class RateLimiter {
public:
    static constexpr std::size_t kMaxTenants = 10'000;

    explicit RateLimiter(RateLimit limit, std::size_t maxTenants = kMaxTenants);
    /// Another limit for one tenant; before its first take().
    void override(const std::string& tenant, RateLimit limit) { m_overrides.insert_or_assign(tenant, limit); }

    /// Takes up to `wanted` tokens of the tenant's bucket.
    [[nodiscard]] RateDecision take(std::string_view tenant, std::uint64_t wanted, SteadyTime now);
    [[nodiscard]] std::size_t tenants() const { return m_buckets.size(); }

private:
    struct Bucket {
        double tokens = 0;
        SteadyTime refilledAt{};
        RateLimit limit;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    Bucket* bucketOf(std::string_view tenant, SteadyTime now);
    static void refill(Bucket& bucket, SteadyTime now);
    void forgetFullOnes(SteadyTime now);

    RateLimit m_limit;
    std::size_t m_maxTenants;
    std::unordered_map<std::string, RateLimit, Hash, std::equal_to<>> m_overrides;
    std::unordered_map<std::string, Bucket, Hash, std::equal_to<>> m_buckets;
};

} // namespace dashstream::flow
