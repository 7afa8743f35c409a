// Reading and filling what all nine message types share. Pure; any thread on its own message.
#pragma once

#include "core/wire/dashstream.pb.h"

#include <string>
#include <string_view>

namespace dashstream::wire {

namespace v1 = dashstream::v1; // so that other modules may write wire::v1::Event

/// The header of whichever type is set; null where none is or it has no header.
[[nodiscard]] const v1::Header* headerOf(const v1::DashStreamMessage& message);
/// The same, made when absent; null only where no type is set.
[[nodiscard]] v1::Header* mutableHeaderOf(v1::DashStreamMessage& message);
/// MESSAGE_TYPE_… that belongs to the oneof field that is set.
[[nodiscard]] v1::MessageType typeOf(const v1::DashStreamMessage& message);
/// "event", "state_diff", …; "none".
[[nodiscard]] std::string_view typeName(v1::MessageType type);

/// W3C Trace Context as it stands in the record's headers; empty: absent.
struct TraceContext {
    std::string traceparent = {};
    std::string tracestate = {};
    bool parentIgnored = false; ///< one was there and invalid: the message goes on without
    bool stateIgnored = false;
    std::string ignoredWhy = {};
};

} // namespace dashstream::wire
