#include "tests/support/producer_ids.h"

#include "tests/support/kafka_frames.h"
#include "tests/support/tcp_connect.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace dashstream::testing {

namespace {
using namespace std::string_view_literals;

/// InitProducerId, version 1, number 1: no client id, no transactional id, 60 s.
constexpr std::string_view kRequest = "\0\0\0\x10\0\x16\0\1\0\0\0\1\xff\xff\xff\xff\0\0\xea\x60"sv;
constexpr std::size_t kErrorAt = 12; ///< in an answer: length, number, throttle time

bool succeeded(std::string_view answer) {
    return answer.size() >= kErrorAt + 2 && answer[kErrorAt] == 0 && answer[kErrorAt + 1] == 0;
}
} // namespace

bool takeProducerId(const std::string& host, int port) {
    const int socket = tcpConnect(host, port, std::chrono::seconds(10));
    if (socket < 0) {
        return false;
    }
    kafka_frames::Assembler answers;
    std::optional<std::string> answer;
    if (::send(socket, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(kRequest.size())) {
        std::array<char, 256> piece{};
        for (ssize_t got = 1; got > 0 && !answer; answer = answers.next()) {
            got = ::recv(socket, piece.data(), piece.size(), 0);
            answers.add({piece.data(), got > 0 ? static_cast<std::size_t>(got) : 0});
        }
    }
    ::close(socket);
    return answer && succeeded(*answer);
}

} // namespace dashstream::testing
