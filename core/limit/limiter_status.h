// What a rate limiter shows of itself. Plain values, immutable once published; any thread.
#pragma once

#include "core/base/clock.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::limit {

enum class LimiterState : std::uint8_t {
    Off,        ///< no limit is set
    Local,      ///< this process limits by itself, as configured
    Connecting, ///< shared: no answer from Redis yet; nothing is admitted
    Shared,     ///< shared: Redis decides
    Refusing,   ///< shared: Redis cannot decide; nothing is admitted
    FallenBack, ///< shared: Redis cannot decide; this process limits by itself (rate.on_error = "local")
};
/// "off", "local", "connecting", "shared", "refusing", "fallen back".
[[nodiscard]] std::string_view toText(LimiterState state);

/// Decisions about one tenant's messages since start.
struct TenantDecisions {
    std::string label;          ///< as metrics show it (tenant_label.h); "overflow" stands for all past the limit
    std::uint64_t allowed = 0;  ///< messages that the limit let pass
    std::uint64_t exceeded = 0; ///< messages that it held or rejected; each once, however long it was held
};

/// Times in buckets with fixed upper bounds, as a Prometheus histogram wants them.
struct LatencyBuckets {
    static constexpr std::array<double, 12> kBoundsMs{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000};

    std::array<std::uint64_t, kBoundsMs.size() + 1> counts{}; ///< of each bucket alone; the last: above all bounds
    std::uint64_t count = 0;
    double sumMs = 0;

    void add(microseconds took) {
        const double ms = static_cast<double>(took.count()) / 1000.0;
        std::size_t bucket = 0;
        while (bucket < kBoundsMs.size() && ms > kBoundsMs[bucket]) {
            ++bucket;
        }
        ++counts[bucket];
        ++count;
        sumMs += ms;
    }
};

/// What one kind of exchange with Redis came to since start.
struct RedisOperation {
    std::string name;         ///< "connect", "take", "give_back", "ping"
    std::uint64_t errors = 0; ///< those that failed; each is counted in `latency` as well
    LatencyBuckets latency;
};

struct LimiterStatus {
    LimiterState state = LimiterState::Off;
    bool shared = false;                    ///< rate.redis_url is set
    bool localOnError = false;              ///< rate.on_error = "local"
    std::string server;                     ///< "host:port/0", without user and password; empty: not shared
    std::string lastError;                  ///< what happened last; stays after recovery; empty: nothing yet
    std::string lastRemedy;                 ///< what to do about it
    UtcTime lastErrorAt{};                  ///< of lastError
    std::uint64_t allowed = 0;              ///< messages, all tenants
    std::uint64_t exceeded = 0;             ///< messages, all tenants
    std::uint64_t roundTrips = 0;           ///< exchanges with Redis
    std::size_t tenants = 0;                ///< buckets or leases held now
    std::size_t brokenTenants = 0;          ///< of those, held because their bucket in Redis is damaged
    std::vector<TenantDecisions> decisions; ///< in the order of their first message; at most 1000 and "overflow"
    std::vector<RedisOperation> operations; ///< empty: not shared
};

} // namespace dashstream::limit
