#include "core/limit/limiter.h"
#include "core/limit/local_limiter.h"

namespace dashstream::limit {

namespace {
constexpr double kNoLimit = 1e12; ///< messages a second that nobody reaches
}

flow::RateLimits limitsOf(const config::RateSettings& settings) {
    std::optional<flow::RateLimit> common;
    if (settings.limitPerSecond) {
        common = flow::RateLimit{*settings.limitPerSecond, settings.burst};
    }
    flow::RateLimits limits(common);
    for (const auto& [tenant, own] : settings.overrides) {
        const double perSecond = own.limitPerSecond.value_or(common ? common->perSecond : kNoLimit);
        limits.set(tenant, {perSecond, own.burst.value_or(settings.burst)});
    }
    return limits;
}

Result<std::unique_ptr<Limiter>> makeLimiter(const config::RateSettings& settings, const std::string& /*caLocation*/,
                                             const Clock& /*clock*/, Post /*post*/) {
    if (!settings.limitPerSecond && settings.overrides.empty()) {
        return std::unique_ptr<Limiter>();
    }
    return std::unique_ptr<Limiter>(std::make_unique<LocalLimiter>(limitsOf(settings)));
}

} // namespace dashstream::limit
