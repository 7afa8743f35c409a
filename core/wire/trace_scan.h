// Finds `traceparent` and `tracestate` beside the message in a line of JSON without parsing the rest: telemetry comes
// by the hundred thousand lines, and protobuf parses each of them anyway. Pure; any thread.
#pragma once

#include "core/wire/message_access.h"

#include <string>
#include <string_view>

namespace dashstream::wire {

/// Puts the two into `trace` and leaves `rest` as the line with blanks in their place (columns stay as they were).
/// False: the line has neither; `rest` is untouched then. What W3C Trace Context does not allow is left out and said
/// in `trace` (trace_context.h): telemetry is not lost for its trace.
/// A line that is not JSON comes out as it is: the parser after this one says what is wrong with it.
[[nodiscard]] bool takeTraceContext(std::string_view line, TraceContext& trace, std::string& rest);

} // namespace dashstream::wire
