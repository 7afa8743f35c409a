// What admission asks the rate limiter, and what follows for the source.
#include "core/engine/admission.h"

#include <algorithm>

namespace dashstream::engine {

void Admission::groupByTenant(Pending& pending) {
    if (!m_limiter) {
        return;
    }
    pending.groupOf.assign(pending.batch.messages.size(), 0);
    std::unordered_map<std::string_view, std::uint32_t> known;
    for (std::size_t i = 0; i < pending.threads.size(); ++i) {
        if (pending.threads[i] == nullptr) {
            continue; // rejected for its shape
        }
        const std::string& named = wire::headerOf(*pending.batch.messages[i].message)->tenant_id();
        const std::string& tenant = named.empty() ? m_state.config.message.tenant : named;
        const auto [entry, fresh] = known.try_emplace(tenant, static_cast<std::uint32_t>(pending.groups.size()));
        if (fresh) {
            pending.groups.push_back({tenant, 0, 0, 0, {}});
        }
        pending.groupOf[i] = entry->second;
        ++pending.groups[entry->second].left;
    }
}

std::size_t Admission::askLimiter(Pending& pending, SteadyTime now) {
    if (!m_limiter) {
        return pending.batch.messages.size() - pending.next;
    }
    std::size_t allowed = 0;
    for (TenantGroup& group : pending.groups) {
        group.allowed = 0;
        if (group.left == 0) {
            continue;
        }
        group.decision = m_limiter->take(group.tenant, group.left, now);
        group.allowed = group.decision.granted;
        allowed += group.allowed;
        if (!group.decision.limited) {
            continue;
        }
        m_counts.allow(group.tenant, group.decision.granted);
        const std::uint64_t over = group.left - group.decision.granted;
        if (group.decision.rest == limit::Rest::Over && over > group.refused) {
            m_counts.exceed(group.tenant, over - group.refused);
            group.refused = over;
        }
    }
    return allowed;
}

void Admission::giveBackUnused(Pending& pending) {
    for (TenantGroup& group : pending.groups) {
        if (group.allowed > 0 && group.decision.limited) {
            m_limiter->giveBack(group.tenant, group.allowed);
            m_counts.takeBack(group.tenant, group.allowed);
        }
        group.allowed = 0;
    }
}

bool Admission::rejectedByLimit(Pending& pending, const TenantGroup& group, SteadyTime now) {
    const source::SourceMessage& message = pending.batch.messages[pending.next];
    if (pending.from->rejectWhenLimited && group.decision.rest == limit::Rest::Over) {
        source::SourceReject bad =
            rejectOf(*pending.from, message, source::RejectCause::RateLimited, overLimitText(group));
        bad.retryAfter = group.decision.retryAfter;
        reject(*pending.from, bad);
        return true;
    }
    if (pending.from->rejectWhenLimited && group.decision.rest == limit::Rest::Undecided) {
        reject(*pending.from, rejectOf(*pending.from, message, source::RejectCause::LimiterError,
                                       "the rate limiter cannot decide: " + m_limiter->status().lastError));
        return true;
    }
    pending.heldUntil = now + group.decision.retryAfter;
    pending.heldByLimit = true;
    pending.from->held = true;
    pending.from->heldBecause = heldText(group);
    return false;
}

std::string Admission::overLimitText(const TenantGroup& group) {
    const milliseconds after = group.decision.retryAfter;
    const std::string when = after < std::chrono::seconds(10)
                                 ? std::to_string(after.count()) + " ms"
                                 : std::to_string(std::chrono::ceil<std::chrono::seconds>(after).count()) + " s";
    return "over the rate limit of tenant " + group.tenant + ", which admits the next message in " + when;
}

std::string Admission::heldText(const TenantGroup& group) const {
    switch (group.decision.rest) {
    case limit::Rest::Over:
        return "waits: tenant " + group.tenant + " is at its rate limit";
    case limit::Rest::Undecided:
        return "waits: the rate limiter cannot decide";
    case limit::Rest::Asking:
    case limit::Rest::None:
        break;
    }
    return {};
}

bool Admission::stillHeld(const Pending& pending, SteadyTime now) const {
    return pending.heldUntil && now < *pending.heldUntil;
}

void Admission::countHeld() {
    m_heldBatches = static_cast<std::size_t>(
        std::count_if(m_queue.begin(), m_queue.end(), [](const auto& pending) { return pending->from->held; }));
}

limit::LimiterStatus Admission::limiterStatus() const {
    if (!m_limiter) {
        return {};
    }
    limit::LimiterStatus status = m_limiter->status();
    status.allowed = m_counts.allowed();
    status.exceeded = m_counts.exceeded();
    status.decisions = m_counts.decisions();
    return status;
}

} // namespace dashstream::engine
