// A dead letter as one line of JSON, whole: what a line says is the letter, and a letter has one line
// (resources/docs/dead-letter-lines.md). Reading takes foreign bytes: strict, and bounded before they are parsed. Pure;
// any thread.
#pragma once

#include "core/base/result.h"
#include "core/store/records.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dashstream::exchange {

inline constexpr std::string_view kFormat = "dashstream-dead-letter";
inline constexpr int kVersion = 1;
/// Longest line, without its end: the largest message in base64, a thread's name as long, and room for the history.
inline constexpr std::size_t kMaxLineBytes = 192U * 1024 * 1024;
inline constexpr std::size_t kMaxAttempts = 10'000;

/// Without a line end. What belongs to one store alone is not in it: the letter's number and its journal entry.
[[nodiscard]] std::string toLine(const store::DeadLetter& letter);

/// The letter, without number and journal entry. Errors (PermanentMessage), each with the place in the line:
/// "exchange.too_long", "exchange.json" (no JSON object, or one nested otherwise), "exchange.version" (another format
/// or version), "exchange.field" (missing, unknown, twice, of the wrong type or out of range), "exchange.base64".
[[nodiscard]] Result<store::DeadLetter> readLine(std::string_view line);
/// Of a line of so many bytes.
[[nodiscard]] Error tooLongError(std::uint64_t bytes);

} // namespace dashstream::exchange
