#include "core/control/connection.h"

#include "core/control/protocol.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace dashstream::control {

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
/// Two of the longest answers.
constexpr std::size_t kMaxOutBytes = 2 * kMaxLineBytes;

} // namespace

bool Connection::receive(SteadyTime now) {
    std::array<char, kReadBytes> piece; // NOLINT: filled by recv
    const ssize_t got = ::recv(m_socket.get(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (got < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    }
    if (got == 0) {
        return false;
    }
    m_lastHeard = now;
    m_in.append(piece.data(), static_cast<std::size_t>(got));
    return true;
}

std::optional<std::string> Connection::nextLine() {
    const std::size_t end = m_in.find('\n', m_searched);
    if (end == std::string::npos) {
        m_searched = m_in.size();
        m_lineTooLong = m_in.size() > kMaxLineBytes;
        return std::nullopt;
    }
    std::string line = m_in.substr(0, end);
    m_in.erase(0, end + 1);
    m_searched = 0;
    if (m_in.empty()) {
        m_in.shrink_to_fit();
    }
    if (line.size() > kMaxLineBytes) {
        m_lineTooLong = true;
        return std::nullopt;
    }
    return line;
}

void Connection::send(const nlohmann::json& object) {
    m_out += toLine(object);
}

bool Connection::flush() {
    while (m_written < m_out.size()) {
        const ssize_t sent =
            ::send(m_socket.get(), m_out.data() + m_written, m_out.size() - m_written, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) {
            const bool full = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
            return full && m_out.size() - m_written <= kMaxOutBytes;
        }
        m_written += static_cast<std::size_t>(sent);
    }
    m_out.clear();
    m_written = 0;
    return true;
}

} // namespace dashstream::control
