// How words are searched for: runs of letters and digits, ASCII in either case, everything outside ASCII as a letter,
// the last word perhaps only begun. SQLite's full-text search with the tokenizer "ascii" finds the same. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace dashstream::filter {

/// There is a letter or digit to search for.
[[nodiscard]] bool hasWord(std::string_view phrase);
/// The words of `phrase` follow each other in `text`; what stands between them does not matter.
[[nodiscard]] bool containsWords(std::string_view text, std::string_view phrase);
/// The same as an FTS5 query.
[[nodiscard]] std::string ftsQuery(std::string_view phrase);

} // namespace dashstream::filter
