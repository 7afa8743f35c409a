#include "tests/support/http_get.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace dashstream::testing {

namespace {

int connected(const std::string& host, int port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICHOST;
    addrinfo* list = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list) != 0) {
        return -1;
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(list, &::freeaddrinfo);
    const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{10, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (::connect(socket, found->ai_addr, found->ai_addrlen) != 0) {
        ::close(socket);
        return -1;
    }
    return socket;
}

} // namespace

HttpAnswer httpGet(const std::string& host, int port, const std::string& path, const std::string& headers,
                   const std::string& method) {
    const auto begun = std::chrono::steady_clock::now();
    HttpAnswer answer;
    const int socket = connected(host, port);
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
