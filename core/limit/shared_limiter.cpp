#include "core/limit/shared_limiter.h"

#include <algorithm>
#include <cmath>

namespace dashstream::limit {

namespace {
constexpr std::uint64_t kSteadyFrom = 2; ///< uses of a lease from which on the next one foresees more
constexpr milliseconds kNoPlace{10};
constexpr double kLongestSeconds = 1e8;

milliseconds until(SteadyTime at, SteadyTime now) {
    return std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(at - now));
}

SteadyTime::duration durationOf(double seconds) {
    return std::chrono::ceil<SteadyTime::duration>(std::chrono::duration<double>(std::min(seconds, kLongestSeconds)));
}

double secondsOf(SteadyTime::duration duration) {
    return std::chrono::duration<double>(duration).count();
}
} // namespace

SharedLimiter::SharedLimiter(SharedSettings settings, const Clock& clock, std::unique_ptr<BudgetServer> server)
    : m_settings(std::move(settings)), m_clock(clock), m_server(std::move(server)) {
    m_status.state = LimiterState::Connecting;
    m_status.shared = true;
    m_status.localOnError = m_settings.localOnError;
    m_status.server = m_settings.server;
    for (const char* name : {"connect", "take", "give_back", "check"}) {
        m_status.operations.push_back({name, 0, {}});
    }
    send({}, clock.steadyNow());
}

Decision SharedLimiter::take(std::string_view tenant, std::uint64_t wanted, SteadyTime now) {
    const std::optional<flow::RateLimit> limit = m_settings.limits.of(tenant);
    if (!limit) {
        return {wanted, Rest::None, milliseconds{0}, false};
    }
    if (m_fallback) {
        return m_fallback->take(tenant, wanted, now);
    }
    if (m_down) {
        m_lastTenant = tenant;
        return undecided(m_nextProbe, now);
    }
    Lease* lease = leaseOf(tenant, *limit);
    if (lease == nullptr) {
        return {0, Rest::Asking, kNoPlace, true};
    }
    expire(*lease, now);
    Decision decision;
    decision.granted = std::min(wanted, lease->tokens);
    lease->tokens -= decision.granted;
    lease->used += decision.granted;
    const std::uint64_t missing = wanted - decision.granted;
    const bool low = lease->tokens * 4 < lease->used && lease->used >= kSteadyFrom;
    if ((missing > 0 || low) && lease->request == 0 && now >= lease->nextAsk) {
        ask(std::string(tenant), *lease, missing + forecast(*lease, now), now);
    }
    if (missing == 0) {
        return decision;
    }
    if (lease->broken && lease->request == 0) {
        return undecided(lease->nextAsk, now);
    }
    decision.rest = lease->over && lease->request == 0 ? Rest::Over : Rest::Asking;
    decision.retryAfter = lease->request == 0 ? until(lease->nextAsk, now) : kProbeEvery;
    return decision;
}

Decision SharedLimiter::undecided(SteadyTime at, SteadyTime now) const {
    return {0, Rest::Undecided, until(at, now), true};
}

void SharedLimiter::giveBack(std::string_view tenant, std::uint64_t unused) {
    if (m_fallback) {
        m_fallback->giveBack(tenant, unused);
    } else if (const auto found = m_leases.find(tenant); found != m_leases.end()) {
        Lease& lease = found->second; // usable until its end, which gives back what is left
        lease.tokens += unused;
        lease.used -= std::min(lease.used, unused);
    }
}

SharedLimiter::Lease* SharedLimiter::leaseOf(std::string_view tenant, const flow::RateLimit& limit) {
    if (const auto found = m_leases.find(tenant); found != m_leases.end()) {
        return &found->second;
    }
    if (m_leases.size() >= kMaxTenants) {
        return nullptr; // they end within a lease's time
    }
    Lease& fresh = m_leases.emplace(tenant, Lease{}).first->second;
    fresh.limit = limit;
    return &fresh;
}

void SharedLimiter::expire(Lease& lease, SteadyTime now) {
    if (now >= lease.usableUntil) {
        lease.unused += lease.tokens;
        lease.tokens = 0;
    }
}

