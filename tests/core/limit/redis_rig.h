// A shared limiter on a real Redis, driven as the engine drives it: reports and turns on the test's thread.
#pragma once

#include "core/limit/limiter.h"
#include "tests/support/redis_server.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dashstream::limit::test {

class Producer {
public:
    explicit Producer(const std::string& url, double perSecond = 100, double burst = 1000,
                      milliseconds timeout = milliseconds{200},
                      config::LimiterErrorPolicy onError = config::LimiterErrorPolicy::Closed,
                      const std::string& authority = {}) {
        config::RateSettings settings;
        settings.redisUrl = url;
        settings.limitPerSecond = perSecond;
        settings.burst = burst;
        settings.redisTimeout = timeout;
        settings.onError = onError;
        auto made = makeLimiter(settings, authority, m_clock, [this](std::function<void()> run) {
            const std::lock_guard lock(m_mutex);
            m_mail.push_back(std::move(run));
            return true;
        });
        EXPECT_TRUE(made) << made.error().text();
        limiter = std::move(*made);
    }

    ~Producer() { limiter.reset(); } // it reports into what follows
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    /// One turn of the engine.
    void turn() {
        std::vector<std::function<void()>> mail;
        {
            const std::lock_guard lock(m_mutex);
            mail.swap(m_mail);
        }
        for (const auto& run : mail) {
            run();
        }
        limiter->step(m_clock.steadyNow());
    }
    Decision take(std::uint64_t wanted, const std::string& tenant = "acme") {
        turn();
        return limiter->take(tenant, wanted, m_clock.steadyNow());
    }
    /// Takes until an answer is there; the one that is neither "asking" nor empty without a reason.
    Decision decided(std::uint64_t wanted, const std::string& tenant = "acme") {
        Decision decision;
        EXPECT_TRUE(testing::waitUntil(
            [&] {
                decision = take(wanted, tenant);
                return decision.granted > 0 || decision.rest != Rest::Asking;
            },
            std::chrono::seconds(20)));
        return decision;
    }
    [[nodiscard]] bool reaches(LimiterState state) {
        return testing::waitUntil(
            [&] {
                (void)take(1);
                return limiter->status().state == state;
            },
            std::chrono::seconds(20));
    }
    [[nodiscard]] LimiterStatus status() const { return limiter->status(); }

    std::unique_ptr<Limiter> limiter;

private:
    SystemClock m_clock;
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_mail;
};

class OnRedis : public ::testing::Test {
protected:
    void SetUp() override {
        auto started = testing::RedisServer::start();
        ASSERT_TRUE(started) << started.error().text();
        redis = std::move(*started);
    }
    std::unique_ptr<testing::RedisServer> redis;
};

} // namespace dashstream::limit::test
