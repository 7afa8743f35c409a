#include "core/wire/base64.h"

#include <array>
#include <cstdint>

namespace dashstream::wire {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xFF;

constexpr std::array<std::uint8_t, 256> makeValues() {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNone);
    for (std::size_t index = 0; index < kAlphabet.size(); ++index) {
        values[static_cast<std::uint8_t>(kAlphabet[index])] = static_cast<std::uint8_t>(index);
    }
    return values;
}
constexpr std::array<std::uint8_t, 256> kValues = makeValues();

} // namespace

std::string toBase64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t index = 0; index < 3; ++index) {
            group = (group << 8) | (index < count ? static_cast<std::uint8_t>(bytes[at + index]) : 0U);
        }
        for (std::size_t index = 0; index < 4; ++index) {
            text += index <= count ? kAlphabet[(group >> (18 - 6 * index)) & 63U] : '=';
        }
    }
    return text;
}

std::optional<std::string> fromBase64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t at = 0; at < text.size(); at += 4) {
        std::size_t padding = 0;
        if (at + 4 == text.size()) {
            padding = text[at + 3] != '=' ? 0 : text[at + 2] != '=' ? 1 : 2;
        }
        std::uint32_t group = 0;
        for (std::size_t index = 0; index < 4; ++index) {
            const std::uint8_t value = index < 4 - padding ? kValues[static_cast<std::uint8_t>(text[at + index])] : 0;
            if (value == kNone) {
                return std::nullopt;
            }
            group = (group << 6) | value;
        }
        const std::uint32_t stray = padding == 0 ? 0 : group & ((1U << (8 * padding)) - 1);
        if (stray != 0) {
            return std::nullopt;
        }
        for (std::size_t index = 0; index < 3 - padding; ++index) {
            bytes += static_cast<char>((group >> (16 - 8 * index)) & 0xFFU);
        }
    }
    return bytes;
}

} // namespace dashstream::wire
