// One budget, several producers, real Redis.
#include "core/limit/redis_client.h"
#include "tests/core/limit/redis_rig.h"

#include <cmath>
#include <map>

namespace dashstream::limit::test {
namespace {

constexpr const char* kKey = "rate_limit:acme:bucket";

/// A producer of the Rust family: one message at a time, all or nothing, on its own clock, with a script of its own.
constexpr const char* kOtherProducersScript = R"lua(
local rate, burst, now, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local tokens = tonumber(redis.call('HGET', KEYS[1], 'tokens')) or burst
local last = tonumber(redis.call('HGET', KEYS[1], 'last_refill')) or now
tokens = math.min(burst, tokens + (now - last) * rate)
if tokens < cost then
  return 0
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - cost))
redis.call('HSET', KEYS[1], 'last_refill', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], 3600)
return 1
)lua";

double utcSeconds() {
    return static_cast<double>(toMicros(SystemClock().utcNow())) / 1e6;
}

std::string text(double value) {
    return std::to_string(value);
}

class RedisBudget : public OnRedis {
protected:
    bool otherTakes(double rate, double burst, int cost = 1) const {
        return redis
                   ->command({"EVAL", kOtherProducersScript, "1", kKey, text(rate), text(burst), text(utcSeconds()),
                              std::to_string(cost)})
                   .integer == 1;
    }
    [[nodiscard]] double field(const char* name) const {
        return std::strtod(redis->command({"HGET", kKey, name}).text.c_str(), nullptr);
    }
    void setBucket(double tokens, double lastRefill) const {
        redis->command({"HSET", kKey, "tokens", text(tokens), "last_refill", text(lastRefill)});
    }
};

TEST_F(RedisBudget, TheBucketHasTheLayoutThatAllProducersShare) {
    Producer producer(redis->url());
    EXPECT_EQ(producer.decided(64).granted, 64U);

    const RedisReply all = redis->command({"HGETALL", kKey});
    std::map<std::string, std::string> fields;
    for (std::size_t i = 0; i + 1 < all.elements.size(); i += 2) {
        fields[all.elements[i].text] = all.elements[i + 1].text;
    }
    ASSERT_EQ(fields.size(), 2U);
    EXPECT_DOUBLE_EQ(std::strtod(fields.at("tokens").c_str(), nullptr), 936);
    EXPECT_NEAR(std::strtod(fields.at("last_refill").c_str(), nullptr), utcSeconds(), 30);
    const long long expires = redis->command({"TTL", kKey}).integer;
    EXPECT_GT(expires, 3500);
    EXPECT_LE(expires, 3600);
}

TEST_F(RedisBudget, AProducerOfTheOtherFamilyAndOursShareOneBudget) {
    constexpr double kRate = 200;
    constexpr double kBurst = 100;
    Producer ours(redis->url(), kRate, kBurst);
    std::uint64_t byThem = 0;
    const double begin = utcSeconds();
    std::uint64_t byUs = ours.decided(10).granted; // the other one is greedy: later there may be nothing left for us

    while (utcSeconds() - begin < 3) {
        byUs += ours.take(10).granted;
        byThem += otherTakes(kRate, kBurst) ? 1 : 0;
    }
    const double passed = utcSeconds() - begin;

    const double all = static_cast<double>(byUs + byThem);
    EXPECT_LE(all, kBurst + kRate * passed + 1) << byUs << " by us, " << byThem << " by them";
    EXPECT_GE(all, (kBurst + kRate * passed) * 0.7) << byUs << " by us, " << byThem << " by them";
    EXPECT_GT(byUs, 0U);
    EXPECT_GT(byThem, 0U);
}

TEST_F(RedisBudget, TwoOfOursShareOneBudget) {
    Producer first(redis->url(), 0.001, 1000);
    Producer second(redis->url(), 0.001, 1000);
    std::uint64_t passed = 0;
    EXPECT_TRUE(testing::waitUntil(
        [&] {
            passed += first.take(7).granted + second.take(7).granted;
            return passed >= 1000;
        },
        std::chrono::seconds(30)));
    EXPECT_EQ(first.decided(7).granted + second.decided(7).granted, 0U);
    EXPECT_EQ(passed, 1000U);
}

TEST_F(RedisBudget, AtFullLoadATenantCostsAtMostOneRoundTripInFiftyMilliseconds) {
    Producer producer(redis->url(), 100'000, 100'000);
    EXPECT_GT(producer.decided(64).granted, 0U);
    const std::uint64_t before = producer.status().roundTrips;
    const auto begin = std::chrono::steady_clock::now();
    std::uint64_t passed = 0;

    std::chrono::duration<double> took{};
    while (took.count() < 2) {
        passed += producer.take(64).granted;
        took = std::chrono::steady_clock::now() - begin;
    }

    const auto trips = producer.status().roundTrips - before;
    EXPECT_LE(static_cast<double>(trips), took.count() * 20 + 2);
    EXPECT_GT(passed, 10 * trips) << "many messages pass for one round trip, however slow the machine is";
    RecordProperty("round_trips", static_cast<int>(trips));
    RecordProperty("messages", static_cast<int>(passed));
}

