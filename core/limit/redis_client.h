// Carries requests about shared budgets to Redis, on a thread of its own, several in one round trip where several wait.
// Made and closed by the engine; ask() from one thread, reports come on the client's own. The destructor sends what
// waits and ends the thread, within two seconds; a thread that hangs in a name look-up ends by itself later and
// touches nothing that is gone.
#pragma once

#include "core/config/redis_url.h"
#include "core/limit/budget_server.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace dashstream::limit {

struct RedisSettings {
    config::RedisUrl url;
    std::string caLocation; ///< PEM file to check a rediss:// server with; empty: the system's
    milliseconds timeout{100};
};

class RedisClient final : public BudgetServer {
public:
    using Deliver = std::function<void(BudgetReport)>;

    RedisClient(const RedisSettings& settings, Deliver deliver);
    ~RedisClient() override;
    RedisClient(const RedisClient&) = delete;
    RedisClient& operator=(const RedisClient&) = delete;

    void ask(BudgetRequest request) override;
    /// Ends without sending what waits, and without waiting for an exchange that hangs: its report may still come, to a
    /// Deliver that must own all it touches. The last call.
    void abandon();

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
    milliseconds m_timeout;
    std::thread m_thread;
};

/// The key of a tenant's bucket, as all DashStream producers have it.
[[nodiscard]] std::string bucketKey(const std::string& tenant);

} // namespace dashstream::limit
