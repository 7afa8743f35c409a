#include "core/base/utf8.h"

#include <cstdint>
#include <cstring>

namespace dashstream {

Utf8Character firstUtf8Character(std::string_view text) {
    const auto byteAt = [text](std::size_t index) {
        return index < text.size() ? static_cast<std::uint8_t>(text[index]) : std::uint8_t{0};
    };
    const std::uint8_t first = byteAt(0);
    if (first < 0x80) {
        return text.empty() ? Utf8Character{} : Utf8Character{first, 1};
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) { // a byte that continues, an overlong form, or above U+10FFFF
        return {};
    }
    const std::uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;  // no overlong forms
    const std::uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF; // no surrogates, nothing above
    char32_t point = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const std::uint8_t next = byteAt(i);
        if (next < (i == 1 ? low : 0x80) || next > (i == 1 ? high : 0xBF)) {
            return {};
        }
        point = (point << 6U) | (next & 0x3FU);
    }
    return {point, length};
}

std::size_t findInvalidUtf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t eight = 0;
        if (text.size() - at >= sizeof eight) { // most text is ASCII: eight at once
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if ((eight & 0x8080808080808080ULL) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        const std::size_t length = firstUtf8Character(text.substr(at)).length;
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return std::string_view::npos;
}

} // namespace dashstream
