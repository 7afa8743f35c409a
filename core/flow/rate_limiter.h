// Token buckets, one a tenant, on a time that the caller gives. Takes what fits of a batch and says when more would.
// Bounded: when all places are taken, the least recently used of the buckets that are full again leaves. A bucket that
// is not full never leaves (it would come back full); when none is full, a new tenant is refused (fails closed).
// take() of a tenant that has a bucket allocates nothing; the cost of making room is logarithmic. Pure; one thread.
#pragma once

#include "core/base/clock.h"
#include "core/flow/tenant_index.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dashstream::flow {

struct RateLimit {
    double perSecond = 100; ///< tokens; above 0
    double burst = 1000;    ///< size of a bucket; at least 1
};

struct RateDecision {
    std::uint64_t granted = 0;
    milliseconds retryAfter{0}; ///< until one more would be granted; 0 when all were
    bool limited = true;        ///< false: the tenant has no limit
};

/// The limit of each tenant: its own, else the common one.
class RateLimits {
public:
    /// Without a common limit, tenants without one of their own are not limited.
    explicit RateLimits(std::optional<RateLimit> common) : m_common(common) {}
    void set(const std::string& tenant, RateLimit own) { m_own.insert_or_assign(tenant, own); }
    [[nodiscard]] std::optional<RateLimit> of(std::string_view tenant) const {
        const auto found = m_own.find(tenant);
        return found == m_own.end() ? m_common : found->second;
    }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    std::optional<RateLimit> m_common;
    std::unordered_map<std::string, RateLimit, Hash, std::equal_to<>> m_own;
};

class RateLimiter {
public:
    static constexpr std::size_t kMaxTenants = 10'000;

    explicit RateLimiter(RateLimits limits, std::size_t maxTenants = kMaxTenants);

    /// Takes up to `wanted` tokens of the tenant's bucket.
    [[nodiscard]] RateDecision take(std::string_view tenant, std::uint64_t wanted, SteadyTime now);
    /// Puts back tokens that were granted and not used.
    void giveBack(std::string_view tenant, std::uint64_t unused);
    [[nodiscard]] bool holds(std::string_view tenant) const { return find(tenant) != TenantIndex::kNone; }
    [[nodiscard]] std::size_t tenants() const { return m_buckets.size() - m_free.size(); }

private:
    using Place = TenantIndex::Place;
    struct Bucket {
        std::string tenant;
        double tokens = 0;
        SteadyTime usedAt{}; ///< and refilled
        RateLimit limit;
    };
    /// In a heap, earliest first. The time may be too early, never too late: a bucket that was used since goes back in.
    struct Due {
        SteadyTime at{};
        Place place = 0;
        bool operator<(const Due& other) const { return at > other.at; }
    };

    [[nodiscard]] Place find(std::string_view tenant) const;
    [[nodiscard]] Place open(std::string_view tenant, RateLimit limit, SteadyTime now);
    static void refill(Bucket& bucket, SteadyTime now);
    [[nodiscard]] static SteadyTime fullAt(const Bucket& bucket);
    void push(std::vector<Due>& heap, Due due);
    Due pop(std::vector<Due>& heap);
    bool makeRoom(SteadyTime now);

    RateLimits m_limits;
    std::size_t m_maxTenants;
    TenantIndex m_index;
    std::vector<Bucket> m_buckets;
    std::vector<Place> m_free;
    std::vector<Due> m_filling; ///< by the time at which they are full again
    std::vector<Due> m_full;    ///< were found full; by their last use
};

} // namespace dashstream::flow
