// rate.redis_url taken apart: redis://[[user]:password@]host[:port][/database], rediss:// for TLS. Pure; any thread.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace dashstream::config {

struct RedisUrl {
    bool tls = false;
    std::string host; ///< without brackets
    std::uint16_t port = 6379;
    std::string user;     ///< empty: Redis' default user
    std::string password; ///< empty: none is sent
    int database = 0;

    /// "host:port/0", an IPv6 address in brackets; without user and password.
    [[nodiscard]] std::string server() const;
};

struct RedisUrlProblem {
    std::string rule; ///< names nothing of what stands before the '@'
    std::string remedy;
};

/// User and password may be percent-encoded (RFC 3986).
[[nodiscard]] tl::expected<RedisUrl, RedisUrlProblem> parseRedisUrl(std::string_view text);

/// Whether rate.redis_url asks for TLS: then tls.ca_location is for Redis too.
[[nodiscard]] bool asksForTls(std::string_view redisUrl);
/// Whether this program was built with hiredis_ssl, which rediss:// needs.
[[nodiscard]] bool redisTlsSupported();

} // namespace dashstream::config
