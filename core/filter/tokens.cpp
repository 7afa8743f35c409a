#include "core/filter/tokens.h"

#include <algorithm>
#include <array>
#include <utility>

namespace dashstream::filter {

namespace {
using Kind = Token::Kind;

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kSigns{{
    // Longer ones first.
    {"&&", "and"},
    {"||", "or"},
    {"==", "="},
    {"!=", "!="},
    {"<>", "!="},
    {"!~", "!~"},
    {"<=", "<="},
    {">=", ">="},
    {"=", "="},
    {"~", "~"},
    {"<", "<"},
    {">", ">"},
}};

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool endsWord(char c) {
    return isSpace(c) || std::string_view("()=!~<>,\"'&|").find(c) != std::string_view::npos;
}

bool sameWord(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

Kind kindOfWord(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, Kind>, 4> kWords{
        {{"and", Kind::And}, {"or", Kind::Or}, {"not", Kind::Not}, {"in", Kind::In}}};
    const auto found = std::ranges::find_if(kWords, [word](const auto& known) { return sameWord(word, known.first); });
    return found == kWords.end() ? Kind::Word : found->second;
}

Token quoted(std::string_view text, std::size_t at) {
    Token token{Kind::Quoted, {at, 0}, {}};
    std::size_t end = at + 1;
    for (; end < text.size() && text[end] != text[at]; ++end) {
        const bool escaped =
            text[end] == '\\' && end + 1 < text.size() && (text[end + 1] == text[at] || text[end + 1] == '\\');
        end += escaped ? 1 : 0;
        token.text += text[end];
    }
    if (end >= text.size()) {
        token.kind = Kind::Unclosed;
    }
    token.place.bytes = std::min(end + 1, text.size()) - at;
    return token;
}

Token next(std::string_view text, std::size_t at) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
        return quoted(text, at);
    }
    constexpr std::array<std::pair<char, Kind>, 3> kSingle{{{'(', Kind::Open}, {')', Kind::Close}, {',', Kind::Comma}}};
    for (const auto& [sign, kind] : kSingle) {
        if (c == sign) {
            return {kind, {at, 1}, std::string(1, c)};
        }
    }
    for (const auto& [sign, meaning] : kSigns) {
        if (text.substr(at).starts_with(sign)) {
            const Kind kind = kindOfWord(meaning);
            return {kind == Kind::Word ? Kind::Operator : kind, {at, sign.size()}, std::string(meaning)};
        }
    }
    if (c == '!') {
        return {Kind::Not, {at, 1}, "not"};
    }
    std::size_t end = at + 1; // a lone & or | is a word
    while (end < text.size() && !endsWord(text[end])) {
        ++end;
    }
    const std::string_view word = text.substr(at, end - at);
    return {kindOfWord(word), {at, word.size()}, std::string(word)};
}
} // namespace

std::vector<Token> tokensOf(std::string_view text) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < text.size();) {
        if (isSpace(text[at])) {
            ++at;
            continue;
        }
        tokens.push_back(next(text, at));
        at += tokens.back().place.bytes;
    }
    tokens.push_back({Kind::End, {text.size(), 0}, {}});
    return tokens;
}

std::string asValue(std::string_view text) {
    const auto tokens = tokensOf(text);
    if (tokens.size() == 2 && tokens.front().kind == Kind::Word && tokens.front().text == text) {
        return std::string(text);
    }
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '"';
}

} // namespace dashstream::filter
