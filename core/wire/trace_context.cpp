#include "core/wire/trace_context.h"

#include <algorithm>

namespace dashstream::wire {

namespace {

constexpr std::size_t kMaxKeyBytes = 256;
constexpr std::size_t kMaxValueBytes = 256;

bool isLowerHex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool isZero(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool isLowerAlphaOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isKey(std::string_view key) {
    static constexpr std::string_view kMarks = "_-*/@";
    return !key.empty() && key.size() <= kMaxKeyBytes && isLowerAlphaOrDigit(key.front()) &&
           std::ranges::all_of(
               key, [](char c) { return isLowerAlphaOrDigit(c) || kMarks.find(c) != std::string_view::npos; });
}

/// Trailing blanks were taken off before: they belong to the list.
bool isValue(std::string_view value) {
    return !value.empty() && value.size() <= kMaxValueBytes &&
           std::ranges::all_of(value, [](char c) { return c >= 0x20 && c <= 0x7E && c != ',' && c != '='; });
}

} // namespace

std::string_view traceparentProblem(std::string_view text) {
    if (text.size() < kTraceparentBytes || text.size() > kMaxTraceparentBytes || text[2] != '-' || text[35] != '-' ||
        text[52] != '-') {
        return "it is not of the form version-traceid-parentid-flags";
    }
    const std::string_view version = text.substr(0, 2);
    const std::string_view traceId = text.substr(3, 32);
    const std::string_view parentId = text.substr(36, 16);
    if (!isLowerHex(version) || !isLowerHex(traceId) || !isLowerHex(parentId) || !isLowerHex(text.substr(53, 2))) {
        return "it has other characters than 0-9 and a-f";
    }
    if (version == "ff") {
        return "version ff is forbidden";
    }
    if (isZero(traceId) || isZero(parentId)) {
        return "its trace id or parent id is all zeros";
    }
    const bool longer = text.size() > kTraceparentBytes;
    if (longer && (version == "00" || text[kTraceparentBytes] != '-')) {
        return "it is longer than its version allows";
    }
    const bool printable = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7E; });
    return printable ? std::string_view() : "it has characters that a header cannot carry";
}

std::string_view tracestateProblem(std::string_view text) {
    if (text.size() > kMaxTracestateBytes) {
        return "it is longer than 8192 bytes";
    }
    std::size_t members = 0;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view member = trimmed(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (member.empty()) {
            continue;
        }
        if (++members > kMaxTracestateMembers) {
            return "it has more than 32 members";
        }
        const std::size_t equals = member.find('=');
        if (equals == std::string_view::npos || !isKey(member.substr(0, equals)) ||
            !isValue(member.substr(equals + 1))) {
            return "a member is not of the form key=value that the standard allows";
        }
    }
    return {};
}

void keepValid(TraceContext& trace) {
    if (!trace.traceparent.empty() && !trace.parentIgnored) {
        if (const std::string_view problem = traceparentProblem(trace.traceparent); !problem.empty()) {
            trace.parentIgnored = true;
            trace.ignoredWhy = "traceparent: " + std::string(problem);
        }
    }
    if (trace.parentIgnored) {
        trace.traceparent.clear();
    }
    if (trace.tracestate.empty() && !trace.stateIgnored) {
        return;
    }
    const std::string_view problem =
        trace.traceparent.empty() ? "it needs a valid traceparent beside it" : tracestateProblem(trace.tracestate);
    if (trace.stateIgnored || !problem.empty()) {
        trace.stateIgnored = true;
        trace.tracestate.clear();
        if (trace.ignoredWhy.empty()) {
            trace.ignoredWhy = "tracestate: " + std::string(problem.empty() ? "it must be one string" : problem);
        }
    }
}

} // namespace dashstream::wire
