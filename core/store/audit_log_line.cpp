#include "core/store/audit_log_line.h"

#include <algorithm>
#include <charconv>

namespace dashstream::store {

namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kStoreDigits = 16;

/// Takes `word` off the front of `text`.
bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) {
        return false;
    }
    text.remove_prefix(word.size());
    return true;
}

/// The word up to the next blanks, which go with it.
std::string_view takeWord(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
    return word;
}

int digitOf(char letter) {
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// Takes so many hex digits off the front; empty: they are not there.
std::string takeBytes(std::string_view& text, std::size_t digits) {
    std::string bytes;
    if (text.size() < digits) {
        return bytes;
    }
    for (std::size_t at = 0; at < digits; at += 2) {
        const int high = digitOf(text[at]);
        const int low = digitOf(text[at + 1]);
        if (high < 0 || low < 0) {
            return {};
        }
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    text.remove_prefix(digits);
    return bytes;
}

bool takeId(std::string_view& text, std::int64_t& id) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || id < 1) {
        return false;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

} // namespace

std::string toHex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char one : bytes) {
        const auto byte = static_cast<unsigned char>(one);
        text.push_back(kDigits[byte / 16U]);
        text.push_back(kDigits[byte % 16U]);
    }
    return text;
}

std::string storeNumberText(std::int64_t store) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<char>((static_cast<std::uint64_t>(store) >> static_cast<unsigned>(shift)) & 0xFFU));
    }
    return toHex(bytes);
}

std::string auditLogText(const AuditHead& head) {
    return "audit: entry " + std::to_string(head.id) + ", head " + toHex(head.hash) + ", store " +
           storeNumberText(head.store);
}

std::optional<AuditHead> auditHeadIn(std::string_view line) {
    takeWord(line); // the time
    takeWord(line); // the level
    AuditHead head;
    if (takeWord(line) != kAuditLogComponent || !take(line, "audit: entry ") || !takeId(line, head.id) ||
        !take(line, ", head ")) {
        return std::nullopt;
    }
    head.hash = takeBytes(line, kHashDigits);
    if (head.hash.empty() || !take(line, ", store ")) {
        return std::nullopt;
    }
    const std::string store = takeBytes(line, kStoreDigits);
    if (store.empty() || !line.empty()) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (const char one : store) {
        number = number << 8U | static_cast<unsigned char>(one);
    }
    head.store = static_cast<std::int64_t>(number);
    return head;
}

} // namespace dashstream::store
