// Standard base64 (RFC 4648, section 4), with padding. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dashstream::wire {

[[nodiscard]] std::string toBase64(std::string_view bytes);
/// Nothing: not base64. Padding is required, no line breaks, no stray bits.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

} // namespace dashstream::wire
