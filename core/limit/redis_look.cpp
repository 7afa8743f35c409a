#include "core/limit/redis_look.h"

#include "core/limit/redis_client.h"
#include "core/limit/redis_error.h"

#include <algorithm>
#include <future>

namespace dashstream::limit {

Result<std::string> lookAtRedis(const config::RateSettings& settings, const std::string& caLocation,
                                milliseconds patience) {
    auto url = config::parseRedisUrl(settings.redisUrl);
    if (!url) {
        return fail(ErrorClass::Usage, "config.invalid", "rate.redis_url " + url.error().rule, url.error().remedy);
    }
    const std::string server = url->server();
    auto answered = std::make_shared<std::promise<Result<BudgetGrant>>>();
    std::future<Result<BudgetGrant>> answer = answered->get_future();
    RedisClient client({*url, caLocation, std::min(settings.redisTimeout, patience)}, [answered](BudgetReport report) {
        answered->set_value(std::move(report.answers.front().grant));
    });
    client.ask(BudgetRequest()); // a check
    if (answer.wait_for(patience) != std::future_status::ready) {
        client.abandon();
        return fail(tooSlow(server, patience.count()));
    }
    const Result<BudgetGrant> grant = answer.get();
    return grant ? Result<std::string>(server) : fail(grant.error());
}

} // namespace dashstream::limit
