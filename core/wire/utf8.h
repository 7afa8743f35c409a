// How text from outside looks when it is shown. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dashstream::wire {

/// The first `maxBytes` of any bytes as UTF-8 without control characters: each broken byte becomes U+FFFD, each
/// control character a space. Never ends inside a character; the result may be longer than `maxBytes` by that.
[[nodiscard]] std::string showable(std::string_view bytes, std::size_t maxBytes);

} // namespace dashstream::wire
