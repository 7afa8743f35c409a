#include "core/wire/trace_scan.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace dashstream::wire {

namespace {

constexpr std::size_t kEnd = std::string_view::npos;
constexpr std::size_t kTraceparentBytes = 55;
constexpr std::size_t kMaxTracestateBytes = 8192; // W3C asks for at least 512

Failure badTrace(std::string message) {
    return fail(ErrorClass::PermanentMessage, "json.trace", std::move(message),
                "Correct it or leave it out: it belongs beside the message, as W3C Trace Context writes it");
}

std::size_t skipBlanks(std::string_view line, std::size_t at) {
    return std::min(line.find_first_not_of(" \t\r\n", at), line.size());
}

// `at` is an opening quote; gives the place after the closing one.
std::size_t skipString(std::string_view line, std::size_t at) {
    for (++at; at < line.size(); ++at) {
        if (line[at] == '\\') {
            ++at;
        } else if (line[at] == '"') {
            return at + 1;
        }
    }
    return kEnd;
}

bool isLowerHex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == kEnd;
}

bool isZero(std::string_view text) {
    return text.find_first_not_of('0') == kEnd;
}

// version "-" trace-id "-" parent-id "-" flags; a later version may append "-…".
bool isTraceparent(std::string_view text) {
    if (text.size() < kTraceparentBytes || text[2] != '-' || text[35] != '-' || text[52] != '-') {
        return false;
    }
    const std::string_view version = text.substr(0, 2);
    const std::string_view traceId = text.substr(3, 32);
    const std::string_view parentId = text.substr(36, 16);
    const bool lengthFits = version == "00" ? text.size() == kTraceparentBytes
                                            : text.size() == kTraceparentBytes || text[kTraceparentBytes] == '-';
    return lengthFits && version != "ff" && isLowerHex(version) && isLowerHex(traceId) && !isZero(traceId) &&
           isLowerHex(parentId) && !isZero(parentId) && isLowerHex(text.substr(53, 2));
}

bool isTracestate(std::string_view text) {
    return text.size() <= kMaxTracestateBytes &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= 0x20 && c <= 0x7E) || c == '\t'; });
}

// The literal with its quotes.
Result<std::string> stringValue(std::string_view name, std::string_view literal) {
    const nlohmann::json value = nlohmann::json::parse(literal, nullptr, false);
    if (!value.is_string()) {
        return badTrace(std::string(name) + " must be a string");
    }
    return value.get<std::string>();
}

Result<void> keep(std::string_view name, std::string_view literal, TraceContext& trace) {
    Result<std::string> value = stringValue(name, literal);
    if (!value) {
        return fail(std::move(value.error()));
    }
    if (name == "traceparent") {
        if (!isTraceparent(*value)) {
            return badTrace("traceparent is not of the form version-traceid-parentid-flags");
        }
        trace.traceparent = std::move(*value);
    } else {
        if (!isTracestate(*value)) {
            return badTrace("tracestate is too long or has characters that a header cannot carry");
        }
        trace.tracestate = std::move(*value);
    }
    return {};
}

// One pass over the line that knows strings, depth and the members of the outermost object.
class Scanner {
public:
    Scanner(std::string_view line, TraceContext& trace, std::string& rest)
        : m_line(line), m_trace(trace), m_rest(rest) {}

    Result<bool> run() {
        for (std::size_t at = 0; at < m_line.size();) {
            const char c = m_line[at];
            if (c == '"') {
                const Result<std::size_t> next = m_depth == 1 && m_keyExpected ? member(at) : skipString(m_line, at);
                if (!next) {
                    return fail(next.error());
                }
                if (*next == kEnd) {
                    break;
                }
                at = *next;
                continue;
            }
            track(c, at);
            ++at;
        }
        return m_found;
    }

private:
    void track(char c, std::size_t at) {
        if (c == '{' || c == '[') {
            ++m_depth;
            m_keyExpected = c == '{';
        } else if (c == '}' || c == ']') {
            --m_depth;
            m_keyExpected = false;
        } else if (c == ',' && m_depth == 1) {
            m_keyExpected = true;
            m_comma = at;
        }
    }

    // A key of the outermost object: either one of ours, which is taken out, or passed over.
    Result<std::size_t> member(std::size_t at) {
        const std::size_t keyEnd = skipString(m_line, at);
        m_keyExpected = false;
        if (keyEnd == kEnd) {
            return kEnd;
        }
        const std::string_view key = m_line.substr(at + 1, keyEnd - at - 2);
        if (key != "traceparent" && key != "tracestate") {
            return keyEnd;
        }
        const std::size_t colon = skipBlanks(m_line, keyEnd);
        const std::size_t value = skipBlanks(m_line, std::min(colon + 1, m_line.size()));
        if (colon >= m_line.size() || m_line[colon] != ':' || value >= m_line.size()) {
            return keyEnd; // no JSON
        }
        if (m_line[value] != '"') {
            return badTrace(std::string(key) + " must be a string");
        }
        const std::size_t end = skipString(m_line, value);
        if (end == kEnd) {
            return kEnd;
        }
        const Result<void> kept = keep(key, m_line.substr(value, end - value), m_trace);
        if (!kept) {
            return fail(kept.error());
        }
        return cut(at, end);
    }

    // Blanks [begin, end) and the comma that belongs to it; gives the place to go on.
    std::size_t cut(std::size_t begin, std::size_t end) {
        if (!m_found) {
            m_rest.assign(m_line);
            m_found = true;
        }
        const std::size_t next = skipBlanks(m_line, end);
        if (next < m_line.size() && m_line[next] == ',') {
            end = next + 1;
            m_keyExpected = true;
        } else if (m_comma != kEnd) {
            m_rest[m_comma] = ' ';
        }
        std::fill(m_rest.begin() + static_cast<std::ptrdiff_t>(begin),
                  m_rest.begin() + static_cast<std::ptrdiff_t>(end), ' ');
        return end;
    }

    std::string_view m_line;
    TraceContext& m_trace;
    std::string& m_rest;
    std::size_t m_comma = kEnd; ///< the last one that still stands between two members
    std::int64_t m_depth = 0;
    bool m_keyExpected = false;
    bool m_found = false;
};

} // namespace

Result<bool> takeTraceContext(std::string_view line, TraceContext& trace, std::string& rest) {
    if (line.find("\"trace") == kEnd) {
        return false;
    }
    return Scanner(line, trace, rest).run();
}

} // namespace dashstream::wire
