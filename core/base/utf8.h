// UTF-8 by Unicode 15, table 3-7 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace dashstream {

struct Utf8Character {
    char32_t point = 0;
    std::size_t length = 0; ///< in bytes; 0: there is no well-formed character
};

/// The first character of `text`.
[[nodiscard]] Utf8Character firstUtf8Character(std::string_view text);
/// Offset of the first byte that is not well-formed; npos: all is well.
[[nodiscard]] std::size_t findInvalidUtf8(std::string_view text);

} // namespace dashstream