/// What 100 ms more would use at the pace since the last answer, at most what the limit lets through in that time. The
/// time that the answer took says nothing about the pace.
std::uint64_t SharedLimiter::forecast(const Lease& lease, SteadyTime now) {
    if (lease.used < kSteadyFrom) {
        return 0;
    }
    const double passed = std::max(secondsOf(now - lease.usedSince), secondsOf(kAskEvery));
    const double pace = std::min(static_cast<double>(lease.used) / passed, lease.limit.perSecond);
    const auto needed = static_cast<std::uint64_t>(pace * secondsOf(kLeaseFor));
    return needed - std::min(needed, lease.tokens);
}

void SharedLimiter::ask(const std::string& tenant, Lease& lease, std::uint64_t want, SteadyTime now) {
    const auto most = static_cast<std::uint64_t>(lease.limit.burst);
    BudgetRequest request;
    request.kind = want > 0 ? BudgetRequest::Kind::Take : BudgetRequest::Kind::GiveBack;
    request.tenant = tenant;
    request.limit = lease.limit;
    request.want = std::min(want, most);
    request.back = std::min(lease.unused, most);
    if (lease.request == 0 && lease.askedAt == SteadyTime{}) {
        m_ends.push({now + kLeaseFor, tenant});
    }
    lease.wanted = request.want;
    lease.unused = 0;
    lease.used = 0;
    lease.usedSince = now;
    lease.askedAt = now;
    lease.nextAsk = now + kAskEvery;
    m_lastTenant = tenant;
    lease.request = send(std::move(request), now);
}

std::uint64_t SharedLimiter::send(BudgetRequest request, SteadyTime now) {
    request.id = ++m_lastId;
    if (m_requests.empty()) {
        m_heardAt = now;
    }
    m_requests.emplace(request.id, request.tenant);
    m_server->ask(std::move(request));
    return m_lastId;
}

void SharedLimiter::step(SteadyTime now) {
    if (!m_requests.empty() && now > m_heardAt + 4 * m_settings.timeout + std::chrono::seconds(1)) {
        failed({ErrorClass::Local, "limiter.redis_silent",
                "Nothing is heard of Redis " + m_settings.server + ": neither an answer nor an error",
                "Check that the name in rate.redis_url can be looked up"},
               now);
    }
    while (!m_ends.empty() && m_ends.top().at <= now) {
        const std::string tenant = m_ends.top().tenant;
        m_ends.pop();
        endLease(tenant, now);
    }
    const SteadyTime idleUntil = m_heardAt + kCheckIdleEvery;
    if (m_requests.empty() && !m_closed && now >= (m_down ? m_nextProbe : idleUntil)) {
        probe(now);
    }
}

void SharedLimiter::endLease(const std::string& tenant, SteadyTime now) {
    const auto found = m_leases.find(tenant);
    if (found == m_leases.end()) {
        return;
    }
    Lease& lease = found->second;
    expire(lease, now);
    if (lease.request == 0 && lease.unused > 0 && now >= lease.askedAt + kAskEvery) {
        ask(tenant, lease, now >= lease.nextAsk ? forecast(lease, now) : 0,
            now); // a tenant in use is asked for anew
    }
    if (lease.request == 0 && lease.tokens == 0 && lease.unused == 0 && now >= lease.nextAsk) {
        m_leases.erase(found);
        return;
    }
    m_ends.push({std::max({lease.usableUntil, lease.nextAsk, now + milliseconds{10}}), tenant});
}

/// Asks for one message of the tenant that was asked for last: only a write shows that the server takes writes.
void SharedLimiter::probe(SteadyTime now) {
    const auto limit = m_settings.limits.of(m_lastTenant);
    m_nextProbe = now + kProbeEvery;
    if (!m_down || m_lastTenant.empty() || !limit) {
        send({}, now);
        return;
    }
    if (Lease* lease = leaseOf(m_lastTenant, *limit)) {
        ask(m_lastTenant, *lease, 1, now);
    }
}

