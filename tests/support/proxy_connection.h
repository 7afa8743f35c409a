// One client's connection through a TcpProxy: two sockets, and what is on its way between them. Owned by the proxy; its
// thread only. The destructor closes both sockets.
#pragma once

#include "tests/support/kafka_frames.h"

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <utility>

namespace dashstream::testing {

/// How a proxy treats what passes. Plain values: the proxy copies them under its lock.
struct ProxyRules {
    bool frozen = false;                ///< nothing passes, nothing is closed
    bool loseProduceAnswers = false;    ///< from the first such answer on, a connection says nothing more to its client
    std::chrono::milliseconds delay{0}; ///< of each request and answer
    std::uint64_t cutEveryFrames = 0;   ///< a connection is cut within a frame, one in so many by chance; 0: never
};

class ProxyConnection {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Takes both sockets; they are non-blocking.
    ProxyConnection(int client, int broker) : m_client{client}, m_broker{broker} {}
    ~ProxyConnection();
    ProxyConnection(const ProxyConnection&) = delete;
    ProxyConnection& operator=(const ProxyConnection&) = delete;

    /// What to wait for, before exchange().
    void prepare(pollfd& client, pollfd& broker, const ProxyRules& rules, Time now) const;
    /// The next time at which something delayed is due; Time::max(): nothing is.
    [[nodiscard]] Time due() const;
    /// Moves what can be moved. `draw` gives random numbers. False: the connection is over, and to be destroyed.
    [[nodiscard]] bool exchange(const pollfd& client, const pollfd& broker, const ProxyRules& rules, Time now,
                                std::uint64_t draw);

    /// The broker's side ends as if the broker had gone away, and the client is not told.
    void forgetBroker();
    /// The client's side ends with a reset instead of an orderly close.
    void resetClient();

    [[nodiscard]] std::uint64_t takeProduceRequests() { return std::exchange(m_produceRequests, 0); }
    [[nodiscard]] std::uint64_t takeLostAnswers() { return std::exchange(m_lostAnswers, 0); }

private:
    struct Side {
        int socket;
        kafka_frames::Assembler in = {};
        std::deque<std::pair<Time, std::string>> out = {};
        std::size_t written = 0; ///< of out.front()
        bool ended = false;      ///< it sends no more
    };

    [[nodiscard]] static bool receive(Side& from);
    [[nodiscard]] static bool deliver(Side& to, Time now);
    void passRequests(const ProxyRules& rules, Time now);
    void passAnswers(const ProxyRules& rules, Time now);
    void push(Side& to, std::string frame, const ProxyRules& rules, Time now);

    Side m_client;
    Side m_broker;
    std::set<std::uint32_t> m_produceNumbers; ///< asked and not answered
    std::uint64_t m_produceRequests = 0;
    std::uint64_t m_lostAnswers = 0;
    std::uint64_t m_draw = 0;
    bool m_mute = false;       ///< an answer was lost: so is whatever comes after it
    bool m_cut = false;        ///< to be cut once what is queued is written
    bool m_brokerGone = false; ///< half open
};

} // namespace dashstream::testing
