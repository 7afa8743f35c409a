// The cause that dead letters are grouped by: an error without what differs from one message to the next. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dashstream::store {

inline constexpr std::size_t kLongestCauseBytes = 300;

/// "MSG_TIMED_OUT: no answer from b3.example:9092 after 3012 ms" becomes "MSG_TIMED_OUT: no answer from <address> after
/// <n> ms". Replaced are UUIDs and hexadecimal runs of 8 and more with a digit in them (<id>), addresses with a port
/// and IP addresses (<address>), and all other numbers (<n>). White space is one blank; cut at a whole character.
[[nodiscard]] std::string causeOf(std::string_view code, std::string_view text);

} // namespace dashstream::store
