#include "tests/integration/proxied_kafka.h"

#include "tests/support/wait.h"

namespace dashstream::testing {

using namespace std::chrono_literals;

std::vector<std::unique_ptr<TcpProxy>> OnProxiedKafka::s_proxies;

void OnProxiedKafka::start(int nodes, const std::map<std::string, std::string>& properties) {
    options = {};
    options.nodes = nodes;
    options.properties = properties;
    s_proxies.clear();
    for (int node = 1; node <= nodes; ++node) {
        s_proxies.push_back(std::make_unique<TcpProxy>(static_cast<std::uint64_t>(node)));
        options.advertisedPorts.push_back(s_proxies.back()->port());
    }
    OnKafka::SetUpTestSuite();
    if (HasFatalFailure()) {
        return;
    }
    for (int node = 1; node <= nodes; ++node) {
        proxy(node).setTarget(kafka().proxiedPort(node));
    }
}

void OnProxiedKafka::TearDownTestSuite() {
    OnKafka::TearDownTestSuite();
    s_proxies.clear();
}

void OnProxiedKafka::TearDown() {
    for (const auto& each : s_proxies) {
        each->set({});
        each->cut();
    }
}

std::map<std::string, std::string> OnProxiedKafka::throughProxies() {
    std::map<std::string, std::string> result = quickToFindOut(settings());
    result["kafka.bootstrap_servers"] = kafka().bootstrapServers(Listener::Proxied);
    result["kafka.extra.socket.timeout.ms"] = "3000";
    return result;
}

bool Mischief::loseAcknowledgements(Process& producer) {
    const std::uint64_t before = m_proxy.lostAnswers();
    const std::uint64_t wanted = before + m_draws.between(1, 3);
    m_proxy.set({.loseProduceAnswers = true});
    // the second and third come only where the producer has that many under way
    return waitUntil([&] { return m_proxy.lostAnswers() > before || !producer.running(); }, 10s) &&
           (waitUntil([&] { return m_proxy.lostAnswers() >= wanted || !producer.running(); }, 200ms) ||
            producer.running());
}

void Mischief::doSomething(Process& producer) {
    const auto letBe = [&](std::chrono::milliseconds most) { (void)producer.endsWithin(m_draws.upTo(most)); };
    switch (m_draws.between(1, 10)) {
    case 1:
    case 2:
    case 3:
    case 4:
        (void)loseAcknowledgements(producer);
        break;
    case 5: // before or after the broker has it: nobody knows
        letBe(100ms);
        break;
    case 6:
        m_proxy.set({.delay = m_draws.upTo(80ms)});
        letBe(500ms);
        m_proxy.set({});
        ++m_done;
        return;
    case 7:
        m_proxy.set({.cutEveryFrames = m_draws.between(2, 30)});
        letBe(800ms);
        break;
    case 8:
        m_proxy.set({.frozen = true});
        letBe(500ms);
        m_proxy.set({});
        ++m_done;
        return;
    case 9:
        m_proxy.set({.frozen = true});
        letBe(500ms);
        break;
    default:
        m_proxy.leaveHalfOpen();
        letBe(200ms);
        ++m_done;
        return;
    }
    m_proxy.cut();
    m_proxy.set({});
    ++m_done;
    letBe(200ms);
}

} // namespace dashstream::testing
