#include "tests/support/proxy_connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace dashstream::testing {

namespace {

constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kQueuedFrames = 64; ///< then the other side is not read any further

bool wouldBlock() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

ProxyConnection::~ProxyConnection() {
    close(m_client.socket);
    if (!m_brokerGone) {
        close(m_broker.socket); // orderly: what was passed to the broker stays passed
    }
}

void ProxyConnection::prepare(pollfd& client, pollfd& broker, const ProxyRules& rules, Time now) const {
    const auto events = [&](const Side& side, const Side& other) {
        const bool canRead = !side.ended && other.out.size() < kQueuedFrames && !rules.frozen;
        const bool canWrite = !side.out.empty() && side.out.front().first <= now && !rules.frozen;
        return static_cast<short>((canRead ? POLLIN : 0) | (canWrite ? POLLOUT : 0));
    };
    client = {rules.frozen || m_brokerGone ? -1 : m_client.socket, events(m_client, m_broker), 0};
    broker = {rules.frozen || m_brokerGone ? -1 : m_broker.socket, events(m_broker, m_client), 0};
}

ProxyConnection::Time ProxyConnection::due() const {
    Time next = Time::max();
    for (const Side* side : {&m_client, &m_broker}) {
        next = side->out.empty() ? next : std::min(next, side->out.front().first);
    }
    return next;
}

bool ProxyConnection::exchange(const pollfd& client, const pollfd& broker, const ProxyRules& rules, Time now,
                               std::uint64_t draw) {
    if (rules.frozen || m_brokerGone) {
        return true;
    }
    m_draw = draw;
    constexpr short kRead = POLLIN | POLLHUP | POLLERR;
    if ((client.revents & kRead) != 0 && !receive(m_client)) {
        return false;
    }
    if ((broker.revents & kRead) != 0 && !receive(m_broker)) {
        return false;
    }
    passRequests(rules, now);
    passAnswers(rules, now);
    if (!deliver(m_broker, now) || !deliver(m_client, now)) {
        return false;
    }
    const bool all = m_client.out.empty() && m_broker.out.empty();
    return !(all && (m_cut || m_client.ended || m_broker.ended));
}

bool ProxyConnection::receive(Side& from) {
    std::string piece(kPiece, '\0');
    const ssize_t got = recv(from.socket, piece.data(), piece.size(), 0);
    if (got > 0) {
        from.in.add(std::string_view(piece).substr(0, static_cast<std::size_t>(got)));
    } else if (got == 0) {
        from.ended = true;
    }
    return got >= 0 || wouldBlock();
}

bool ProxyConnection::deliver(Side& to, Time now) {
    while (!to.out.empty() && to.out.front().first <= now) {
        const std::string& frame = to.out.front().second;
        const ssize_t done = send(to.socket, frame.data() + to.written, frame.size() - to.written, MSG_NOSIGNAL);
        if (done < 0) {
            return wouldBlock();
        }
        to.written += static_cast<std::size_t>(done);
        if (to.written == frame.size()) {
            to.out.pop_front();
            to.written = 0;
        }
    }
    return true;
}

void ProxyConnection::passRequests(const ProxyRules& rules, Time now) {
    while (auto request = m_client.in.next()) {
        if (kafka_frames::kindOf(*request) == kafka_frames::kProduce) {
            ++m_produceRequests;
            m_produceNumbers.insert(kafka_frames::requestNumber(*request));
        }
        push(m_broker, std::move(*request), rules, now);
    }
}

void ProxyConnection::passAnswers(const ProxyRules& rules, Time now) {
    while (auto answer = m_broker.in.next()) {
        const bool toProduce = m_produceNumbers.erase(kafka_frames::answerNumber(*answer)) != 0;
        m_mute |= toProduce && rules.loseProduceAnswers;
        if (m_mute) {
            m_lostAnswers += toProduce ? 1 : 0;
        } else {
            push(m_client, std::move(*answer), rules, now);
        }
    }
}

void ProxyConnection::push(Side& to, std::string frame, const ProxyRules& rules, Time now) {
    if (m_cut) {
        return;
    }
    m_draw = m_draw * 6364136223846793005ULL + 1442695040888963407ULL;
    if (rules.cutEveryFrames > 0 && (m_draw >> 33) % rules.cutEveryFrames == 0) {
        m_cut = true;
        frame.resize((m_draw >> 13) % (frame.size() + 1));
    }
    if (!frame.empty()) {
        to.out.emplace_back(now + rules.delay, std::move(frame));
    }
}

void ProxyConnection::forgetBroker() {
    if (!m_brokerGone) {
        m_brokerGone = true;
        close(m_broker.socket);
    }
}

void ProxyConnection::resetClient() {
    const linger atOnce{1, 0};
    setsockopt(m_client.socket, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
}

} // namespace dashstream::testing
