// Bytes from outside as text for a person: UTF-8, bounded. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dashstream::decode {

/// At most `maxBytes` of `bytes` in one line (wire::showable), with the size of the whole behind it where it is cut.
[[nodiscard]] std::string shownLine(std::string_view bytes, std::size_t maxBytes);
/// The same of a text of several lines, such as a stack trace: line ends and tabs stay.
[[nodiscard]] std::string shownLines(std::string_view bytes, std::size_t maxBytes);

/// "1 byte", "12 bytes".
[[nodiscard]] std::string bytesText(std::size_t bytes);
/// `one` or `many` behind the number: countText(2, "entry", "entries").
[[nodiscard]] std::string countText(std::size_t count, std::string_view one, std::string_view many);

/// Rows of 16 bytes as hexdump shows them: offset, two groups of eight, and what is printable ASCII. At most `maxBytes`
/// of `bytes` are shown; nothing says that there is more.
[[nodiscard]] std::string hexDump(std::string_view bytes, std::size_t maxBytes);
/// One row of it without the offset: `row` holds at most 16 bytes.
[[nodiscard]] std::string hexRow(std::string_view row);
/// The offset before a row, eight hex digits.
[[nodiscard]] std::string hexOffset(std::size_t offset);

} // namespace dashstream::decode
