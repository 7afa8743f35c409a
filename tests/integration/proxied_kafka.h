// Real Kafka whose producers come through proxies, one before each node; the test itself goes past them. One thread.
#pragma once

#include "tests/integration/fault_rig.h"
#include "tests/support/tcp_proxy.h"

#include <memory>
#include <vector>

namespace dashstream::testing {

class OnProxiedKafka : public OnKafka {
protected:
    static void SetUpTestSuite() { start(1); }
    static void TearDownTestSuite();
    static void start(int nodes, const std::map<std::string, std::string>& properties = {});

    /// Nothing is hindered any more.
    void TearDown() override;
    /// Of node 1, 2, …
    [[nodiscard]] static TcpProxy& proxy(int node = 1) { return *s_proxies.at(static_cast<std::size_t>(node) - 1); }
    /// Quick to find out, and through the proxies. A connection that says nothing is given up after 3 s.
    [[nodiscard]] static std::map<std::string, std::string> throughProxies();

private:
    static std::vector<std::unique_ptr<TcpProxy>> s_proxies;
};

/// What a network does to a producer's connections, drawn one after the other.
class Mischief {
public:
    Mischief(TcpProxy& proxy, Draws& draws) : m_proxy(proxy), m_draws(draws) {}

    /// One of all kinds; ends with everything passing again. Waits for what it needs as long as `producer` runs.
    void doSomething(Process& producer);
    /// Answers to Produce requests are swallowed until some were; false: none came in time. They go on being swallowed.
    [[nodiscard]] bool loseAcknowledgements(Process& producer);
    [[nodiscard]] int done() const { return m_done; }

private:
    TcpProxy& m_proxy;
    Draws& m_draws;
    int m_done = 0;
};

} // namespace dashstream::testing
