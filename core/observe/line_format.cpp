#include "core/observe/line_format.h"

#include "core/base/utf8.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace dashstream::observe {

namespace {

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
        const Utf8Character character = firstUtf8Character(text);
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
