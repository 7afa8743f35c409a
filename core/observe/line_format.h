// How one event becomes one line of the log, whatever its text holds. Pure; any thread.
#pragma once

#include "core/observe/logging.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace dashstream::observe {

/// Longest text of one event that is kept, in bytes; the rest is left out and its size said.
inline constexpr std::size_t kMaxLogTextBytes = 8192;

/// Valid UTF-8 in one line: control characters, line and paragraph separators, marks that turn the writing direction
/// and bytes that are no UTF-8 become \n, \t, \xHH or \u{HHHH}. Everything else stays as it is.
[[nodiscard]] std::string escapeControls(std::string_view text);

/// Cuts valid UTF-8 between two characters so that at most `limit` bytes stay, and says how many were left out.
[[nodiscard]] std::string limitText(std::string text, std::size_t limit);

/// "2026-11-23T20:48:41.000123Z WARNING kafka    text" without the line end.
[[nodiscard]] std::string formatLine(const LogLine& line);

} // namespace dashstream::observe
