#include "core/wire/trace_scan.h"

#include "core/wire/trace_context.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace dashstream::wire {

namespace {

constexpr std::size_t kEnd = std::string_view::npos;
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

// `at` begins any value; gives the place after it, or kEnd.
std::size_t skipValue(std::string_view line, std::size_t at) {
    std::int64_t depth = 0;
    while (at < line.size()) {
        const char c = line[at];
        if (c == '"') {
            at = skipString(line, at);
            if (at == kEnd || depth == 0) {
                return at;
            }
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
            return at;
        }
        depth += c == '{' || c == '[' ? 1 : 0;
        if (c == '}' || c == ']') {
            --depth;
            if (depth == 0) {
                return at + 1;
            }
        }
        ++at;
    }
    return kEnd;
}

// A value that is no string, or a second one of the name, counts as invalid.
void keep(std::string_view name, std::string_view literal, TraceContext& trace) {
    const bool isParent = name == "traceparent";
    std::string& into = isParent ? trace.traceparent : trace.tracestate;
    bool& ignored = isParent ? trace.parentIgnored : trace.stateIgnored;
    const nlohmann::json value = nlohmann::json::parse(literal, nullptr, false);
    if (!value.is_string() || !into.empty() || (isParent && value.get_ref<const std::string&>().empty())) {
        ignored = true;
        trace.ignoredWhy = std::string(name) + ": it must be one string";
        return;
    }
    into = value.get<std::string>();
}

// One pass over the line that knows strings, depth and the members of the outermost object.
class Scanner {
public:
    Scanner(std::string_view line, TraceContext& trace, std::string& rest)
        : m_line(line), m_trace(trace), m_rest(rest) {}

    bool run() {
        for (std::size_t at = 0; at < m_line.size();) {
            const char c = m_line[at];
            if (c == '"') {
                const std::size_t next = m_depth == 1 && m_keyExpected ? member(at) : skipString(m_line, at);
                if (next == kEnd) {
                    break;
                }
                at = next;
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
    std::size_t member(std::size_t at) {
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
        const std::size_t end = skipValue(m_line, value);
        if (end == kEnd) {
            return kEnd;
        }
        keep(key, m_line.substr(value, end - value), m_trace);
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

bool takeTraceContext(std::string_view line, TraceContext& trace, std::string& rest) {
    if (line.find("\"trace") == kEnd) {
        return false;
    }
    const bool found = Scanner(line, trace, rest).run();
    keepValid(trace);
    return found;
}

} // namespace dashstream::wire
