#include "core/observe/line_format.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace dashstream::observe {

namespace {

struct Decoded {
    std::uint32_t point = 0;
    std::size_t length = 0; ///< 0: no valid UTF-8 here
};

/// One character of UTF-8 by RFC 3629: no overlong forms, no surrogates, at most U+10FFFF.
Decoded decodeUtf8(std::string_view text) {
    const auto byteAt = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byteAt(0);
    if (first < 0x80U) {
        return {first, 1};
    }
    const std::size_t length = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : 2;
    if (first < 0xC2U || first > 0xF4U || text.size() < length) {
        return {};
    }
    std::uint32_t point = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(i) & 0xC0U) != 0x80U) {
            return {};
        }
        point = (point << 6U) | (byteAt(i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < kSmallest[length] || point > 0x10FFFF || surrogate) {
        return {};
    }
    return {point, length};
}

bool breaksTheLine(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x2028 || point == 0x2029 || point == 0x200E ||
           point == 0x200F || point == 0x061C || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

void appendEscape(std::string& out, std::uint32_t point) {
    std::array<char, 16> text{};
    switch (point) {
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        std::snprintf(text.data(), text.size(), point < 0x80 ? "\\x%02X" : "\\u{%04X}", static_cast<unsigned>(point));
        out += text.data();
    }
}

} // namespace

std::string escapeControls(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Decoded character = decodeUtf8(text);
        if (character.length == 0) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\x%02X", static_cast<unsigned>(text[0]) & 0xFFU);
            out += escape.data();
            text.remove_prefix(1);
            continue;
        }
        if (breaksTheLine(character.point)) {
            appendEscape(out, character.point);
        } else {
            out += text.substr(0, character.length);
        }
        text.remove_prefix(character.length);
    }
    return out;
}

std::string limitText(std::string text, std::size_t limit) {
    if (text.size() <= limit) {
        return text;
    }
    std::size_t cut = limit;
    while (cut > 0 && (static_cast<std::uint8_t>(text[cut]) & 0xC0U) == 0x80U) {
        --cut;
    }
    const std::size_t left = text.size() - cut;
    text.resize(cut);
    text += "… (" + std::to_string(left) + " bytes more)";
    return text;
}

std::string formatLine(const LogLine& line) {
    std::string out = toRfc3339(line.at);
    const auto column = [&out](std::string_view text, std::size_t width) {
        out += ' ';
        out += text;
        out.append(text.size() < width ? width - text.size() : 0, ' ');
    };
    column(toText(line.level), 7);
    column(line.component, 8);
    column(line.text, 0);
    return out;
}

} // namespace dashstream::observe
