// Text from outside on its way to a terminal: no byte of it may steer the terminal. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dashstream::app {

/// Control characters (C0, DEL, C1), direction marks and broken UTF-8 written as \n, \t, \x1b, \u202e; backslashes
/// stay.
[[nodiscard]] std::string escapeForTerminal(std::string_view text);
/// The same for finished JSON, which holds such characters only inside strings: written as \u001b, so it stays JSON of
/// the same meaning. Line ends between values stay.
[[nodiscard]] std::string escapeInJson(std::string_view json);
/// Columns that the text takes: characters, wide ones (East Asian, emoji) counted twice, combining ones not.
[[nodiscard]] std::size_t columns(std::string_view text);
/// At most `limit` columns, the rest replaced by "…".
[[nodiscard]] std::string shortened(std::string_view text, std::size_t limit);

} // namespace dashstream::app
