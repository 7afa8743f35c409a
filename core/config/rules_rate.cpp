#include "core/config/redis_url.h"
#include "core/config/rules.h"

namespace dashstream::config {

namespace {

constexpr std::string_view kUrl = "rate.redis_url";

void checkRedisUrl(const RateSettings& rate, FindingList& findings) {
    const auto url = parseRedisUrl(rate.redisUrl);
    if (!url) {
        findings.add(Rule::RedisUrl, kUrl, {url.error().rule, url.error().remedy});
    } else if (url->tls && !redisTlsSupported()) {
        findings.add(Rule::RedisUrl, kUrl,
                     {"asks for TLS (rediss://), which this program cannot do: it was built with a hiredis without TLS",
                      "Use a build with hiredis 1.0 or later (Debian 13 has it), or redis:// over a network that "
                      "nobody else reads"});
    } else if (!url->tls && !url->password.empty()) {
        findings.add(Rule::RedisPasswordInTheClear, kUrl);
    }
}

} // namespace

void checkRate(Config& config, FindingList& findings) {
    constexpr double kSharedLimit = 100; // what DashStream producers take that share a limit and are told none
    RateSettings& rate = config.rate;
    if (findings.hasError(kUrl)) {
        return;
    }
    if (rate.redisUrl.empty()) {
        if (rate.onError == LimiterErrorPolicy::Local) {
            findings.add(Rule::RateOnErrorIdle, "rate.on_error");
        }
        return;
    }
    checkRedisUrl(rate, findings);
    if (!rate.limitPerSecond && !findings.hasError("rate.limit_per_second")) {
        rate.limitPerSecond = kSharedLimit;
        findings.add(Rule::RateSharedDefault, "rate.limit_per_second");
    }
    if (rate.onError == LimiterErrorPolicy::Local) {
        findings.add(Rule::RateOnErrorLocal, "rate.on_error");
    }
}

} // namespace dashstream::config
