#include "core/limit/redis_error.h"

#include <algorithm>
#include <array>

namespace dashstream::limit {

namespace {

constexpr std::size_t kShown = 200;

/// Foreign text: bounded, one line, nothing but printable ASCII.
std::string harmless(std::string_view text) {
    std::string shown(text.substr(0, kShown));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return shown;
}

struct Known {
    std::string_view sign; ///< stands in the reply; a script's error has it after other words
    const char* code;
    const char* says;
    const char* remedy;
};

constexpr std::array kKnown{
    Known{"BADBUCKET", "limiter.bucket", "holds a bucket of a tenant that is damaged",
          "Look at the hash rate_limit:TENANT:bucket, and delete it: the tenant then begins with a full bucket"},
    Known{"WRONGTYPE", "limiter.bucket", "holds something else under the name of a tenant's bucket",
          "Look at the key rate_limit:TENANT:bucket; it must be a hash with tokens and last_refill"},
    Known{"NOAUTH", "limiter.redis_password", "wants a password",
          "Put it into rate.redis_url before the host: :password@, or user:password@"},
    Known{"WRONGPASS", "limiter.redis_password", "refuses the user or the password", "Correct them in rate.redis_url"},
    Known{"invalid password", "limiter.redis_password", "refuses the password", "Correct it in rate.redis_url"},
    Known{"no password is set", "limiter.redis_password", "has no password, but rate.redis_url gives one",
          "Remove it from rate.redis_url, or set one on the server"},
    Known{"without any password configured", "limiter.redis_password", "has no password, but rate.redis_url gives one",
          "Remove it from rate.redis_url, or set one on the server"},
    Known{"NOPERM", "limiter.redis_rights", "does not let this user do it",
          "Grant it +ping +select +script|load +evalsha +time +hmget +hset +expire ~rate_limit:* (ACL SETUSER)"},
    Known{"READONLY", "limiter.redis_readonly", "is a read-only replica", "Name the primary in rate.redis_url"},
    Known{"OOM", "limiter.redis_memory", "is out of memory and takes no writes",
          "Give it more memory (maxmemory) or let it evict (maxmemory-policy)"},
    Known{"MISCONF", "limiter.redis_refused", "takes no writes because it cannot save its data",
          "See the server's log; its disk may be full"},
    Known{"NOREPLICAS", "limiter.redis_refused", "takes no writes because too few replicas are connected",
          "See min-replicas-to-write on the server"},
    Known{"MASTERDOWN", "limiter.redis_readonly", "is a replica that has lost its primary",
          "Name the primary in rate.redis_url"},
    Known{"LOADING", "limiter.redis_loading", "is loading its data", "It answers when that is done"},
    Known{"BUSY", "limiter.redis_refused", "is busy with a script that does not end", "See SCRIPT KILL on the server"},
    Known{"MOVED", "limiter.redis_cluster", "is a node of a Redis Cluster that does not hold this tenant",
          "Name a Redis that is no cluster: buckets of a cluster lie on many nodes"},
    Known{"CLUSTERDOWN", "limiter.redis_cluster", "is a node of a Redis Cluster that is down",
          "Name a Redis that is no cluster"},
};

Error errorOf(const char* code, const std::string& server, const std::string& what, std::string remedy) {
    return {ErrorClass::Local, code, "Redis " + server + " " + what, std::move(remedy)};
}

} // namespace

Error errorOfReply(const std::string& server, std::string_view reply) {
    for (const Known& known : kKnown) {
        if (reply.find(known.sign) != std::string_view::npos) {
            return errorOf(known.code, server, std::string(known.says) + " (" + harmless(reply) + ")", known.remedy);
        }
    }
    return errorOf("limiter.redis_refused", server, "refuses: " + harmless(reply),
                   "See the server's log, and whether rate.redis_url names the right server");
}

Error unreachable(const std::string& server, std::string_view why) {
    return errorOf("limiter.redis_unreachable", server, "cannot be reached: " + harmless(why),
                   "Start it, or correct rate.redis_url");
}

Error tooSlow(const std::string& server, long long timeoutMs) {
    return errorOf("limiter.redis_slow", server, "did not answer within " + std::to_string(timeoutMs) + " ms",
                   "See what holds it up, or raise rate.redis_timeout_ms");
}

Error nonsense(const std::string& server, std::string_view what) {
    return errorOf("limiter.redis_nonsense", server, "answers what a Redis would not: " + harmless(what),
                   "Check that rate.redis_url names a Redis");
}

} // namespace dashstream::limit
