// The endpoints over real HTTP, on a real engine, also while that hangs.
#include "core/monitor/endpoints.h"
#include "tests/core/engine/engine_rig.h"
#include "tests/core/monitor/snapshots.h"
#include "tests/support/http_get.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

namespace dashstream::monitor {
namespace {

using ::testing::HasSubstr;
using testing::httpGet;
using ::testing::StartsWith;

constexpr const char* kLoopback = "127.0.0.1";

/// A port that nobody listens on now.
int freePort() {
    auto server = HttpServer::start({kLoopback, 0}, [](const HttpRequest&) { return HttpReply(); });
    return server ? (*server)->port() : 0;
}

std::string address(int port) {
    return std::string(kLoopback) + ":" + std::to_string(port);
}

/// Endpoints on a snapshot that the test sets.
class EndpointsTest : public ::testing::Test {
protected:
    EndpointParts parts() {
        return {[this] { return std::make_shared<const engine::Snapshot>(m_snapshot); },
                &m_clock,
                m_redactor,
                {"0.1.0", "2.14.2"}};
    }
    void SetUp() override {
        m_snapshot = test::goodSnapshot();
        m_snapshot.taken = m_clock.steadyNow();
    }

    SystemClock m_clock;
    std::shared_ptr<observe::Redactor> m_redactor = std::make_shared<observe::Redactor>();
    engine::Snapshot m_snapshot;
};

TEST_F(EndpointsTest, EachPathAnswersWithItsTypeAndStatus) {
    Endpoints endpoints(parts());
    const int port = freePort();
    ASSERT_TRUE(endpoints.listen({address(port), address(port)})); // both on one

    const auto metrics = httpGet(kLoopback, port, "/metrics");
    EXPECT_EQ(metrics.status, 200);
    EXPECT_THAT(metrics.head, HasSubstr("text/plain; version=0.0.4; charset=utf-8"));
    EXPECT_THAT(metrics.body, HasSubstr("dashstream_health_ready 1\n"));
    for (const char* path : {"/live", "/livez", "/ready", "/readyz", "/health", "/healthz"}) {
        EXPECT_EQ(httpGet(kLoopback, port, path).status, 200) << path;
    }
    EXPECT_THAT(httpGet(kLoopback, port, "/live").body, StartsWith("live\nengine: ok"));
    EXPECT_EQ(nlohmann::json::parse(httpGet(kLoopback, port, "/health").body)["parts"]["store"]["state"], "ok");
    EXPECT_THAT(httpGet(kLoopback, port, "/health?format=text").body, StartsWith("ready\n"));
    EXPECT_THAT(httpGet(kLoopback, port, "/ready", "Accept: application/json\r\n").head, HasSubstr("application/json"));
    EXPECT_EQ(httpGet(kLoopback, port, "/nothing").status, 404);
    EXPECT_EQ(httpGet(kLoopback, port, "/metrics", {}, "POST").status, 405);
    EXPECT_EQ(httpGet(kLoopback, port, "/ready", {}, "HEAD").body, "");
}

TEST_F(EndpointsTest, NotReadyIs503AndSaysWhyWithoutSecrets) {
    m_redactor->addSecret("hunter22");
    engine::Condition condition;
    condition.id = "brokers.down";
    condition.urgency = engine::Urgency::Critical;
    condition.title = "No broker takes hunter22";
    m_snapshot.conditions.push_back(condition);
    Endpoints endpoints(parts());
    const int port = freePort();
    ASSERT_TRUE(endpoints.listen({"", address(port)}));

    for (const char* path : {"/ready", "/health"}) {
        const auto answer = httpGet(kLoopback, port, path);
        EXPECT_EQ(answer.status, 503) << path;
        EXPECT_THAT(answer.body, HasSubstr("No broker takes "));
        EXPECT_EQ(answer.body.find("hunter22"), std::string::npos) << answer.body;
    }
    EXPECT_EQ(httpGet(kLoopback, port, "/live").status, 200);
    EXPECT_EQ(httpGet(kLoopback, port, "/metrics").status, 404);
}

TEST_F(EndpointsTest, Ipv6InBracketsIsServed) {
    Endpoints endpoints(parts());
    const int port = freePort();
    const auto listening = endpoints.listen({"[::1]:" + std::to_string(port), ""});
    if (!listening) {
        GTEST_SKIP() << "no IPv6 here: " << listening.error().text();
    }
    EXPECT_EQ(httpGet("::1", port, "/metrics").status, 200);
}

TEST_F(EndpointsTest, UsedPortIsSaidAndWhatWasServedStays) {
    Endpoints first(parts());
    Endpoints second(parts());
    const int used = freePort();
    ASSERT_TRUE(first.listen({address(used), ""}));
    const int own = freePort();
    ASSERT_TRUE(second.listen({"", address(own)}));

    const auto refused = second.listen({address(used), ""});

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "http.listen");
    EXPECT_EQ(refused.error().message,
              "metrics.listen: Cannot listen on " + address(used) + ": another process uses this port");
    EXPECT_EQ(httpGet(kLoopback, own, "/live").status, 200);
    EXPECT_EQ(httpGet(kLoopback, used, "/metrics").status, 200);
    EXPECT_FALSE(second.listen({"192.0.2.1:" + std::to_string(own), ""})); // not of this machine
}

TEST_F(EndpointsTest, AddressesChangeWhileItRuns) {
    Endpoints endpoints(parts());
    const int one = freePort();
    ASSERT_TRUE(endpoints.listen({address(one), address(one)}));
    const int two = freePort();
    ASSERT_TRUE(endpoints.listen({address(two), address(one)}));
    EXPECT_EQ(httpGet(kLoopback, two, "/metrics").status, 200);
    EXPECT_EQ(httpGet(kLoopback, one, "/metrics").status, 404);
    EXPECT_EQ(httpGet(kLoopback, one, "/live").status, 200);
    endpoints.close();
    EXPECT_EQ(httpGet(kLoopback, one, "/live").status, 0);
}

TEST_F(EndpointsTest, ClientsThatSendNothingHoldNobodyUp) {
    Endpoints endpoints(parts());
    const int port = freePort();
    ASSERT_TRUE(endpoints.listen({"", address(port)}));
    std::vector<int> silent;
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 20; ++i) {
        silent.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        ASSERT_EQ(::connect(silent.back(), reinterpret_cast<const sockaddr*>(&where), sizeof(where)), 0);
        ASSERT_EQ(::send(silent.back(), "GET /li", 7, MSG_NOSIGNAL), 7);
    }

