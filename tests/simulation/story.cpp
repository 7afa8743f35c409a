#include "tests/simulation/story.h"

namespace dashstream::simulation {

namespace {
constexpr std::uint8_t kMark = 0xd5;
} // namespace

MessageId idOfNumber(std::uint64_t number) {
    MessageId id;
    id.bytes[15] = kMark;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return id;
}

std::optional<std::uint64_t> numberOf(const MessageId& id) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        number |= static_cast<std::uint64_t>(id.bytes[i]) << (8 * i);
    }
    return id == idOfNumber(number) ? std::optional(number) : std::nullopt;
}

std::string bodyOf(std::uint64_t number, std::size_t bytes) {
    std::string body = "message " + std::to_string(number) + " ";
    body.resize(std::max(body.size(), bytes), static_cast<char>('a' + number % 26));
    return body;
}

} // namespace dashstream::simulation
