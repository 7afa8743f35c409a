// What the filter language asks of dead letters, as the store's tables hold it. Pure; any thread.
#pragma once

#include "core/filter/sql.h"

namespace dashstream::store {

/// Conditions on a table dead_letters. `words`: condition with one ? that finds words in content and error, `content`:
/// in the content alone.
[[nodiscard]] filter::Columns deadColumns(std::string words, std::string content);

} // namespace dashstream::store
