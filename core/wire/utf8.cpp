#include "core/wire/utf8.h"

#include <cstdint>
#include <cstring>

namespace dashstream::wire {

namespace {

// Length of the well-formed character at `at`; 0: there is none.
std::size_t characterLength(std::string_view text, std::size_t at) {
    const auto byteAt = [&](std::size_t index) {
        return index < text.size() ? static_cast<std::uint8_t>(text[index]) : std::uint8_t{0};
    };
    const auto follows = [&](std::size_t index, std::uint8_t low = 0x80, std::uint8_t high = 0xBF) {
        return byteAt(index) >= low && byteAt(index) <= high;
    };
    const std::uint8_t first = byteAt(at);
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return follows(at + 1) ? 2 : 0;
    }
    if (first >= 0xE0 && first <= 0xEF) { // no overlong forms, no surrogates
        const std::uint8_t low = first == 0xE0 ? 0xA0 : 0x80;
        const std::uint8_t high = first == 0xED ? 0x9F : 0xBF;
        return follows(at + 1, low, high) && follows(at + 2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) { // nothing above U+10FFFF
        const std::uint8_t low = first == 0xF0 ? 0x90 : 0x80;
        const std::uint8_t high = first == 0xF4 ? 0x8F : 0xBF;
        return follows(at + 1, low, high) && follows(at + 2) && follows(at + 3) ? 4 : 0;
    }
    return 0;
}

bool isControl(std::string_view text, std::size_t at, std::size_t length) {
    const auto first = static_cast<std::uint8_t>(text[at]);
    return length == 1 ? first < 0x20 || first == 0x7F
                       : length == 2 && first == 0xC2 && static_cast<std::uint8_t>(text[at + 1]) < 0xA0;
}

} // namespace

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
        const std::size_t length = characterLength(text, at);
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return std::string_view::npos;
}

std::string showable(std::string_view bytes, std::size_t maxBytes) {
    std::string shown;
    std::size_t at = 0;
    while (at < bytes.size() && at < maxBytes) {
        const std::size_t length = characterLength(bytes, at);
        if (length == 0) {
            shown += "\xEF\xBF\xBD";
            ++at;
            continue;
        }
        if (isControl(bytes, at, length)) {
            shown += ' ';
        } else {
            shown.append(bytes, at, length);
        }
        at += length;
    }
    return shown;
}

} // namespace dashstream::wire
