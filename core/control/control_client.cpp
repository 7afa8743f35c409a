#include "core/control/control_client.h"

#include "core/control/protocol.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace dashstream::control {

namespace {

/// How soon a cancel is noticed.
constexpr milliseconds kSlice{100};

Failure noAnswer(const char* what) {
    return fail(ErrorClass::Local, "control.no_answer", std::string("The process that holds the store ") + what,
                "Look at its log, and try again.");
}

} // namespace

Result<std::unique_ptr<ControlClient>> ControlClient::connect(const std::filesystem::path& folder) {
    auto path = socketPath(folder);
    if (!path) {
        return fail(path.error());
    }
    auto socket = connectTo(*path);
    if (!socket) {
        return fail(socket.error());
    }
    return std::unique_ptr<ControlClient>(new ControlClient(std::move(*socket)));
}

Result<nlohmann::json> ControlClient::request(nlohmann::json request, const OnProgress& onProgress,
                                              milliseconds patience, const CancelToken& cancel) {
    request["v"] = kProtocolVersion;
    if (auto sent = sendAll(toLine(request), patience); !sent) {
        return fail(sent.error());
    }
    while (true) {
        auto line = readLine(patience, cancel);
        if (!line) {
            return fail(line.error());
        }
        auto object = parseLine(*line);
        if (!object) {
            return fail(ErrorClass::Local, "control.bad_answer", "The process that holds the store answered unclearly",
                        "Use programs of the same version.");
        }
        if (auto error = errorOf(*object)) {
            return fail(std::move(*error));
        }
        if (flagField(*object, "final")) {
            return std::move(*object);
        }
        if (onProgress) {
            onProgress(*object);
        }
    }
}

Result<void> ControlClient::sendAll(const std::string& line, milliseconds patience) {
    std::size_t sent = 0;
    while (sent < line.size()) {
        pollfd descriptor{m_socket.get(), POLLOUT, 0};
        if (::poll(&descriptor, 1, static_cast<int>(patience.count())) == 0) {
            return noAnswer("does not read");
        }
        const ssize_t count =
            ::send(m_socket.get(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            return noAnswer("closed the connection");
        }
        sent += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return {};
}

Result<std::string> ControlClient::readLine(milliseconds patience, const CancelToken& cancel) {
    milliseconds waited{0};
    std::size_t searched = 0;
    while (true) {
        const std::size_t end = m_in.find('\n', searched);
        if (end != std::string::npos) {
            std::string line = m_in.substr(0, end);
            m_in.erase(0, end + 1);
            return line;
        }
        searched = m_in.size();
        if (searched > 2 * kMaxLineBytes) {
            return noAnswer("answers without end");
        }
        if (cancel.cancelled()) {
            return fail(ErrorClass::Cancelled, "control.cancelled", "Stopped waiting for the answer");
        }
        pollfd descriptor{m_socket.get(), POLLIN, 0};
        const int found = ::poll(&descriptor, 1, static_cast<int>(std::min(kSlice, patience).count()));
        if (found <= 0) {
            waited += kSlice;
            if (waited >= patience) {
                return noAnswer("does not answer");
            }
            continue;
        }
        std::array<char, 64 * 1024> piece; // NOLINT: filled by recv
        const ssize_t got = ::recv(m_socket.get(), piece.data(), piece.size(), MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            return noAnswer("closed the connection");
        }
        m_in.append(piece.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    }
}

} // namespace dashstream::control
