// Redis over TLS, where this program can do it: a real redis-server with a certificate, and who must not be trusted.
// Where it cannot, that it says so and lets nothing pass.
#include "core/config/redis_url.h"
#include "tests/core/limit/redis_rig.h"
#include "tests/support/certificates.h"
#include "tests/support/kafka_cluster.h"

namespace dashstream::limit::test {
namespace {

class RedisTls : public ::testing::Test {
protected:
    void SetUp() override {
        if (!config::redisTlsSupported()) {
            GTEST_SKIP() << "this program was built with a hiredis without TLS";
        }
        testing::writeServerCertificates(m_folder.path());
        start("server.pem");
    }
    /// With TLS on a port of its own beside the plain one.
    void start(const std::string& certificate) {
        redis.reset();
        auto started = testing::RedisServer::start({"--tls-port", std::to_string(m_port), "--tls-auth-clients", "no",
                                                    "--tls-cert-file", file(certificate), "--tls-key-file",
                                                    file("server.key"), "--tls-ca-cert-file", file("authority.pem")});
        ASSERT_TRUE(started) << started.error().text();
        redis = std::move(*started);
    }
    [[nodiscard]] std::string file(const std::string& name) const { return (m_folder / name).string(); }
    [[nodiscard]] std::string url(const std::string& host = "127.0.0.1", const std::string& password = {}) const {
        return "rediss://" + (password.empty() ? "" : ":" + password + "@") + host + ":" + std::to_string(m_port);
    }
    static std::unique_ptr<Producer> producerOf(const std::string& url, const std::string& authority) {
        return std::make_unique<Producer>(url, 100, 1000, milliseconds{2000}, config::LimiterErrorPolicy::Closed,
                                          authority);
    }
    static void expectRefusal(Producer& producer, const std::string& words) {
        EXPECT_EQ(producer.decided(1).rest, Rest::Undecided);
        EXPECT_EQ(producer.status().state, LimiterState::Refusing);
        EXPECT_NE(producer.status().lastError.find(words), std::string::npos) << producer.status().lastError;
        EXPECT_FALSE(producer.status().lastRemedy.empty());
    }

    testing::TempDir m_folder;
    int m_port = testing::freeLoopbackPorts(1).front();
    std::unique_ptr<testing::RedisServer> redis;
};

TEST_F(RedisTls, BucketsAreSharedThroughItByNameAndByAddress) {
    for (const char* host : {"localhost", "127.0.0.1"}) {
        const auto producer = producerOf(url(host), file("authority.pem"));
        EXPECT_EQ(producer->decided(64, host).granted, 64U) << producer->status().lastError;
        EXPECT_EQ(redis->command({"EXISTS", "rate_limit:" + std::string(host) + ":bucket"}).integer, 1);
    }
}

TEST_F(RedisTls, AFolderOfAuthoritiesIsTakenAsWell) {
    const auto producer = producerOf(url(), file("authorities"));
    EXPECT_EQ(producer->decided(1).granted, 1U) << producer->status().lastError;
}

TEST_F(RedisTls, APasswordIsGivenInsideIt) {
    redis->command({"CONFIG", "SET", "requirepass", "open-sesame"});
    redis->setPassword("open-sesame");
    EXPECT_EQ(producerOf(url("127.0.0.1", "open-sesame"), file("authority.pem"))->decided(1).granted, 1U);
}

TEST_F(RedisTls, AnAuthorityThatIsNotTrustedIsRefused) {
    const auto bySystem = producerOf(url(), {});
    expectRefusal(*bySystem, "self-signed certificate");
    EXPECT_NE(bySystem->status().lastRemedy.find("tls.ca_location"), std::string::npos);
    testing::writeCertificates(m_folder.path());
    const auto byAnother = producerOf(url(), file("ca.pem"));
    expectRefusal(*byAnother, "self-signed certificate");
}

TEST_F(RedisTls, AnAuthorityThatCannotBeReadIsSaid) {
    const auto producer = producerOf(url(), file("missing.pem"));
    expectRefusal(*producer, "cannot be read");
}

TEST_F(RedisTls, ACertificateForAnotherHostIsRefused) {
    start("elsewhere.pem");
    const auto byName = producerOf(url("localhost"), file("authority.pem"));
    expectRefusal(*byName, "hostname mismatch");
    const auto byAddress = producerOf(url(), file("authority.pem"));
    expectRefusal(*byAddress, "IP address mismatch");
    EXPECT_EQ(redis->command({"EXISTS", "rate_limit:acme:bucket"}).integer, 0) << "nothing was asked of it";
}

TEST_F(RedisTls, TlsAgainstAPlainPortAndPlainAgainstATlsPortAreRefused) {
    const auto tlsToPlain = producerOf("rediss://127.0.0.1:" + std::to_string(redis->port()), file("authority.pem"));
    expectRefusal(*tlsToPlain, "TLS with Redis");
    const auto plainToTls = producerOf("redis://127.0.0.1:" + std::to_string(m_port), {});
    expectRefusal(*plainToTls, "Redis 127.0.0.1:" + std::to_string(m_port));
}

TEST_F(RedisTls, AServerThatStallsOrGoesIsNoticedAndItGoesOnByItself) {
    Producer producer(url(), 100, 1000, milliseconds{200}, config::LimiterErrorPolicy::Closed, file("authority.pem"));
    ASSERT_EQ(producer.decided(1).granted, 1U) << producer.status().lastError;
    redis->pause();
    ASSERT_TRUE(producer.reaches(LimiterState::Refusing));
    redis->resume();
    ASSERT_TRUE(producer.reaches(LimiterState::Shared)) << producer.status().lastError;
    redis->kill();
    ASSERT_TRUE(producer.reaches(LimiterState::Refusing));
    ASSERT_TRUE(redis->startAgain());
    EXPECT_TRUE(producer.reaches(LimiterState::Shared)) << producer.status().lastError;
}

TEST(RedisWithoutTls, IsSaidInPlainWordsAndNothingPasses) {
    if (config::redisTlsSupported()) {
        GTEST_SKIP() << "this program can do TLS with Redis";
    }
    auto started = testing::RedisServer::start();
    ASSERT_TRUE(started) << started.error().text();
    Producer producer("rediss://127.0.0.1:" + std::to_string((*started)->port()));

    EXPECT_EQ(producer.decided(1).rest, Rest::Undecided);

    EXPECT_EQ(producer.status().lastError, "This program cannot do TLS with Redis");
    EXPECT_NE(producer.status().lastRemedy.find("redis://"), std::string::npos);
    EXPECT_EQ((*started)->command({"EXISTS", "rate_limit:acme:bucket"}).integer, 0);
}

} // namespace
} // namespace dashstream::limit::test