std::optional<SteadyTime> SharedLimiter::nextStep() const {
    std::optional<SteadyTime> next;
    if (!m_ends.empty()) {
        next = m_ends.top().at;
    }
    if (m_requests.empty() && m_down && !m_closed) {
        next = next ? std::min(*next, m_nextProbe) : m_nextProbe;
    }
    return next;
}

void SharedLimiter::onReport(const BudgetReport& report, SteadyTime now) {
    m_heardAt = now;
    for (const BudgetExchange& exchange : report.exchanges) {
        count(exchange);
    }
    for (const BudgetAnswer& answer : report.answers) {
        if (m_requests.contains(answer.id)) { // else it was given up: a lease is void after an error
            granted(answer, now);
        }
    }
    ++m_answers;
}

void SharedLimiter::granted(const BudgetAnswer& answer, SteadyTime now) {
    const auto request = m_requests.extract(answer.id);
    const auto found = m_leases.find(request.mapped());
    const bool ofTenant = !answer.grant && answer.grant.error().code == "limiter.bucket";
    if (!answer.grant && !ofTenant) {
        failed(answer.grant.error(), now);
        return;
    }
    recovered();
    if (found == m_leases.end()) {
        return;
    }
    Lease& lease = found->second;
    lease.request = 0;
    if (ofTenant) {
        tenantBroken(lease, answer.grant.error(), now);
        return;
    }
    lease.broken = false;
    if (lease.wanted == 0) {
        return; // given back
    }
    lease.tokens += answer.grant->granted;
    lease.used = 0;
    lease.usedSince = now;
    lease.usableUntil = now + kLeaseFor;
    lease.over = answer.grant->granted < lease.wanted;
    if (lease.over && answer.grant->left < 1) {
        const SteadyTime one = now + durationOf((1 - answer.grant->left) / lease.limit.perSecond);
        lease.nextAsk = std::max(lease.nextAsk, one);
    }
    if (m_closed) {
        close(now);
    }
}

void SharedLimiter::tenantBroken(Lease& lease, const Error& error, SteadyTime now) {
    lease.broken = true;
    lease.nextAsk = now + kProbeEvery;
    remember(error);
}

void SharedLimiter::failed(const Error& error, SteadyTime now) {
    remember(error);
    m_requests.clear();
    m_leases.clear();
    m_ends = {};
    m_nextProbe = now + kProbeEvery;
    if (!m_down && m_settings.localOnError) {
        m_fallback = std::make_unique<LocalLimiter>(m_settings.limits);
    }
    m_down = true;
    m_status.state = m_settings.localOnError ? LimiterState::FallenBack : LimiterState::Refusing;
    ++m_answers;
}

void SharedLimiter::recovered() {
    m_down = false;
    m_fallback.reset();
    m_status.state = LimiterState::Shared;
}

void SharedLimiter::remember(const Error& error) {
    m_status.lastError = error.message;
    m_status.lastRemedy = error.remedy;
    m_status.lastErrorAt = m_clock.utcNow();
}

void SharedLimiter::count(const BudgetExchange& exchange) {
    for (RedisOperation& operation : m_status.operations) {
        if (operation.name == exchange.operation) {
            operation.latency.add(exchange.took);
            operation.errors += exchange.failed ? 1 : 0;
        }
    }
    ++m_status.roundTrips;
}

void SharedLimiter::close(SteadyTime now) {
    m_closed = true;
    if (m_down) {
        return;
    }
    for (auto& [tenant, lease] : m_leases) {
        lease.unused += lease.tokens;
        lease.tokens = 0;
        if (lease.request == 0 && lease.unused > 0) {
            ask(tenant, lease, 0, now);
        }
    }
}

LimiterStatus SharedLimiter::status() const {
    LimiterStatus status = m_status;
    status.tenants = m_leases.size();
    status.brokenTenants = static_cast<std::size_t>(
        std::count_if(m_leases.begin(), m_leases.end(), [](const auto& entry) { return entry.second.broken; }));
    return status;
}

} // namespace dashstream::limit
