// What W3C Trace Context allows (level 1, sections 3.2 and 3.3, with the wider keys of level 2), and what becomes of
// what it does not. Pure; any thread.
#pragma once

#include "core/wire/message_access.h"

#include <string_view>

namespace dashstream::wire {

inline constexpr std::size_t kTraceparentBytes = 55;     ///< of version 00
inline constexpr std::size_t kMaxTraceparentBytes = 512; ///< of a later version, which may be longer
inline constexpr std::size_t kMaxTracestateBytes = 8192; ///< the standard asks for at least 512
inline constexpr std::size_t kMaxTracestateMembers = 32;

/// Why it is none; empty: it is valid. A later version is taken when its beginning is what version 00 has.
[[nodiscard]] std::string_view traceparentProblem(std::string_view text);
/// The same. Empty members and repeated keys are allowed.
[[nodiscard]] std::string_view tracestateProblem(std::string_view text);

/// Leaves what the standard allows to pass on, byte for byte: an invalid traceparent goes, and the tracestate with it;
/// an invalid tracestate goes alone; so does one without a traceparent. What went is said in `trace`.
void keepValid(TraceContext& trace);

} // namespace dashstream::wire
