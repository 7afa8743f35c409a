// One connection to Redis through hiredis, with a deadline for every exchange. Owned and used by one thread; only
// Stopper::stop() may be called from another, and ends whatever waits.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/redis_url.h"

#include <memory>
#include <string>
#include <vector>

struct redisContext;

namespace dashstream::limit {

/// Ends waiting exchanges at once, now and later.
class Stopper {
public:
    Stopper();
    ~Stopper();
    Stopper(const Stopper&) = delete;
    Stopper& operator=(const Stopper&) = delete;
    void stop() const;
    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    int m_descriptor;
};

struct RedisReply {
    enum class Type : unsigned char { Integer, Text, Error, Array, Other };
    Type type = Type::Other;
    long long integer = 0;
    std::string text;
    std::vector<RedisReply> elements;
};

class RedisConnection {
public:
    using Command = std::vector<std::string>;

    RedisConnection(config::RedisUrl url, std::string caLocation, milliseconds timeout, const Stopper& stopper);
    ~RedisConnection();
    RedisConnection(const RedisConnection&) = delete;
    RedisConnection& operator=(const RedisConnection&) = delete;

    [[nodiscard]] bool isOpen() const { return m_context != nullptr; }
    /// Connects, gives the password, chooses the database. Waits at most the timeout for each step; a name that has to
    /// be looked up may take the resolver's time. Errors: those of redis_error.h.
    [[nodiscard]] Result<void> open();
    void close() { m_context.reset(); }
    /// Sends all commands, then reads as many replies, in order, error replies included. Any error closes.
    [[nodiscard]] Result<std::vector<RedisReply>> exchange(const std::vector<Command>& commands);
    [[nodiscard]] const std::string& server() const { return m_server; }

private:
    struct Freer {
        void operator()(redisContext* context) const;
    };

    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<void> startTls();
    [[nodiscard]] Result<void> introduce();
    [[nodiscard]] Result<void> send(const std::vector<Command>& commands);
    [[nodiscard]] Result<RedisReply> receive(std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] Result<void> waitForMore(std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] Error brokenError() const;

    const config::RedisUrl m_url;
    const std::string m_caLocation;
    const milliseconds m_timeout;
    const Stopper& m_stopper;
    const std::string m_server;
    std::unique_ptr<redisContext, Freer> m_context;
};

} // namespace dashstream::limit
