#include "core/limit/redis_connection.h"

#include "core/limit/redis_error.h"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <system_error>

#ifdef DASHSTREAM_REDIS_TLS
#include <hiredis/hiredis_ssl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#endif

namespace dashstream::limit {

namespace {

using std::chrono::steady_clock;

timeval timevalOf(milliseconds time) {
    constexpr long kMilli = 1000;
    return {static_cast<time_t>(time.count() / kMilli), static_cast<suseconds_t>(time.count() % kMilli * kMilli)};
}

RedisReply replyOf(const redisReply& from) {
    RedisReply reply;
    switch (from.type) {
    case REDIS_REPLY_INTEGER:
        reply.type = RedisReply::Type::Integer;
        reply.integer = from.integer;
        break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
        reply.type = RedisReply::Type::Text;
        reply.text.assign(from.str, static_cast<std::size_t>(from.len));
        break;
    case REDIS_REPLY_ERROR:
        reply.type = RedisReply::Type::Error;
        reply.text.assign(from.str, static_cast<std::size_t>(from.len));
        break;
    case REDIS_REPLY_ARRAY:
        reply.type = RedisReply::Type::Array;
        for (std::size_t i = 0; i < from.elements; ++i) {
            reply.elements.push_back(replyOf(*from.element[i]));
        }
        break;
    default:
        break;
    }
    return reply;
}

} // namespace

Stopper::Stopper() : m_descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Stopper::~Stopper() {
    ::close(m_descriptor);
}

void Stopper::stop() const {
    const std::uint64_t one = 1;
    (void)!write(m_descriptor, &one, sizeof one); // a full counter is readable too
}

void RedisConnection::Freer::operator()(redisContext* context) const {
    redisFree(context);
}

RedisConnection::RedisConnection(config::RedisUrl url, std::string caLocation, milliseconds timeout,
                                 const Stopper& stopper)
    : m_url(std::move(url)), m_caLocation(std::move(caLocation)), m_timeout(timeout), m_stopper(stopper),
      m_server(m_url.server()) {}

RedisConnection::~RedisConnection() = default;

Result<void> RedisConnection::open() {
    close();
    for (auto step : {&RedisConnection::connect, &RedisConnection::startTls, &RedisConnection::introduce}) {
        if (auto done = (this->*step)(); !done) {
            close();
            return fail(done.error());
        }
    }
    return {};
}

Result<void> RedisConnection::connect() {
    m_context.reset(redisConnectWithTimeout(m_url.host.c_str(), m_url.port, timevalOf(m_timeout)));
    if (m_context == nullptr) {
        return fail(unreachable(m_server, "no memory for a connection"));
    }
    if (m_context->err != 0) {
        return fail(unreachable(m_server, m_context->errstr));
    }
    if (redisSetTimeout(m_context.get(), timevalOf(m_timeout)) != REDIS_OK) {
        return fail(brokenError());
    }
    return {};
}

#ifdef DASHSTREAM_REDIS_TLS
namespace {
/// Where the server's certificate was refused: why.
std::string verdictOn(const SSL& session) {
    const long result = SSL_get_verify_result(&session);
    return result == X509_V_OK ? std::string() : std::string(": ") + X509_verify_cert_error_string(result);
}

/// As librdkafka takes tls.ca_location: a file, a folder of hashed names, or the system's where it is empty or "probe".
bool trust(SSL_CTX& settings, const std::string& location) {
    if (location.empty() || location == "probe") {
        return SSL_CTX_set_default_verify_paths(&settings) == 1;
    }
    std::error_code ignored;
    return std::filesystem::is_directory(location, ignored)
               ? SSL_CTX_load_verify_locations(&settings, nullptr, location.c_str()) == 1
               : SSL_CTX_load_verify_locations(&settings, location.c_str(), nullptr) == 1;
}
} // namespace

/// The server's certificate must be good for its name; hiredis itself does not ask that.
Result<void> RedisConnection::startTls() {
    if (!m_url.tls) {
        return {};
    }
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> settings(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    if (settings == nullptr || !trust(*settings, m_caLocation)) {
        return fail(ErrorClass::Local, "limiter.redis_tls",
                    "The certificates to check Redis " + m_server + " with cannot be read", "Correct tls.ca_location");
    }
    SSL_CTX_set_verify(settings.get(), SSL_VERIFY_PEER, nullptr);
    SSL* session = SSL_new(settings.get());
    if (session == nullptr) {
        return fail(unreachable(m_server, "no memory for TLS"));
    }
    X509_VERIFY_PARAM* checks = SSL_get0_param(session);
    if (X509_VERIFY_PARAM_set1_ip_asc(checks, m_url.host.c_str()) != 1) {
        (void)SSL_set_tlsext_host_name(session, m_url.host.c_str());
        (void)X509_VERIFY_PARAM_set1_host(checks, m_url.host.c_str(), 0);
    }
    if (redisInitiateSSL(m_context.get(), session) != REDIS_OK) { // only then is the session still ours
        const std::string verdict = verdictOn(*session);
        SSL_free(session);
        return fail(ErrorClass::Local, "limiter.redis_tls",
                    "TLS with Redis " + m_server + " fails: " + std::string(m_context->errstr) + verdict,
                    "Check that it has TLS on this port, and that tls.ca_location names who signed its certificate");
    }
    return {};
}
#else
Result<void> RedisConnection::startTls() {
    if (!m_url.tls) {
        return {};
    }
    return fail(ErrorClass::Usage, "limiter.redis_tls", "This program cannot do TLS with Redis",
                "Use redis://, or a build with hiredis 1.0 or later");
}
#endif

Result<void> RedisConnection::introduce() {
    std::vector<Command> commands;
    if (!m_url.password.empty()) {
        commands.push_back(m_url.user.empty() ? Command{"AUTH", m_url.password}
                                              : Command{"AUTH", m_url.user, m_url.password});
    }
    if (m_url.database != 0) {
        commands.push_back({"SELECT", std::to_string(m_url.database)});
    }
    commands.push_back({"PING"});
    auto replies = exchange(commands);
    if (!replies) {
        return fail(replies.error());
    }
    for (const RedisReply& reply : *replies) {
        if (reply.type == RedisReply::Type::Error) {
            return fail(errorOfReply(m_server, reply.text));
        }
    }
    if (replies->back().text != "PONG") {
        return fail(nonsense(m_server, "no PONG after PING"));
    }
    return {};
}

Result<std::vector<RedisReply>> RedisConnection::exchange(const std::vector<Command>& commands) {
    const auto deadline = steady_clock::now() + m_timeout;
    std::vector<RedisReply> replies;
    auto sent = send(commands);
    if (!sent) {
        close();
        return fail(sent.error());
    }
    while (replies.size() < commands.size()) {
        auto reply = receive(deadline);
        if (!reply) {
            close();
            return fail(reply.error());
        }
        replies.push_back(std::move(*reply));
    }
    return replies;
}

Result<void> RedisConnection::send(const std::vector<Command>& commands) {
    for (const Command& command : commands) {
        std::vector<const char*> parts;
        std::vector<std::size_t> sizes;
        for (const std::string& part : command) {
            parts.push_back(part.data());
            sizes.push_back(part.size());
        }
        if (redisAppendCommandArgv(m_context.get(), static_cast<int>(parts.size()), parts.data(), sizes.data()) !=
            REDIS_OK) {
            return fail(brokenError());
        }
    }
    int done = 0;
    while (done == 0) { // each write waits at most the socket's timeout
        if (redisBufferWrite(m_context.get(), &done) != REDIS_OK) {
            return fail(brokenError());
        }
    }
    return {};
}

Result<RedisReply> RedisConnection::receive(steady_clock::time_point deadline) {
    for (;;) {
        void* raw = nullptr;
        if (redisGetReplyFromReader(m_context.get(), &raw) != REDIS_OK) {
            return fail(nonsense(m_server, m_context->errstr));
        }
        if (raw != nullptr) {
            const std::unique_ptr<void, decltype(&freeReplyObject)> owned(raw, &freeReplyObject);
            return replyOf(*static_cast<const redisReply*>(raw));
        }
        if (auto more = waitForMore(deadline); !more) {
            return fail(more.error());
        }
        if (redisBufferRead(m_context.get()) != REDIS_OK) {
            return fail(m_context->err == REDIS_ERR_PROTOCOL ? nonsense(m_server, m_context->errstr) : brokenError());
        }
    }
}

Result<void> RedisConnection::waitForMore(steady_clock::time_point deadline) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    std::array<pollfd, 2> waits{{{m_context->fd, POLLIN, 0}, {m_stopper.descriptor(), POLLIN, 0}}};
    const int ready = left.count() <= 0 ? 0 : poll(waits.data(), waits.size(), static_cast<int>(left.count()));
    if (ready == 0) {
        return fail(tooSlow(m_server, m_timeout.count()));
    }
    if (ready < 0 && errno != EINTR) {
        return fail(unreachable(m_server, "the connection cannot be watched"));
    }
    if (waits[1].revents != 0 && waits[0].revents == 0) {
        return fail(ErrorClass::Cancelled, "limiter.stopped", "The limiter is being closed");
    }
    return {};
}

Error RedisConnection::brokenError() const {
    return unreachable(m_server, m_context->errstr[0] == '\0' ? "the connection broke" : &m_context->errstr[0]);
}

} // namespace dashstream::limit
