#include "tests/support/tcp_proxy.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <utility>

namespace dashstream::testing {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kBacklog = 128;
constexpr int kLongestWaitMs = 1000;

sockaddr_in loopback(int port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return where;
}

/// Connected and non-blocking; -1: nobody listens there.
int connectTo(int port) {
    const int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in where = loopback(port);
    if (connect(handle, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) { // loopback: at once
        close(handle);
        return -1;
    }
    fcntl(handle, F_SETFL, O_NONBLOCK);
    return handle;
}

void sendAtOnce(int handle) {
    const int yes = 1;
    setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

} // namespace

TcpProxy::TcpProxy(std::uint64_t seed) : m_random(seed) {
    m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in where = loopback(0);
    socklen_t length = sizeof where;
    auto* general = reinterpret_cast<sockaddr*>(&where);
    if (bind(m_listener, general, length) != 0 || getsockname(m_listener, general, &length) != 0 ||
        listen(m_listener, kBacklog) != 0) {
        std::perror("test support: the proxy cannot listen");
        std::abort();
    }
    m_port = ntohs(where.sin_port);
    m_wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m_thread = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
    m_stop = true;
    wake();
    m_thread.join();
    m_connections.clear();
    close(m_listener);
    close(m_wake);
}

void TcpProxy::setTarget(int port) {
    order([this, port] { m_target = port; });
}

void TcpProxy::set(const ProxyRules& rules) {
    order([this, rules] { m_rules = rules; });
}

void TcpProxy::cut() {
    order([this] {
        for (ProxyConnection& connection : m_connections) {
            connection.resetClient();
        }
        m_connections.clear();
    });
}

void TcpProxy::leaveHalfOpen() {
    order([this] {
        for (ProxyConnection& connection : m_connections) {
            connection.forgetBroker();
        }
    });
}

void TcpProxy::order(std::function<void()> what) {
    std::promise<void> done;
    {
        const std::lock_guard hold(m_lock);
        m_orders.emplace_back([&] {
            what();
            done.set_value();
        });
    }
    wake();
    done.get_future().wait(); // its thread waits for nothing longer than a second
}

void TcpProxy::wake() const {
    const std::uint64_t one = 1;
    static_cast<void>(!write(m_wake, &one, sizeof one));
}

void TcpProxy::run() {
    while (!m_stop) {
        obey();
        const auto now = SteadyClock::now();
        auto due = now + std::chrono::milliseconds(kLongestWaitMs);
        std::vector<pollfd> waiting{{m_wake, POLLIN, 0},
                                    {m_rules.frozen || m_target == 0 ? -1 : m_listener, POLLIN, 0}};
        for (const ProxyConnection& connection : m_connections) {
            waiting.resize(waiting.size() + 2);
            connection.prepare(waiting[waiting.size() - 2], waiting.back(), m_rules, now);
            if (connection.due() > now) {
                due = std::min(due, connection.due());
            }
        }
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - now);
        poll(waiting.data(), waiting.size(), m_rules.frozen ? kLongestWaitMs : static_cast<int>(wait.count()));
        std::uint64_t ignored = 0;
        static_cast<void>(!read(m_wake, &ignored, sizeof ignored));
        exchangeAll(waiting);
        if ((waiting[1].revents & POLLIN) != 0) {
            accept();
        }
    }
}

void TcpProxy::obey() {
    std::vector<std::function<void()>> orders;
    {
        const std::lock_guard hold(m_lock);
        orders.swap(m_orders);
    }
    for (const auto& each : orders) {
        each();
    }
}

void TcpProxy::exchangeAll(const std::vector<pollfd>& waiting) {
    std::size_t at = 2;
    for (auto connection = m_connections.begin(); connection != m_connections.end(); at += 2) {
        const bool goesOn = connection->exchange(waiting[at], waiting[at + 1], m_rules, SteadyClock::now(), m_random());
        m_produceRequests += connection->takeProduceRequests();
        m_lostAnswers += connection->takeLostAnswers();
        connection = goesOn ? std::next(connection) : m_connections.erase(connection);
    }
}

void TcpProxy::accept() {
    const int client = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) {
        return;
    }
    const int broker = connectTo(m_target);
    if (broker < 0) {
        close(client); // as a broker that is down refuses
        return;
    }
    sendAtOnce(client);
    sendAtOnce(broker);
    m_connections.emplace_back(client, broker);
}

} // namespace dashstream::testing
