#include "tests/support/http_get.h"

#include "tests/support/tcp_connect.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace dashstream::testing {

HttpAnswer httpGet(const std::string& host, int port, const std::string& path, const std::string& headers,
                   const std::string& method) {
    const auto begun = std::chrono::steady_clock::now();
    HttpAnswer answer;
    const int socket = tcpConnect(host, port, std::chrono::seconds(10));
    if (socket < 0) {
        return answer;
    }
    const std::string request =
        method + " " + path + " HTTP/1.0\r\nHost: test\r\nConnection: close\r\n" + headers + "\r\n";
    std::string text;
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
        std::array<char, 65536> piece{};
        for (ssize_t got = 1; got > 0;) {
            got = ::recv(socket, piece.data(), piece.size(), 0);
            text.append(piece.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
        }
    }
    ::close(socket);
    const std::size_t end = text.find("\r\n\r\n");
    if (text.starts_with("HTTP/1.") && end != std::string::npos) {
        answer.status = std::stoi(text.substr(9, 3));
        answer.head = text.substr(0, end);
        answer.body = text.substr(end + 4);
    }
    answer.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    return answer;
}

} // namespace dashstream::testing
