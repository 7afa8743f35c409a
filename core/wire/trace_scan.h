// Finds `traceparent` and `tracestate` beside the message in a line of JSON without parsing the rest: telemetry comes
// by the hundred thousand lines, and protobuf parses each of them anyway. Pure; any thread.
#pragma once

#include "core/base/result.h"
#include "core/wire/message_access.h"

#include <string>
#include <string_view>

namespace dashstream::wire {

/// Puts the two into `trace` and leaves `rest` as the line with blanks in their place (columns stay as they were).
/// False: the line has neither; `rest` is untouched then. Error "json.trace": a value is no string, or a traceparent
/// or tracestate is not what W3C Trace Context (level 1, sections 3.2 and 3.3) allows.
/// A line that is not JSON comes out as it is: the parser after this one says what is wrong with it.
[[nodiscard]] Result<bool> takeTraceContext(std::string_view line, TraceContext& trace, std::string& rest);

} // namespace dashstream::wire
