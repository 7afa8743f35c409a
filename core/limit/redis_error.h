// What Redis answers when it does not do what it was asked, in words for an operator. Pure; any thread.
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>

namespace dashstream::limit {

/// Of an error reply. Codes: "limiter.redis_password", "…_readonly", "…_memory", "…_loading", "…_cluster", "…_rights",
/// "…_refused"; "limiter.bucket" where one tenant's bucket alone is at fault. `server` as RedisUrl::server().
[[nodiscard]] Error errorOfReply(const std::string& server, std::string_view reply);
/// "limiter.redis_unreachable": nobody answers there, or the connection broke.
[[nodiscard]] Error unreachable(const std::string& server, std::string_view why);
/// "limiter.redis_slow": no answer in the time that rate.redis_timeout_ms gives.
[[nodiscard]] Error tooSlow(const std::string& server, long long timeoutMs);
/// "limiter.redis_nonsense": an answer that a Redis would not give.
[[nodiscard]] Error nonsense(const std::string& server, std::string_view what);

} // namespace dashstream::limit
