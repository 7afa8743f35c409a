// JSON laid out over lines, for a person to read and write. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace dashstream::wire {

/// The same text with each member and element on a line of its own, two spaces deeper for each level (up to 40). Only
/// white space outside strings differs, whatever the text is; numbers, order and doubled names stay as they are.
[[nodiscard]] std::string laidOutJson(std::string_view text);

} // namespace dashstream::wire