TEST_F(RedisBudget, WhatIsNotUsedComesBackToTheBucket) {
    Producer producer(redis->url(), 0.001, 1000);
    ASSERT_EQ(producer.decided(64).granted, 64U);
    producer.limiter->giveBack("acme", 60);

    EXPECT_TRUE(testing::waitUntil(
        [&] {
            producer.turn();
            return field("tokens") > 995.9;
        },
        std::chrono::seconds(10)));
    EXPECT_LT(field("tokens"), 997);
}

TEST_F(RedisBudget, AtTheEndTheRestOfTheLeaseComesBack) {
    auto producer = std::make_unique<Producer>(redis->url(), 0.001, 1000);
    ASSERT_EQ(producer->decided(64).granted, 64U);
    producer->limiter->giveBack("acme", 60);
    producer->limiter->close(std::chrono::steady_clock::now());
    producer.reset();
    EXPECT_NEAR(field("tokens"), 996, 0.5);
}

TEST_F(RedisBudget, NothingIsGivenBackToABucketThatIsGoneNorAboveTheBurst) {
    Producer producer(redis->url(), 0.001, 1000);
    ASSERT_EQ(producer.decided(64).granted, 64U);
    producer.limiter->giveBack("acme", 60);
    redis->command({"DEL", kKey});
    const auto given = [&] {
        producer.turn();
        return producer.status().operations[2].latency.count > 0; // give_back
    };
    ASSERT_TRUE(testing::waitUntil(given, std::chrono::seconds(10)));
    EXPECT_EQ(redis->command({"EXISTS", kKey}).integer, 0);

    Producer other(redis->url(), 0.001, 1000);
    ASSERT_EQ(other.decided(64).granted, 64U);
    other.limiter->giveBack("acme", 60);
    setBucket(999, utcSeconds());
    EXPECT_TRUE(testing::waitUntil(
        [&] {
            other.turn();
            return field("tokens") > 999.5;
        },
        std::chrono::seconds(10)));
    EXPECT_LE(field("tokens"), 1000);
}

TEST_F(RedisBudget, AClockThatRunsAheadElsewhereMintsNothingAndIsNotTurnedBack) {
    const double ahead = std::floor(utcSeconds()) + 3600;
    setBucket(10, ahead);
    Producer producer(redis->url(), 100, 1000);

    EXPECT_EQ(producer.decided(64).granted, 10U);

    EXPECT_DOUBLE_EQ(field("last_refill"), ahead);
}

TEST_F(RedisBudget, ARestRefillsAtTheRateUpToTheBurst) {
    setBucket(0, utcSeconds() - 2);
    Producer producer(redis->url(), 10, 1000);
    const std::uint64_t granted = producer.decided(100).granted;
    EXPECT_GE(granted, 19U);
    EXPECT_LE(granted, 40U);

    setBucket(0, utcSeconds() - 3600);
    Producer later(redis->url(), 10, 50);
    EXPECT_EQ(later.decided(100).granted, 50U);
}

TEST_F(RedisBudget, ADamagedBucketHoldsItsTenantAloneAndSaysSo) {
    redis->command({"HSET", kKey, "tokens", "many", "last_refill", "1"});
    redis->command({"SET", "rate_limit:globex:bucket", "text"});
    Producer producer(redis->url());

    EXPECT_EQ(producer.decided(1, "acme").rest, Rest::Undecided);
    EXPECT_EQ(producer.decided(1, "globex").rest, Rest::Undecided);
    EXPECT_EQ(producer.decided(1, "initech").granted, 1U);
    EXPECT_EQ(producer.status().state, LimiterState::Shared);

    redis->command({"DEL", kKey});
    EXPECT_TRUE(testing::waitUntil([&] { return producer.take(1, "acme").granted == 1; }, std::chrono::seconds(10)));
}

TEST_F(RedisBudget, TenantNamesAreKeysAsTheyAre) {
    Producer producer(redis->url());
    const std::string odd = std::string("a b{c}\r\n\0d", 10);
    EXPECT_EQ(producer.decided(1, odd).granted, 1U);
    EXPECT_EQ(redis->command({"EXISTS", "rate_limit:" + odd + ":bucket"}).integer, 1);
}

TEST_F(RedisBudget, AServerThatForgotItsScriptsIsGivenThemAgain) {
    Producer producer(redis->url());
    ASSERT_EQ(producer.decided(1).granted, 1U);
    redis->command({"SCRIPT", "FLUSH"});
    EXPECT_EQ(producer.decided(5, "globex").granted, 5U);
    EXPECT_EQ(producer.status().lastError, "");
}

TEST_F(RedisBudget, ADatabaseOfItsOwnIsUsed) {
    Producer producer(redis->url() + "/3");
    ASSERT_EQ(producer.decided(1).granted, 1U);
    EXPECT_EQ(redis->command({"EXISTS", kKey}).integer, 0);
    redis->command({"SELECT", "3"});
    EXPECT_EQ(redis->command({"EXISTS", kKey}).integer, 1);
}

} // namespace
} // namespace dashstream::limit::test