    const auto answer = httpGet(kLoopback, port, "/live");

    EXPECT_EQ(answer.status, 200);
    for (const int socket : silent) {
        ::close(socket);
    }
}

/// The engine hangs in a listener that a test holds.
TEST(EndpointsOnEngine, AnswerWhileTheEngineHangs) {
    engine::test::EngineRig rig;
    rig.start();
    ASSERT_TRUE(rig.waitFor(
        [](const engine::Snapshot& shown) { return shown.connection == engine::ConnectionState::Connected; }));
    /// Runs ahead of the real time by what the test says.
    class Ahead final : public Clock {
    public:
        SteadyTime steadyNow() const override { return SystemClock().steadyNow() + milliseconds{ahead.load()}; }
        UtcTime utcNow() const override { return SystemClock().utcNow(); }
        std::atomic<int> ahead{0};
    };
    Ahead clock;
    Endpoints endpoints({[&rig] { return rig.engine->snapshot(); }, &clock, nullptr, {}});
    const int port = freePort();
    ASSERT_TRUE(endpoints.listen({address(port), address(port)}));
    EXPECT_EQ(httpGet(kLoopback, port, "/ready").status, 200);

    std::promise<void> release;
    std::promise<void> held;
    std::atomic<bool> once{false};
    rig.engine->setSnapshotListener([&, wait = release.get_future().share()](const auto&) {
        if (!once.exchange(true)) {
            held.set_value();
            wait.wait();
        }
    });
    held.get_future().wait();
    clock.ahead = static_cast<int>(kFrozenAfter.count()) + 1000; // so long it hangs already

    const auto live = httpGet(kLoopback, port, "/live");
    const auto ready = httpGet(kLoopback, port, "/ready");
    const auto metrics = httpGet(kLoopback, port, "/metrics");
    release.set_value();

    EXPECT_EQ(live.status, 503);
    EXPECT_THAT(live.body, HasSubstr("not live\nengine: failing (It has not moved for"));
    EXPECT_EQ(ready.status, 503);
    EXPECT_EQ(metrics.status, 200);
    EXPECT_THAT(metrics.body, HasSubstr("dashstream_health_live 0\n"));
    clock.ahead = 0;
    EXPECT_TRUE(
        testing::waitUntil([&] { return httpGet(kLoopback, port, "/live").status == 200; }, std::chrono::seconds(30)));
    endpoints.close();
}

} // namespace
} // namespace dashstream::monitor
