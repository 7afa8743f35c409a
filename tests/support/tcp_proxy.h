// A proxy in front of one Kafka listener that does what networks do to a connection: cuts it between a request and its
// acknowledgement, delays, cuts anywhere, falls silent, loses one side. It listens on a free loopback port of its own;
// the broker must advertise that port (KafkaOptions::advertisedPorts), or clients go past it. It has one thread, ended
// by the destructor together with every connection. Any thread may call it.
#pragma once

#include "tests/support/proxy_connection.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace dashstream::testing {

class TcpProxy {
public:
    /// Listens at once, and holds connections back until it has a target. Aborts where it cannot listen.
    explicit TcpProxy(std::uint64_t seed = 1);
    ~TcpProxy();
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    [[nodiscard]] int port() const { return m_port; }
    /// Where it leads, on loopback.
    void setTarget(int port);

    // Each of these returns once it is done.
    /// For what passes from now on; ProxyRules{}: everything passes as it comes.
    void set(const ProxyRules& rules);
    /// Cuts every connection: the client gets a reset, and what was passed to the broker stays passed.
    void cut();
    /// Every connection there is: the broker's side is gone, and the client's stays open and silent. New ones pass.
    void leaveHalfOpen();

    /// Produce requests that were passed to the broker.
    [[nodiscard]] std::uint64_t produceRequests() const { return m_produceRequests; }
    /// Their answers that came from the broker and were swallowed.
    [[nodiscard]] std::uint64_t lostAnswers() const { return m_lostAnswers; }

private:
    void run();
    void accept();
    void order(std::function<void()> what);
    void wake() const;
    void obey();
    void exchangeAll(const std::vector<pollfd>& waiting);

    std::atomic<bool> m_stop{false};
    std::atomic<std::uint64_t> m_produceRequests{0};
    std::atomic<std::uint64_t> m_lostAnswers{0};
    int m_listener = -1;
    int m_wake = -1;
    int m_port = 0;
    std::mutex m_lock;                           ///< of the orders
    std::vector<std::function<void()>> m_orders; ///< carried out by its thread
    int m_target = 0;                            ///< its thread's
    ProxyRules m_rules;                          ///< its thread's
    std::list<ProxyConnection> m_connections;    ///< its thread's
    std::mt19937_64 m_random;                    ///< its thread's
    std::thread m_thread;                        ///< last: it uses all of the above
};

} // namespace dashstream::testing
