#include "tests/support/producer_ids.h"

#include "tests/support/kafka_frames.h"
#include "tests/support/tcp_connect.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>

namespace dashstream::testing {

namespace {
using namespace std::string_view_literals;

/// InitProducerId, version 1, number 1: no client id, no transactional id, 60 s.
constexpr std::string_view kRequest = "\0\0\0\x10\0\x16\0\1\0\0\0\1\xff\xff\xff\xff\0\0\xea\x60"sv;
constexpr std::size_t kErrorAt = 12; ///< in an answer: length, number, throttle time

/// What a broker without a block of ids says while it asks the controller for one (KIP-730).
constexpr int kLoadInProgress = 14;
constexpr auto kPatience = std::chrono::seconds(10);

/// The error code of one answer; -1 without one.
int askOnce(int socket) {
    if (::send(socket, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(kRequest.size())) {
        return -1;
    }
    kafka_frames::Assembler answers;
    std::optional<std::string> answer;
    std::array<char, 256> piece{};
    for (ssize_t got = 1; got > 0 && !answer; answer = answers.next()) {
        got = ::recv(socket, piece.data(), piece.size(), 0);
        answers.add({piece.data(), got > 0 ? static_cast<std::size_t>(got) : 0});
    }
    if (!answer || answer->size() < kErrorAt + 2) {
        return -1;
    }
    return static_cast<unsigned char>((*answer)[kErrorAt]) << 8 | static_cast<unsigned char>((*answer)[kErrorAt + 1]);
}
} // namespace

bool takeProducerId(const std::string& host, int port) {
    const int socket = tcpConnect(host, port, kPatience);
    if (socket < 0) {
        return false;
    }
    int code = askOnce(socket);
    for (const auto until = std::chrono::steady_clock::now() + kPatience;
         code == kLoadInProgress && std::chrono::steady_clock::now() < until; code = askOnce(socket)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ::close(socket);
    return code == 0;
}

} // namespace dashstream::testing
