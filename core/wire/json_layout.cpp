#include "core/wire/json_layout.h"

#include <algorithm>

namespace dashstream::wire {

namespace {
/// Deeper levels are not told apart, or hostile nesting would make a text as long as its square.
constexpr std::size_t kDeepest = 40;
constexpr std::size_t kIndent = 2;

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isOpening(char c) {
    return c == '{' || c == '[';
}

bool isClosing(char c) {
    return c == '}' || c == ']';
}

/// Behind what begins at `at`: a whole string, else one character.
std::size_t endOfPiece(std::string_view text, std::size_t at) {
    const char quote = text[at];
    if (quote != '"' && quote != '\'') {
        return at + 1;
    }
    for (++at; at < text.size() && text[at] != quote; ++at) {
        if (text[at] == '\\') {
            ++at;
        }
    }
    return std::min(at + 1, text.size());
}
} // namespace

std::string laidOutJson(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 2);
    std::size_t depth = 0;
    char before = '\0'; // begins the piece before; 0: there is none
    bool spaced = false;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (isSpace(c)) {
            spaced = true;
            ++at;
            continue;
        }
        if (isClosing(c) && depth > 0) {
            --depth;
        }
        const bool empty = isOpening(before) && isClosing(c);
        if (!empty && before != '\0' && (isOpening(before) || before == ',' || isClosing(c))) {
            out += '\n';
            out.append(kIndent * std::min(depth, kDeepest), ' ');
        } else if (before == ':' || (spaced && !empty && before != '\0')) {
            out += ' ';
        }
        const std::size_t end = endOfPiece(text, at);
        out += text.substr(at, end - at);
        depth += isOpening(c) ? 1 : 0;
        before = c;
        spaced = false;
        at = end;
    }
    return out;
}

} // namespace dashstream::wire
