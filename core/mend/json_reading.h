// JSON from outside, read only where nothing of it gets lost. Pure; any thread.
#pragma once

#include "core/mend/field_path.h"

namespace dashstream::mend {

/// Deeper documents are not edited: reading, comparing and writing them would take the stack.
inline constexpr std::size_t kMostLevels = 200;

/// Errors (PermanentMessage): "edit.content", what is wrong and where.
[[nodiscard]] Result<Json> readJson(std::string_view text);

} // namespace dashstream::mend
