// The proxy loses what it says it loses and nothing else: otherwise proofs that run through it prove nothing.
#include "tests/support/tcp_proxy.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 10s;
constexpr std::int16_t kFetch = 1;

std::string bigEndian(std::uint32_t value) {
    std::string bytes;
    for (const int shift : {24, 16, 8, 0}) {
        bytes += static_cast<char>(value >> shift);
    }
    return bytes;
}

std::string frame(const std::string& content) {
    return bigEndian(static_cast<std::uint32_t>(content.size())) + content;
}

std::string request(std::int16_t kind, std::uint32_t number) {
    const auto highHalf = static_cast<std::uint32_t>(kind) << 16;
    return frame(bigEndian(highHalf) + bigEndian(number) + std::string(100'000, 'r'));
}

std::string answer(std::uint32_t number) {
    return frame(bigEndian(number) + std::string(1000, 'a'));
}

sockaddr_in loopback(int port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return where;
}

/// Answers every request on every connection, and counts them.
class SmallBroker {
public:
    SmallBroker() {
        m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where = loopback(0);
        socklen_t length = sizeof where;
        auto* general = reinterpret_cast<sockaddr*>(&where);
        EXPECT_EQ(bind(m_listener, general, length), 0);
        EXPECT_EQ(getsockname(m_listener, general, &length), 0);
        EXPECT_EQ(listen(m_listener, 8), 0);
        port = ntohs(where.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~SmallBroker() {
        shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        close(m_listener);
    }

    int port = 0;
    std::atomic<int> requests{0};

private:
    void serve() {
        std::vector<std::thread> clients;
        for (int client = accept(m_listener, nullptr, nullptr); client >= 0;
             client = accept(m_listener, nullptr, nullptr)) {
            clients.emplace_back([this, client] { answerAll(client); });
        }
        for (std::thread& each : clients) {
            each.join(); // the proxy ends first, and with it every connection
        }
    }
    void answerAll(int client) {
        kafka_frames::Assembler in;
        std::array<char, 65536> piece;
        for (ssize_t got = recv(client, piece.data(), piece.size(), 0); got > 0;
             got = recv(client, piece.data(), piece.size(), 0)) {
            in.add({piece.data(), static_cast<std::size_t>(got)});
            while (auto whole = in.next()) {
                ++requests;
                const std::string said = answer(kafka_frames::requestNumber(*whole));
                static_cast<void>(!send(client, said.data(), said.size(), MSG_NOSIGNAL));
            }
        }
        close(client);
    }

    int m_listener = -1;
    std::thread m_thread;
};

class Client {
public:
    explicit Client(int port) : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const sockaddr_in where = loopback(port);
        EXPECT_EQ(connect(m_socket, reinterpret_cast<const sockaddr*>(&where), sizeof where), 0);
        const timeval patience{10, 0};
        setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Client() { close(m_socket); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void ask(std::int16_t kind, std::uint32_t number) const {
        const std::string bytes = request(kind, number);
        EXPECT_EQ(send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    }
    /// The number of the next answer; -1: the connection was cut.
    [[nodiscard]] std::int64_t heard() {
        while (true) {
            if (const auto whole = m_in.next()) {
                return kafka_frames::answerNumber(*whole);
            }
            std::array<char, 65536> piece;
            const ssize_t got = recv(m_socket, piece.data(), piece.size(), 0);
            if (got <= 0) {
                EXPECT_TRUE(got == 0 || errno == ECONNRESET) << "nothing came in time";
                return -1;
            }
            m_in.add({piece.data(), static_cast<std::size_t>(got)});
        }
    }
    [[nodiscard]] bool silent() const {
        pollfd waiting{m_socket, POLLIN, 0};
        return poll(&waiting, 1, 0) == 0;
    }

private:
    int m_socket;
    kafka_frames::Assembler m_in;
};

class Proxy : public ::testing::Test {
protected:
    Proxy() { m_proxy.setTarget(m_broker.port); }

    SmallBroker m_broker;
    TcpProxy m_proxy{1};
};

TEST_F(Proxy, PassesRequestsAndAnswers) {
    Client client(m_proxy.port());
    client.ask(kafka_frames::kProduce, 7);
    client.ask(kFetch, 8);

    EXPECT_EQ(client.heard(), 7);
    EXPECT_EQ(client.heard(), 8);
    EXPECT_EQ(m_proxy.produceRequests(), 1U);
    EXPECT_EQ(m_proxy.lostAnswers(), 0U);
}

TEST_F(Proxy, LosesAcknowledgementsOfWhatTheBrokerHas) {
    // given
    Client client(m_proxy.port());
    client.ask(kFetch, 1);
    ASSERT_EQ(client.heard(), 1);
    // when
    m_proxy.set({.loseProduceAnswers = true});
    client.ask(kafka_frames::kProduce, 2);
    client.ask(kFetch, 3); // what comes after something that was lost cannot arrive either
    // then
    ASSERT_TRUE(waitUntil([&] { return m_proxy.lostAnswers() == 1; }, kPatience));
    EXPECT_TRUE(waitUntil([&] { return m_broker.requests == 3; }, kPatience));
    EXPECT_TRUE(client.silent());
    m_proxy.cut();
    EXPECT_EQ(client.heard(), -1);
}

TEST_F(Proxy, CutsEveryConnectionAndTakesNewOnes) {
    Client client(m_proxy.port());
    client.ask(kFetch, 1);
    ASSERT_EQ(client.heard(), 1);

    m_proxy.cut();

    EXPECT_EQ(client.heard(), -1);
    Client next(m_proxy.port());
    next.ask(kFetch, 2);
    EXPECT_EQ(next.heard(), 2);
}

TEST_F(Proxy, HalfOpenMeansThatTheClientIsNotTold) {
    Client client(m_proxy.port());
    client.ask(kFetch, 1);
    ASSERT_EQ(client.heard(), 1);

    m_proxy.leaveHalfOpen();
    Client next(m_proxy.port());
    next.ask(kFetch, 2);

    EXPECT_EQ(next.heard(), 2); // by then the order was carried out
    client.ask(kFetch, 3);
    EXPECT_TRUE(client.silent());
    EXPECT_EQ(m_broker.requests, 2);
}

TEST_F(Proxy, FrozenItPassesNothingUntilItThaws) {
    Client client(m_proxy.port());
    client.ask(kFetch, 1);
    ASSERT_EQ(client.heard(), 1);

    m_proxy.set({.frozen = true});
    client.ask(kFetch, 2);
    EXPECT_TRUE(client.silent());
    m_proxy.set({});

    EXPECT_EQ(client.heard(), 2);
}

TEST_F(Proxy, DelaysAndKeepsTheOrder) {
    m_proxy.set({.delay = 30ms});
    Client client(m_proxy.port());
    for (std::uint32_t number = 1; number <= 20; ++number) {
        client.ask(kFetch, number);
    }
    for (std::uint32_t number = 1; number <= 20; ++number) {
        EXPECT_EQ(client.heard(), number);
    }
}

TEST_F(Proxy, CutsByChanceWithinFrames) {
    m_proxy.set({.cutEveryFrames = 5});
    int cuts = 0;
    for (int round = 0; round < 40; ++round) {
        Client client(m_proxy.port());
        client.ask(kFetch, 1);
        cuts += client.heard() == -1 ? 1 : 0;
    }
    EXPECT_GT(cuts, 3);
    EXPECT_LT(cuts, 37);
}

} // namespace
} // namespace dashstream::testing
