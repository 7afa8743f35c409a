// One question to the Redis of a shared limit, for whoever has no limiter running: does it answer as a limiter would
// have to be answered? Blocks at most as long as it is told; any thread that may.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/config.h"

#include <string>

namespace dashstream::limit {

/// Connects, gives the password, loads the script and asks; every step within rate.redis_timeout_ms, all within
/// `patience`. Takes no token. `settings.redisUrl` is set. Gives back the server as messages name it. Errors:
/// "config.invalid" (Usage) where the URL is none, those of redis_error.h.
[[nodiscard]] Result<std::string> lookAtRedis(const config::RateSettings& settings, const std::string& caLocation,
                                              milliseconds patience);

} // namespace dashstream::limit
