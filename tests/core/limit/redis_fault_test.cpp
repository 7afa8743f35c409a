// What happens to Redis, and that nothing passes meanwhile, that it is said why, and that it goes on by itself.
#include "tests/core/limit/redis_rig.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace dashstream::limit::test {
namespace {

class RedisFault : public OnRedis {
protected:
    /// It worked, then it does not: nothing passes, and the reason holds `words`.
    static void expectRefusal(Producer& producer, const std::string& words) {
        EXPECT_TRUE(testing::waitUntil(
            [&] {
                (void)producer.take(1);
                return producer.status().lastError.find(words) != std::string::npos;
            },
            std::chrono::seconds(20)))
            << producer.status().lastError;
        EXPECT_EQ(producer.status().state, LimiterState::Refusing);
        const Decision decision = producer.take(1);
        EXPECT_EQ(decision.granted, 0U);
        EXPECT_EQ(decision.rest, Rest::Undecided);
        EXPECT_FALSE(producer.status().lastRemedy.empty());
    }
    static void expectRecovery(Producer& producer) {
        ASSERT_TRUE(producer.reaches(LimiterState::Shared)) << producer.status().lastError;
        EXPECT_TRUE(testing::waitUntil([&] { return producer.take(1).granted == 1; }, std::chrono::seconds(10)));
    }
};

TEST_F(RedisFault, Killed) {
    Producer producer(redis->url());
    ASSERT_EQ(producer.decided(1).granted, 1U);
    redis->kill();
    expectRefusal(producer, "cannot be reached");
    ASSERT_TRUE(redis->startAgain());
    expectRecovery(producer);
}

TEST_F(RedisFault, NotThereAtStart) {
    redis->kill();
    Producer producer(redis->url());
    expectRefusal(producer, "cannot be reached");
    EXPECT_GT(producer.status().operations[0].errors, 0U) << "counted as an error of connect";
    ASSERT_TRUE(redis->startAgain());
    expectRecovery(producer);
}

TEST_F(RedisFault, Stalled) {
    Producer producer(redis->url());
    ASSERT_EQ(producer.decided(1).granted, 1U);
    redis->pause();
    expectRefusal(producer, "did not answer within 200 ms");
    redis->resume();
    expectRecovery(producer);
}

TEST_F(RedisFault, MadeAReadOnlyReplica) {
    Producer producer(redis->url());
    ASSERT_EQ(producer.decided(1).granted, 1U);
    redis->command({"REPLICAOF", "127.0.0.1", "1"}); // nobody is there
    expectRefusal(producer, "read-only replica");
    redis->command({"REPLICAOF", "NO", "ONE"});
    expectRecovery(producer);
}

TEST_F(RedisFault, OutOfMemory) {
    Producer producer(redis->url());
    ASSERT_EQ(producer.decided(1).granted, 1U);
    redis->command({"CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1"});
    expectRefusal(producer, "out of memory");
    redis->command({"CONFIG", "SET", "maxmemory", "0"});
    expectRecovery(producer);
}

TEST_F(RedisFault, GivenAPasswordMeanwhile) {
    Producer producer(redis->url());
    ASSERT_EQ(producer.decided(1).granted, 1U);
    redis->command({"CONFIG", "SET", "requirepass", "open-sesame"});
    redis->command({"CLIENT", "KILL", "TYPE", "normal"}); // who is connected stays so until then
    redis->setPassword("open-sesame");
    expectRefusal(producer, "wants a password");
    redis->command({"CONFIG", "SET", "requirepass", ""});
    redis->setPassword("");
    expectRecovery(producer);
}

TEST_F(RedisFault, APasswordIsGivenAndAWrongOneRefusedWithoutBeingShown) {
    redis->command({"CONFIG", "SET", "requirepass", "open-sesame"});
    redis->setPassword("open-sesame");
    Producer right(redis->url("open-sesame"));
    EXPECT_EQ(right.decided(1).granted, 1U);

    Producer wrong(redis->url("close-sesame"));
    expectRefusal(wrong, "refuses the user or the password");
    const LimiterStatus status = wrong.status();
    EXPECT_EQ((status.lastError + status.lastRemedy + status.server).find("close-sesame"), std::string::npos);
}

TEST_F(RedisFault, FallenBackByName) {
    Producer producer(redis->url(), 100, 50, milliseconds{200}, config::LimiterErrorPolicy::Local);
    ASSERT_EQ(producer.decided(1).granted, 1U);
    redis->kill();
    ASSERT_TRUE(producer.reaches(LimiterState::FallenBack));
    EXPECT_GT(producer.decided(10).granted, 0U) << "this process limits by itself";
    ASSERT_TRUE(redis->startAgain());
    EXPECT_TRUE(producer.reaches(LimiterState::Shared));
}

/// Listens, and answers whatever comes with the same text.
class Babbler {
public:
    explicit Babbler(std::string text) : m_text(std::move(text)) {
        m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof where;
        auto* general = reinterpret_cast<sockaddr*>(&where);
        EXPECT_EQ(bind(m_listener, general, length), 0);
        EXPECT_EQ(listen(m_listener, 8), 0);
        EXPECT_EQ(getsockname(m_listener, general, &length), 0);
        m_port = ntohs(where.sin_port);
        m_thread = std::thread([this] { run(); });
    }
    ~Babbler() {
        m_stop = true;
        shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        close(m_listener);
    }
    Babbler(const Babbler&) = delete;
    Babbler& operator=(const Babbler&) = delete;
    [[nodiscard]] std::string url() const { return "redis://127.0.0.1:" + std::to_string(m_port); }

private:
    void run() {
        while (!m_stop) {
            const int peer = accept(m_listener, nullptr, nullptr);
            if (peer < 0) {
                return;
            }
            std::array<char, 4096> asked{};
            while (recv(peer, asked.data(), asked.size(), 0) > 0) {
                if (send(peer, m_text.data(), m_text.size(), MSG_NOSIGNAL) < 0) {
                    break;
                }
            }
            close(peer);
        }
    }

    std::string m_text;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

TEST_F(RedisFault, NonsenseIsRefusedInPlainWords) {
    for (const char* text : {"HTTP/1.1 400 Bad Request\r\n\r\n", ":5\r\n", "*2\r\n:99999\r\n$1\r\n1\r\n", "$-1\r\n"}) {
        const Babbler babbler(text);
        Producer producer(babbler.url());
        expectRefusal(producer, "answers what a Redis would not");
    }
}

TEST_F(RedisFault, AnAnswerThatNeverEndsIsTooSlow) {
    const Babbler babbler("$1000000\r\nabc");
    Producer producer(babbler.url());
    expectRefusal(producer, "did not answer within 200 ms");
}

TEST_F(RedisFault, ClosingDoesNotWaitForAServerThatStalls) {
    auto producer = std::make_unique<Producer>(redis->url(), 100, 1000, milliseconds{60'000});
    ASSERT_EQ(producer->decided(1).granted, 1U);
    redis->pause();
    (void)producer->take(1, "globex");
    const auto begin = std::chrono::steady_clock::now();
    producer.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
    redis->resume();
}

} // namespace
} // namespace dashstream::limit::test
