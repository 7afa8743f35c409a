// JSON from outside, read only where nothing of it gets lost. Pure; any thread.
#pragma once

#include "core/mend/field_path.h"

namespace dashstream::mend {

/// Deeper documents are not edited: reading, comparing and writing them would take the stack.
inline constexpr std::size_t kMostLevels = 200;

/// As many bytes are read at most.
inline constexpr std::size_t kMostJsonBytes = 16U * 1024 * 1024;

/// Errors (PermanentMessage): "edit.content", what is wrong and where: it is no JSON, JSON as this program keeps it
/// would lose something (a number with more digits than a double has, a member that stands twice), or it would take too
/// long.
[[nodiscard]] Result<Json> readJson(std::string_view text, std::size_t mostLevels = kMostLevels);

} // namespace dashstream::mend
