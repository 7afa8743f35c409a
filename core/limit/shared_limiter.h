// Limits that several producers share: the budget is held by a server (Redis), and this process takes small leases of
// it, so that the server is not asked for each message: what is needed now and for the next 100 ms at most, at most
// once in 50 ms for a tenant. What a lease leaves unused goes back. When the server cannot decide, every lease is void
// and nothing passes until it can again, which is tried twice a second; unless rate.on_error = "local" was chosen, then
// this process limits by itself meanwhile. On the caller's clock; engine thread only.
#pragma once

#include "core/limit/budget_server.h"
#include "core/limit/limiter.h"
#include "core/limit/local_limiter.h"

#include <queue>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace dashstream::limit {

struct SharedSettings {
    flow::RateLimits limits{std::nullopt};
    std::string server;        ///< as shown
    milliseconds timeout{100}; ///< of one exchange
    bool localOnError = false;
};

class SharedLimiter final : public Limiter {
public:
    static constexpr milliseconds kLeaseFor{100};
    static constexpr milliseconds kAskEvery{50};
    static constexpr milliseconds kProbeEvery{500};
    static constexpr milliseconds kCheckIdleEvery{5'000};
    static constexpr std::size_t kMaxTenants = flow::RateLimiter::kMaxTenants; ///< with leases at the same time

    /// `server` is asked at once whether it is there.
    SharedLimiter(SharedSettings settings, const Clock& clock, std::unique_ptr<BudgetServer> server);

    [[nodiscard]] Decision take(std::string_view tenant, std::uint64_t wanted, SteadyTime now) override;
    void giveBack(std::string_view tenant, std::uint64_t unused) override;
    void step(SteadyTime now) override;
    [[nodiscard]] std::optional<SteadyTime> nextStep() const override;
    [[nodiscard]] std::uint64_t answers() const override { return m_answers; }
    void close(SteadyTime now) override;
    [[nodiscard]] LimiterStatus status() const override;

    /// What the server answered.
    void onReport(const BudgetReport& report, SteadyTime now);

private:
    struct Lease {
        flow::RateLimit limit;
        std::uint64_t tokens = 0;  ///< may be used until usableUntil
        std::uint64_t unused = 0;  ///< to be given back
        std::uint64_t used = 0;    ///< since usedSince
        std::uint64_t wanted = 0;  ///< of the request on its way
        std::uint64_t request = 0; ///< on its way; 0: none
        bool over = false;         ///< the last answer granted less than was wanted
        bool broken = false;       ///< the server cannot use this tenant's bucket
        SteadyTime askedAt{};
        SteadyTime usedSince{}; ///< the last request, then its answer
        SteadyTime nextAsk{};
        SteadyTime usableUntil{};
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Leases = std::unordered_map<std::string, Lease, Hash, std::equal_to<>>;
    struct Due {
        SteadyTime at{};
        std::string tenant;
        bool operator<(const Due& other) const { return at > other.at; }
    };

    Lease* leaseOf(std::string_view tenant, const flow::RateLimit& limit);
    static void expire(Lease& lease, SteadyTime now);
    [[nodiscard]] static std::uint64_t forecast(const Lease& lease, SteadyTime now);
    void ask(const std::string& tenant, Lease& lease, std::uint64_t want, SteadyTime now);
    std::uint64_t send(BudgetRequest request, SteadyTime now);
    void endLease(const std::string& tenant, SteadyTime now);
    void probe(SteadyTime now);
    void granted(const BudgetAnswer& answer, SteadyTime now);
    void tenantBroken(Lease& lease, const Error& error, SteadyTime now);
    void failed(const Error& error, SteadyTime now);
    void recovered();
    void remember(const Error& error);
    void count(const BudgetExchange& exchange);
    [[nodiscard]] Decision undecided(SteadyTime at, SteadyTime now) const;

    const SharedSettings m_settings;
    const Clock& m_clock;
    LimiterStatus m_status; ///< counters and the last error
    Leases m_leases;
    std::unordered_map<std::uint64_t, std::string> m_requests; ///< on their way → tenant; empty: a check
    std::priority_queue<Due> m_ends;                           ///< of leases; one entry for each
    std::unique_ptr<LocalLimiter> m_fallback;                  ///< while it limits by itself
    std::string m_lastTenant;                                  ///< whose budget was asked for last
    std::uint64_t m_lastId = 0;
    std::uint64_t m_answers = 0;
    SteadyTime m_heardAt{}; ///< last report, or first request after a silence
    SteadyTime m_nextProbe{};
    bool m_down = false; ///< the server cannot decide
    bool m_closed = false;
    std::unique_ptr<BudgetServer> m_server; ///< last: it reports until it is gone
};

} // namespace dashstream::limit
