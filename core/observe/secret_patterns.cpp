#include "core/observe/secret_patterns.h"

#include "core/observe/redaction.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace dashstream::observe {

namespace {

constexpr std::array<std::string_view, 13> kSecretWords{
    "password", "passwd",      "passphrase",   "secret", "pwd",           "credential",  "apikey",
    "api_key",  "private_key", "access_token", "jaas",   "authorization", "keystore.key"};

/// A stretch of the text to be replaced.
struct Stretch {
    std::size_t begin = 0;
    std::size_t end = 0;
};

bool isKeyCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

bool isBlank(char c) {
    return c == ' ' || c == '\t';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t skip(std::string_view text, std::size_t at, bool (*matches)(char)) {
    while (at < text.size() && matches(text[at])) {
        ++at;
    }
    return at;
}

/// `\"`, `"`, `'` and the like at `at`; empty: none.
std::string_view quoteAt(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && text[end] == '\\') {
        ++end;
    }
    if (end < text.size() && (text[end] == '"' || text[end] == '\'')) {
        return text.substr(at, end - at + 1);
    }
    return {};
}

/// Where the quoted value that begins at `at` ends; an open quote hides the rest.
std::size_t quotedEnd(std::string_view text, std::size_t at, std::string_view quote) {
    if (quote.size() > 1) {
        return std::min(text.find(quote, at), text.size());
    }
    while (at < text.size() && text[at] != quote[0]) {
        at += text[at] == '\\' ? 2 : 1;
    }
    return std::min(at, text.size());
}

/// The value after a key that ends at `keyEnd`; none: no assignment follows, or an empty value.
std::optional<Stretch> valueAfterKey(std::string_view text, std::size_t keyEnd, bool wholeLine) {
    std::size_t at = keyEnd + quoteAt(text, keyEnd).size();
    at = skip(text, at, isBlank);
    if (at >= text.size() || (text[at] != '=' && text[at] != ':') || text.substr(at, 3) == "://") {
        return std::nullopt;
    }
    at = skip(text, at + 1, isBlank);
    const std::string_view quote = quoteAt(text, at);
    std::size_t end = 0;
    if (!quote.empty()) {
        at += quote.size();
        end = quotedEnd(text, at, quote);
    } else {
        end = std::min(text.find_first_of(wholeLine ? "\r\n" : " \t\r\n,;&}])", at), text.size());
    }
    return at < end ? std::optional(Stretch{at, end}) : std::nullopt;
}

/// Key = value, where `at` is the first character of a run of key characters.
std::optional<Stretch> assignmentAt(std::string_view text, std::size_t at, std::size_t keyEnd) {
    std::string key(text.substr(at, keyEnd - at));
    std::transform(key.begin(), key.end(), key.begin(), lower);
    const bool secret = std::any_of(kSecretWords.begin(), kSecretWords.end(),
                                    [&](std::string_view word) { return key.find(word) != std::string::npos; });
    if (!secret) {
        return std::nullopt;
    }
    const bool wholeLine = key.find("authorization") != std::string::npos || key.find("jaas") != std::string::npos;
    return valueAfterKey(text, keyEnd, wholeLine);
}

/// `://user:password@host`, where `at` is the colon.
std::optional<Stretch> urlPasswordAt(std::string_view text, std::size_t at) {
    const std::size_t begin = at + 3;
    const std::size_t end = std::min(text.find_first_of("/?# \t\r\n\"'<>", begin), text.size());
    const std::string_view authority = text.substr(begin, end - begin);
    const std::size_t host = authority.rfind('@');
    const std::size_t colon = authority.find(':');
    if (host == std::string_view::npos || colon == std::string_view::npos || colon + 1 >= host) {
        return std::nullopt;
    }
    return Stretch{begin + colon + 1, begin + host};
}

/// A PEM block (RFC 7468) with a private key, where `at` is its first dash; without an end it hides the rest.
std::optional<Stretch> privateKeyAt(std::string_view text, std::size_t at) {
    constexpr std::string_view kBegin = "-----BEGIN ";
    constexpr std::string_view kDashes = "-----";
    if (text.substr(at, kBegin.size()) != kBegin) {
        return std::nullopt;
    }
    const std::size_t label = at + kBegin.size();
    const std::size_t labelEnd = text.substr(label, 64).find(kDashes);
    if (labelEnd == std::string_view::npos ||
        text.substr(label, labelEnd).find("PRIVATE KEY") == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string closing = "-----END " + std::string(text.substr(label, labelEnd)) + "-----";
    const std::size_t end = text.find(closing, label);
    return Stretch{at, end == std::string_view::npos ? text.size() : end + closing.size()};
}

} // namespace

std::string hideSecretPatterns(std::string_view text) {
    std::string out;
    std::size_t kept = 0; ///< everything before is in `out`
    std::size_t at = 0;
    while (at < text.size()) {
        std::optional<Stretch> found;
        std::size_t next = at + 1;
        if (text[at] == '-' && (found = privateKeyAt(text, at))) {
            // a PEM block; its dashes would be key characters
        } else if (isKeyCharacter(text[at])) {
            next = text[at] == '-' ? skip(text, at, [](char c) { return c == '-'; }) : skip(text, at, isKeyCharacter);
            found = assignmentAt(text, at, next);
        } else if (text[at] == ':' && text.substr(at, 3) == "://") {
            found = urlPasswordAt(text, at);
        }
        if (found) {
            out += text.substr(kept, found->begin - kept);
            out += kRedacted;
            kept = next = found->end;
        }
        at = next;
    }
    out += text.substr(kept);
    return out;
}

} // namespace dashstream::observe
