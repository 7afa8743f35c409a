// Small tools on text. ASCII only, no locale. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::config {

/// Without blanks, tabs and line ends at both sides.
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string toLower(std::string_view text);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// A byte below 0x20, or 0x7F.
[[nodiscard]] bool hasControlCharacter(std::string_view text);
/// Fit for a terminal and for JSON: control characters, and bytes of what is no UTF-8, become \xHH.
[[nodiscard]] std::string printable(std::string_view text);
/// How many insertions, deletions, replacements and swaps of neighbours turn one into the other.
[[nodiscard]] std::size_t editDistance(std::string_view a, std::string_view b);

} // namespace dashstream::config
