// JSON Lines: one DashStreamMessage a line in protobuf's JSON mapping, with `traceparent` and `tracestate` beside the
// message (resources/docs/wire-format.md, "JSON Lines"). Pure; any thread on its own message.
#pragma once

#include "core/base/result.h"
#include "core/wire/dashstream.pb.h"
#include "core/wire/json_fault.h"
#include "core/wire/message_access.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace dashstream::wire {

inline constexpr std::size_t kMaxLineBytes = 16U * 1024 * 1024;

/// Reads one line (without its end) into `message` and `trace`, both cleared first. Both name styles are read.
/// Errors (PermanentMessage), in words for a person: "json.too_long", "json.nul", "json.utf8", "json.syntax" (not JSON,
/// or not of this schema), "json.no_message" (no type is set).
/// `fault`, if given, is what a "json.syntax" is about.
[[nodiscard]] Result<void> parseJsonLine(std::string_view line, v1::DashStreamMessage& message, TraceContext& trace,
                                         JsonFault* fault = nullptr);

/// One line without its end, original names, trace context last. Error: "json.write".
[[nodiscard]] Result<std::string> toJsonLine(const v1::DashStreamMessage& message, const TraceContext& trace = {});
/// The same over several indented lines.
[[nodiscard]] Result<std::string> toIndentedJson(const v1::DashStreamMessage& message, const TraceContext& trace = {});
/// Protobuf's text format, for a person's eye: `event { header { … } }`. UTF-8 is shown as it is.
[[nodiscard]] std::string toText(const v1::DashStreamMessage& message);

} // namespace dashstream::wire
