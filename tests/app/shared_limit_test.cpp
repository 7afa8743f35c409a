// A limit shared through real Redis, as an operator meets it: what produce and status say while Redis comes and goes.
#include "tests/app/ctl_program.h"
#include "tests/support/redis_server.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>

#include <csignal>

namespace dashstream::testing {
namespace {

class SharedLimit : public ::testing::Test {
protected:
    void SetUp() override {
        auto started = RedisServer::start();
        ASSERT_TRUE(started) << started.error().text();
        m_redis = std::move(*started);
    }
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> command) const {
        std::vector<std::string> all{"--demo", "--json", "--set", "rate.redis_url=" + m_redis->url()};
        all.insert(all.end(), m_more.begin(), m_more.end());
        all.insert(all.end(), command.begin(), command.end());
        return all;
    }
    void start() {
        m_holder = m_ctl.start(words({"produce", "-"}), true);
        ASSERT_TRUE(m_holder);
    }
    [[nodiscard]] nlohmann::json status() const { return jsonOf(m_ctl.run({"--demo", "--json", "status"})); }
    [[nodiscard]] bool reaches(const std::string& state) const {
        return waitUntil([&] { return found("/limiter/state") == state; }, kPatience);
    }
    [[nodiscard]] bool delivers(int count) const {
        return waitUntil([&] { return found("/accounting/delivered") == count; }, kPatience);
    }
    [[nodiscard]] nlohmann::json found(const char* path) const {
        const nlohmann::json all = status();
        const nlohmann::json::json_pointer pointer(path);
        return all.is_object() && all.contains(pointer) ? all[pointer] : nlohmann::json();
    }

    CtlProgram m_ctl;
    std::unique_ptr<RedisServer> m_redis;
    std::vector<std::string> m_more;
    std::unique_ptr<Process> m_holder;
};

TEST_F(SharedLimit, HoldsTheSourceWhileRedisStallsSaysWhyAndGoesOnByItself) {
    start();
    ASSERT_TRUE(m_holder->feed(eventLine(1) + eventLine(2)));
    ASSERT_TRUE(delivers(2)) << m_holder->err();

    m_redis->pause();
    ASSERT_TRUE(m_holder->feed(eventLine(3)));
    ASSERT_TRUE(reaches("refusing"));
    const ProgramResult text = m_ctl.run({"--demo", "status"});
    EXPECT_NE(text.out.find("did not answer within 100 ms"), std::string::npos) << text.out;
    EXPECT_NE(text.out.find("critical: The rate limit cannot be decided"), std::string::npos) << text.out;
    EXPECT_EQ(status()["accounting"]["delivered"], 2);

    m_redis->resume();
    EXPECT_TRUE(delivers(3)) << "it goes on by itself";
    EXPECT_EQ(status()["limiter"]["state"], "shared");
    m_holder->closeInput();
    const ProgramResult result = m_holder->wait(kPatience);
    EXPECT_EQ(result.exitCode, 0) << result.describe();
    EXPECT_EQ(jsonOf(result)["balanced"], true);
}

TEST_F(SharedLimit, AskedToRejectItCountsWhatTheLimiterCouldNotDecide) {
    m_redis->kill();
    const ProgramResult result = m_ctl.run(words({"produce", "--on-refused", "reject", "generate:count=50"}));
    EXPECT_EQ(result.exitCode, 1) << result.describe();
    EXPECT_EQ(jsonOf(result)["rejected_by"]["limiter_error"], 50) << result.describe();
    EXPECT_EQ(jsonOf(result)["accepted"], 0);
}

TEST_F(SharedLimit, TheUrlAloneMeansAHundredASecondAndABurstOfAThousand) {
    const ProgramResult result =
        m_ctl.run(words({"produce", "--on-refused", "reject", "generate:count=2000,bytes=10"}));
    EXPECT_EQ(result.exitCode, 1) << result.describe();
    EXPECT_GE(jsonOf(result)["accepted"], 1000);
    EXPECT_LT(jsonOf(result)["accepted"], 2000);
    EXPECT_EQ(jsonOf(result)["rejected_by"]["limiter_error"], 0) << result.describe();
}

TEST_F(SharedLimit, LocalOnErrorIsShownAllTheTime) {
    m_more = {"--set", "rate.on_error=local"};
    start();
    ASSERT_TRUE(m_holder->feed(eventLine(1)));
    ASSERT_TRUE(delivers(1));
    EXPECT_NE(m_ctl.run({"--demo", "status"}).out.find("notice: rate.on_error is local"), std::string::npos);

    m_redis->kill();
    ASSERT_TRUE(reaches("fallen back"));
    ASSERT_TRUE(m_holder->feed(eventLine(2)));
    EXPECT_TRUE(delivers(2)) << "this process limits by itself";
    EXPECT_NE(m_ctl.run({"--demo", "status"}).out.find("warning: The rate limit is not shared now"), std::string::npos);
    m_holder->sendSignal(SIGTERM);
    (void)m_holder->wait(kPatience);
}

TEST_F(SharedLimit, HealthAsksRedisItselfWhenNobodyWorksOnTheProfile) {
    const auto limiterPart = [this] {
        const ProgramResult result = m_ctl.run(words({"health", "--timeout", "20s"}));
        const auto health = jsonOf(result);
        EXPECT_EQ(health["phase"], "not running") << result.describe();
        EXPECT_EQ(health["timeout_ms"], 20'000);
        EXPECT_EQ(health["parts"]["cluster"]["state"], "ok") << result.describe();
        EXPECT_EQ(health["ready"], result.exitCode == 0) << result.describe();
        return health["parts"]["limiter"];
    };
    EXPECT_EQ(limiterPart()["state"], "ok");

    m_redis->pause();
    const auto stalled = limiterPart();
    EXPECT_EQ(stalled["state"], "failing");
    EXPECT_NE(stalled["text"].get<std::string>().find("did not answer within 100 ms"), std::string::npos) << stalled;

    m_more = {"--set", "rate.on_error=local"};
    EXPECT_EQ(limiterPart()["state"], "attention");
    m_more.clear();
    m_redis->resume();
    EXPECT_EQ(limiterPart()["state"], "ok") << "it answers again";
    m_redis->kill();
    EXPECT_EQ(limiterPart()["state"], "failing");
}

TEST_F(SharedLimit, HealthsOwnTimeoutIsShorterThanRedisMayTake) {
    m_redis->pause();
    m_more = {"--set", "rate.redis_timeout_ms=4s"};

    const ProgramResult result = m_ctl.run(words({"health", "--timeout", "300ms"}));

    EXPECT_EQ(result.exitCode, 3) << result.describe();
    const auto health = jsonOf(result);
    EXPECT_EQ(health["timeout_ms"], 300);
    EXPECT_EQ(health["parts"]["limiter"]["state"], "failing");
    EXPECT_NE(health["parts"]["limiter"]["text"].get<std::string>().find("did not answer within 300 ms"),
              std::string::npos)
        << health;
}

TEST_F(SharedLimit, APasswordIsNeverShown) {
    m_redis->kill();
    const std::vector<std::string> given{
        "--demo", "--set",           "rate.redis_url=" + m_redis->url("open-sesame"), "produce", "--on-refused",
        "reject", "generate:count=1"};
    const ProgramResult result = m_ctl.run(given);
    EXPECT_EQ((result.out + result.err).find("open-sesame"), std::string::npos) << result.describe();
}

} // namespace
} // namespace dashstream::testing
