#include "core/config/redis_url.h"

#include "core/config/server_address.h"
#include "core/config/text_tools.h"

#include <charconv>
#include <optional>

namespace dashstream::config {

namespace {

constexpr int kLastDatabase = 65'535;
// Not in one piece with a password in it: whoever prints it would take that for a secret.
constexpr std::string_view kForm =
    "Write it as redis://host[:port][/database], with [user]:password@ before the host where it wants one";

tl::unexpected<RedisUrlProblem> problem(std::string rule, std::string remedy = std::string(kForm)) {
    return tl::make_unexpected(RedisUrlProblem{std::move(rule), std::move(remedy)});
}

std::optional<std::string> percentDecoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        unsigned value = 0;
        const char* begin = text.data() + i + 1;
        const char* end = begin + 2;
        if (i + 2 >= text.size() || std::from_chars(begin, end, value, 16).ptr != end) {
            return std::nullopt;
        }
        plain += static_cast<char>(value);
        i += 2;
    }
    return plain;
}

/// What stands before the '@'. False: it is not percent-encoded as it should be.
bool takeUserInfo(RedisUrl& url, std::string_view info) {
    const std::size_t colon = info.find(':');
    const auto user = percentDecoded(info.substr(0, colon));
    const auto password = colon == std::string_view::npos ? std::optional<std::string>(std::string())
                                                          : percentDecoded(info.substr(colon + 1));
    if (!user || !password) {
        return false;
    }
    url.user = *user;
    url.password = *password;
    return true;
}

bool takeDatabase(RedisUrl& url, std::string_view text) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), url.database);
    return error == std::errc() && end == text.data() + text.size() && url.database >= 0 &&
           url.database <= kLastDatabase;
}

} // namespace

std::string RedisUrl::server() const {
    return ServerAddress{host, port}.text() + "/" + std::to_string(database);
}

tl::expected<RedisUrl, RedisUrlProblem> parseRedisUrl(std::string_view text) {
    text = trim(text);
    RedisUrl url;
    url.tls = text.starts_with("rediss://");
    if (!url.tls && !text.starts_with("redis://")) {
        return problem("must begin with redis:// or rediss://");
    }
    text.remove_prefix(url.tls ? 9 : 8);
    if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
        if (!takeUserInfo(url, text.substr(0, at))) {
            return problem("has a '%' before the '@' that begins no two hexadecimal digits",
                           "Write a '%' of the password as %25");
        }
        if (!url.user.empty() && url.password.empty()) {
            return problem("has a user and no password",
                           "Write user:password@ before the host, or :password@ without a user");
        }
        text.remove_prefix(at + 1);
    }
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos && slash + 1 < text.size() && !takeDatabase(url, text.substr(slash + 1))) {
        return problem("has no number of a database after the last '/'", "Write a number from 0, such as /0");
    }
    const auto address = parseServerAddress(text.substr(0, slash));
    if (!address) {
        return problem("names no server after redis:// (and after the '@', where there is one)");
    }
    url.host = address->host;
    url.port = address->port == 0 ? url.port : address->port;
    return url;
}

bool asksForTls(std::string_view redisUrl) {
    return trim(redisUrl).starts_with("rediss://");
}

bool redisTlsSupported() {
#ifdef DASHSTREAM_REDIS_TLS
    return true;
#else
    return false;
#endif
}

} // namespace dashstream::config
