#include "core/flow/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace dashstream::flow {

namespace {
/// Far enough for any limit, near enough for a time point of nanoseconds.
constexpr double kLongestSeconds = 1e8;

SteadyTime::duration durationOf(double seconds) {
    return std::chrono::ceil<SteadyTime::duration>(std::chrono::duration<double>(std::min(seconds, kLongestSeconds)));
}
} // namespace

RateLimiter::RateLimiter(RateLimits limits, std::size_t maxTenants)
    : m_limits(std::move(limits)), m_maxTenants(maxTenants), m_index(maxTenants) {}

RateDecision RateLimiter::take(std::string_view tenant, std::uint64_t wanted, SteadyTime now) {
    Place place = find(tenant);
    if (place == TenantIndex::kNone) {
        const std::optional<RateLimit> limit = m_limits.of(tenant);
        if (!limit) {
            return {wanted, milliseconds{0}, false};
        }
        place = open(tenant, *limit, now);
        if (place == TenantIndex::kNone) {
            const auto soonest = m_filling.empty() ? now : m_filling.front().at;
            return {0, std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(soonest - now)), true};
        }
    }
    Bucket& bucket = m_buckets[place];
    refill(bucket, now);
    const auto granted = std::min(wanted, static_cast<std::uint64_t>(bucket.tokens));
    bucket.tokens -= static_cast<double>(granted);
    if (granted == wanted) {
        return {granted, milliseconds{0}, true};
    }
    const auto untilOne = durationOf((1.0 - bucket.tokens) / bucket.limit.perSecond);
    return {granted, std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(untilOne)), true};
}

void RateLimiter::giveBack(std::string_view tenant, std::uint64_t unused) {
    if (const Place place = find(tenant); place != TenantIndex::kNone) {
        Bucket& bucket = m_buckets[place];
        bucket.tokens = std::min(bucket.limit.burst, bucket.tokens + static_cast<double>(unused));
    }
}

RateLimiter::Place RateLimiter::find(std::string_view tenant) const {
    return m_index.find(TenantIndex::hashOf(tenant), [&](Place place) { return m_buckets[place].tenant == tenant; });
}

RateLimiter::Place RateLimiter::open(std::string_view tenant, RateLimit limit, SteadyTime now) {
    if (tenants() >= m_maxTenants && !makeRoom(now)) {
        return TenantIndex::kNone;
    }
    Place place = static_cast<Place>(m_buckets.size());
    if (m_free.empty()) {
        m_buckets.emplace_back();
    } else {
        place = m_free.back();
        m_free.pop_back();
    }
    m_buckets[place] = Bucket{std::string(tenant), limit.burst, now, limit};
    m_index.add(TenantIndex::hashOf(tenant), place);
    push(m_filling, {now, place});
    return place;
}

void RateLimiter::refill(Bucket& bucket, SteadyTime now) {
    if (now <= bucket.usedAt) {
        return; // a clock that goes back mints nothing
    }
    const std::chrono::duration<double> elapsed = now - bucket.usedAt;
    bucket.tokens = std::min(bucket.limit.burst, bucket.tokens + elapsed.count() * bucket.limit.perSecond);
    bucket.usedAt = now;
}

SteadyTime RateLimiter::fullAt(const Bucket& bucket) {
    return bucket.usedAt + durationOf((bucket.limit.burst - bucket.tokens) / bucket.limit.perSecond);
}

void RateLimiter::push(std::vector<Due>& heap, Due due) {
    heap.push_back(due);
    std::push_heap(heap.begin(), heap.end());
}

RateLimiter::Due RateLimiter::pop(std::vector<Due>& heap) {
    std::pop_heap(heap.begin(), heap.end());
    const Due due = heap.back();
    heap.pop_back();
    return due;
}

bool RateLimiter::makeRoom(SteadyTime now) {
    while (!m_filling.empty() && m_filling.front().at <= now) {
        const Due due = pop(m_filling);
        const Bucket& bucket = m_buckets[due.place];
        const SteadyTime full = fullAt(bucket);
        if (full <= now) {
            push(m_full, {bucket.usedAt, due.place});
        } else {
            push(m_filling, {full, due.place});
        }
    }
    while (!m_full.empty()) {
        const Due due = pop(m_full);
        Bucket& bucket = m_buckets[due.place];
        if (const SteadyTime full = fullAt(bucket); full > now) {
            push(m_filling, {full, due.place});
        } else if (bucket.usedAt != due.at) {
            push(m_full, {bucket.usedAt, due.place});
        } else {
            m_index.remove(TenantIndex::hashOf(bucket.tenant), due.place);
            bucket = {};
            m_free.push_back(due.place);
            return true;
        }
    }
    return false;
}

} // namespace dashstream::flow
