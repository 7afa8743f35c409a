// Text from outside: is it UTF-8, and how does it look when shown? Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dashstream::wire {

/// Offset of the first byte that is not well-formed UTF-8 (Unicode 15, table 3-7); npos: all is well.
[[nodiscard]] std::size_t findInvalidUtf8(std::string_view text);

/// The first `maxBytes` of any bytes as UTF-8 without control characters: each broken byte becomes U+FFFD, each
/// control character a space. Never ends inside a character; the result may be longer than `maxBytes` by that.
[[nodiscard]] std::string showable(std::string_view bytes, std::size_t maxBytes);

} // namespace dashstream::wire
