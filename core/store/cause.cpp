#include "core/store/cause.h"

#include <algorithm>

namespace dashstream::store {

namespace {
constexpr std::size_t kShortestHex = 8;
constexpr std::size_t kReadAtMost = 4 * kLongestCauseBytes; ///< of the text; what follows is no part of a cause

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Normaliser {
public:
    explicit Normaliser(std::string_view text) : m_text(text) {}

    [[nodiscard]] std::string take() {
        while (m_at < m_text.size() && m_out.size() <= kLongestCauseBytes) {
            if (isSpace(m_text[m_at])) {
                blank();
            } else if (!atWord() || !(replaceUuid() || replaceAddress() || replaceHex())) {
                copyOne();
            }
        }
        return std::move(m_out);
    }

private:
    [[nodiscard]] char at(std::size_t place) const { return place < m_text.size() ? m_text[place] : '\0'; }
    [[nodiscard]] bool atWord() const {
        return m_at == 0 || !(isLetter(m_text[m_at - 1]) || isDigit(m_text[m_at - 1]));
    }
    template <typename Is>
    [[nodiscard]] std::size_t endOf(std::size_t from, Is is) const {
        while (from < m_text.size() && is(m_text[from])) {
            ++from;
        }
        return from;
    }
    [[nodiscard]] bool endsWord(std::size_t place) const { return !isLetter(at(place)) && !isDigit(at(place)); }

    void blank() {
        m_at = endOf(m_at, isSpace);
        if (!m_out.empty()) {
            m_out += ' ';
        }
    }

    bool replace(std::size_t end, std::string_view with) {
        m_at = end;
        m_out += with;
        return true;
    }

    bool replaceUuid() {
        constexpr std::size_t kGroups[]{8, 4, 4, 4, 12};
        std::size_t place = m_at;
        for (std::size_t group = 0; group < std::size(kGroups); ++group) {
            if (group > 0 && at(place++) != '-') {
                return false;
            }
            const std::size_t end = endOf(place, isHex);
            if (end - place != kGroups[group]) {
                return false;
            }
            place = end;
        }
        return endsWord(place) && replace(place, "<id>");
    }

    bool replaceHex() {
        const bool marked = at(m_at) == '0' && (at(m_at + 1) == 'x' || at(m_at + 1) == 'X') && isHex(at(m_at + 2));
        const std::size_t from = marked ? m_at + 2 : m_at;
        const std::size_t end = endOf(from, isHex);
        if (!endsWord(end) || (!marked && end - from < kShortestHex)) {
            return false;
        }
        const std::string_view run = m_text.substr(from, end - from);
        const bool number = std::ranges::all_of(run, isDigit);
        const bool word = std::ranges::none_of(run, isDigit);
        return (marked || (!number && !word)) && replace(end, "<id>");
    }

    /// host:port, an IPv4 address with or without one, an IPv6 address in brackets.
    bool replaceAddress() {
        const std::size_t port = m_text[m_at] == '[' ? endOfBracketed() : endOfHost();
        if (port == 0) {
            return false;
        }
        const std::string_view host = m_text.substr(m_at, port - m_at);
        const std::size_t digits = endOf(port + 1, isDigit);
        const bool hasPort = at(port) == ':' && digits > port + 2 && digits <= port + 6 && endsWord(digits);
        const bool namesHost = host.find('.') != std::string_view::npos || host == "localhost" || host.front() == '[' ||
                               digits >= port + 5;
        if (hasPort && namesHost) {
            return replace(digits, "<address>");
        }
        return isIpv4(host) && replace(port, "<address>");
    }
    [[nodiscard]] std::size_t endOfHost() const {
        if (!isLetter(m_text[m_at]) && !isDigit(m_text[m_at])) {
            return 0;
        }
        std::size_t end =
            endOf(m_at, [](char c) { return isLetter(c) || isDigit(c) || c == '.' || c == '-' || c == '_'; });
        while (at(end) != ':' && end > m_at && (m_text[end - 1] == '.' || m_text[end - 1] == '-')) {
            --end; // the sentence's own
        }
        return end;
    }
    [[nodiscard]] std::size_t endOfBracketed() const {
        const std::size_t end = endOf(m_at + 1, [](char c) { return isHex(c) || c == ':' || c == '.' || c == '%'; });
        const bool colons = m_text.substr(m_at, end - m_at).find(':') != std::string_view::npos;
        return colons && at(end) == ']' ? end + 1 : 0;
    }
    static bool isIpv4(std::string_view host) {
        return std::ranges::count(host, '.') == 3 &&
               std::ranges::all_of(host, [](char c) { return isDigit(c) || c == '.'; });
    }

    void copyOne() {
        const char c = m_text[m_at];
        if (!isDigit(c)) {
            m_out += c;
            ++m_at;
            return;
        }
        std::size_t end = endOf(m_at, isDigit);
        while ((at(end) == '.' || at(end) == ',') && isDigit(at(end + 1))) { // 1,204.5
            end = endOf(end + 1, isDigit);
        }
        replace(end, "<n>");
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::string m_out;
};
} // namespace

std::string causeOf(std::string_view code, std::string_view text) {
    std::string cause(code);
    const std::string normal = Normaliser(text.substr(0, kReadAtMost)).take();
    if (!normal.empty()) {
        cause += cause.empty() ? "" : ": ";
        cause += normal;
    }
    while (!cause.empty() && cause.back() == ' ') {
        cause.pop_back();
    }
    if (cause.size() > kLongestCauseBytes) {
        std::size_t end = kLongestCauseBytes;
        while (end > 0 && (static_cast<unsigned char>(cause[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        cause.resize(end);
    }
    return cause;
}

} // namespace dashstream::store
