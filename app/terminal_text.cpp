#include "app/terminal_text.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <cstdint>

namespace dashstream::app {

namespace {

struct Character {
    char32_t code = 0;
    std::size_t bytes = 1;
};

/// The character that begins at `at` of well-formed UTF-8.
Character characterAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return {first, 1};
    }
    if (first < 0xe0) {
        return {static_cast<char32_t>((first & 0x1fU) << 6U | (byte(1) & 0x3fU)), 2};
    }
    if (first < 0xf0) {
        return {static_cast<char32_t>((first & 0x0fU) << 12U | (byte(1) & 0x3fU) << 6U | (byte(2) & 0x3fU)), 3};
    }
    return {static_cast<char32_t>((first & 0x07U) << 18U | (byte(1) & 0x3fU) << 12U | (byte(2) & 0x3fU) << 6U |
                                  (byte(3) & 0x3fU)),
            4};
}

bool isControl(char32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/// Reorders or hides what stands around it (Unicode TR 36, bidirectional text spoofing), or breaks the line.
bool misleads(char32_t code) {
    return code == 0x61c || (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x2069) || code == 0xfeff;
}

bool isWide(char32_t code) {
    return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
           (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
           (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
           (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) ||
           (code >= 0x20000 && code <= 0x3fffd);
}

bool isCombining(char32_t code) {
    return (code >= 0x300 && code <= 0x36f) || (code >= 0x1ab0 && code <= 0x1aff) ||
           (code >= 0x20d0 && code <= 0x20ff) || (code >= 0xfe00 && code <= 0xfe0f) ||
           (code >= 0xfe20 && code <= 0xfe2f);
}

std::string escaped(char32_t code) {
    switch (code) {
    case '\n':
        return "\\n";
    case '\t':
        return "\\t";
    case '\r':
        return "\\r";
    default:
        return code < 0x100 ? fmt::format("\\x{:02x}", static_cast<std::uint32_t>(code))
                            : fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
    }
}

/// Calls `take(character, its bytes)`; broken bytes come one by one as character 0xfffd with `broken` set.
template <typename Take>
void forEachCharacter(std::string_view text, Take take) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t invalid = findInvalidUtf8(text.substr(at));
        const std::size_t end = invalid == std::string_view::npos ? text.size() : at + invalid;
        while (at < end) {
            const Character character = characterAt(text, at);
            take(character.code, text.substr(at, character.bytes), false);
            at += character.bytes;
        }
        if (at < text.size()) {
            take(char32_t{0xfffd}, text.substr(at, 1), true);
            ++at;
        }
    }
}

} // namespace

std::string escapeForTerminal(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    forEachCharacter(text, [&out](char32_t code, std::string_view bytes, bool broken) {
        if (broken) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()));
        } else if (isControl(code) || misleads(code)) {
            out += escaped(code);
        } else {
            out += bytes;
        }
    });
    return out;
}

std::string escapeInJson(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    forEachCharacter(json, [&out](char32_t code, std::string_view bytes, bool broken) {
        if (broken) {
            out += "\xef\xbf\xbd"; // U+FFFD
        } else if ((isControl(code) && code != '\n' && code != '\t') || misleads(code)) {
            out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
        } else {
            out += bytes;
        }
    });
    return out;
}

std::size_t columns(std::string_view text) {
    std::size_t count = 0;
    forEachCharacter(text, [&count](char32_t code, std::string_view, bool) {
        count += isCombining(code) ? 0U : (isWide(code) ? 2U : 1U);
    });
    return count;
}

std::string shortened(std::string_view text, std::size_t limit) {
    if (columns(text) <= limit) {
        return std::string(text);
    }
    std::string out;
    std::size_t used = 1; // for the mark
    bool full = false;
    forEachCharacter(text, [&](char32_t code, std::string_view bytes, bool) {
        const std::size_t width = isCombining(code) ? 0U : (isWide(code) ? 2U : 1U);
        full = full || used + width > limit;
        if (!full) {
            out += bytes;
            used += width;
        }
    });
    return out + "…";
}

} // namespace dashstream::app
