// What came in beside the messages, and what the topic takes of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace dashstream::engine {

/// W3C Trace Context beside the messages that came in, since start.
struct TraceView {
    std::uint64_t carried = 0;        ///< accepted messages with a traceparent
    std::uint64_t parentsIgnored = 0; ///< invalid traceparents: their messages went on without trace headers
    std::uint64_t statesIgnored = 0;  ///< tracestates that were invalid, or without a valid traceparent
    std::string lastIgnored;          ///< why the last one was ignored
};

/// What the topic takes at most, as the cluster tells.
struct TopicLimitView {
    std::optional<std::uint64_t> maxMessageBytes; ///< max.message.bytes; nothing: not known
    std::string source;                           ///< "topic" or "broker"; where the limit was read
    std::string trouble;                          ///< why it is not known; empty: it is, or it was not asked yet
};

} // namespace dashstream::engine
