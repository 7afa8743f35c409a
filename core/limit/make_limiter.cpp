#include "core/config/redis_url.h"
#include "core/limit/limiter.h"
#include "core/limit/local_limiter.h"
#include "core/limit/redis_client.h"
#include "core/limit/shared_limiter.h"

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

Result<std::unique_ptr<Limiter>> makeLimiter(const config::RateSettings& settings, const std::string& caLocation,
                                             const Clock& clock, Post post) {
    if (settings.redisUrl.empty()) {
        if (!settings.limitPerSecond && settings.overrides.empty()) {
            return std::unique_ptr<Limiter>();
        }
        return std::unique_ptr<Limiter>(std::make_unique<LocalLimiter>(limitsOf(settings)));
    }
    auto url = config::parseRedisUrl(settings.redisUrl);
    if (!url) {
        return fail(ErrorClass::Usage, "config.invalid", "rate.redis_url " + url.error().rule, url.error().remedy);
    }
    SharedSettings shared;
    shared.limits = limitsOf(settings);
    shared.server = url->server();
    shared.timeout = settings.redisTimeout;
    shared.localOnError = settings.onError == config::LimiterErrorPolicy::Local;
    // The client is made first and reports to a limiter that does not exist yet: not before the engine's next turn.
    auto limiter = std::make_shared<SharedLimiter*>(nullptr);
    auto client = std::make_unique<RedisClient>(RedisSettings{*url, caLocation, settings.redisTimeout},
                                                [post = std::move(post), limiter, &clock](BudgetReport report) {
                                                    (void)post([limiter, &clock, report = std::move(report)] {
                                                        (*limiter)->onReport(report, clock.steadyNow());
                                                    });
                                                });
    auto made = std::make_unique<SharedLimiter>(std::move(shared), clock, std::move(client));
    *limiter = made.get();
    return std::unique_ptr<Limiter>(std::move(made));
}

} // namespace dashstream::limit
