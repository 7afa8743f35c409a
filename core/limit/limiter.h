// What admission asks before it accepts messages of a tenant: how many of these may pass now? One interface for limits
// of this process alone and for those shared through Redis. Never waits: an answer that is not known yet is said to be
// on its way. Owned by the engine and used on its thread alone.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/flow/rate_limiter.h"
#include "core/limit/limiter_status.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace dashstream::limit {

/// What holds for the messages that were not granted.
enum class Rest : std::uint8_t {
    None,      ///< all were granted
    Over,      ///< the tenant is over its limit
    Asking,    ///< not known yet; answers() rises when it is
    Undecided, ///< the limiter cannot decide: nothing may pass (fails closed)
};

struct Decision {
    std::uint64_t granted = 0; ///< the first so many of those asked for
    Rest rest = Rest::None;
    milliseconds retryAfter{0}; ///< when to ask again at the latest; above 0 unless all were granted
    bool limited = true;        ///< false: this tenant has no limit
};

class Limiter {
public:
    virtual ~Limiter() = default;

    /// Takes up to `wanted` messages off the tenant's budget.
    [[nodiscard]] virtual Decision take(std::string_view tenant, std::uint64_t wanted, SteadyTime now) = 0;
    /// Messages that were granted and not accepted.
    virtual void giveBack(std::string_view tenant, std::uint64_t unused) = 0;
    /// Whatever is due (leases that end, probes of a server that failed).
    virtual void step(SteadyTime /*now*/) {}
    /// When to call step() at the latest; nothing: no need.
    [[nodiscard]] virtual std::optional<SteadyTime> nextStep() const { return std::nullopt; }
    /// Rises whenever what was refused may be decided otherwise now.
    [[nodiscard]] virtual std::uint64_t answers() const { return 0; }
    /// Nothing more will be asked for: what is not used goes back to whoever shares the budget.
    virtual void close(SteadyTime /*now*/) {}
    /// Without the decisions by tenant, which admission counts.
    [[nodiscard]] virtual LimiterStatus status() const = 0;
};

/// Runs something on the engine's thread; false: the engine is gone.
using Post = std::function<bool(std::function<void()>)>;

/// Made from [rate] of the settings: null without a limit. A shared one does not wait for its server.
/// Errors: "config.invalid" (Usage) for a URL that is none.
[[nodiscard]] Result<std::unique_ptr<Limiter>>
makeLimiter(const config::RateSettings& settings, const std::string& caLocation, const Clock& clock, Post post);
/// The limits as the settings have them.
[[nodiscard]] flow::RateLimits limitsOf(const config::RateSettings& settings);

} // namespace dashstream::limit
