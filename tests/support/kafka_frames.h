// Kafka's protocol as far as a proxy needs it: every request and answer begins with its length (4 bytes), a request
// then has its kind (2), version (2) and number (4), an answer its request's number (4). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dashstream::testing::kafka_frames {

inline constexpr std::int16_t kProduce = 0;

[[nodiscard]] inline std::uint32_t number(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    }
    return value;
}
/// Of a whole request.
[[nodiscard]] inline std::int16_t kindOf(std::string_view request) {
    return static_cast<std::int16_t>(request.size() < 6 ? 0xFFFF : number(request, 4) >> 16);
}
[[nodiscard]] inline std::uint32_t requestNumber(std::string_view request) {
    return request.size() < 12 ? 0 : number(request, 8);
}
[[nodiscard]] inline std::uint32_t answerNumber(std::string_view answer) {
    return answer.size() < 8 ? 0 : number(answer, 4);
}

/// Bytes of one direction in, whole frames (with their length) out.
class Assembler {
public:
    void add(std::string_view bytes) { m_bytes += bytes; }
    [[nodiscard]] std::optional<std::string> next() {
        if (m_bytes.size() < 4 || m_bytes.size() < 4 + std::size_t{number(m_bytes, 0)}) {
            return std::nullopt;
        }
        const std::size_t length = 4 + std::size_t{number(m_bytes, 0)};
        std::string frame = m_bytes.substr(0, length);
        m_bytes.erase(0, length);
        return frame;
    }

private:
    std::string m_bytes;
};

} // namespace dashstream::testing::kafka_frames
