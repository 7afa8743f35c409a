// What the filter language asks of dead letters, as the store's tables hold it. Pure; any thread.
#pragma once

#include "core/filter/sql.h"

namespace dashstream::store {

/// How parts of a filter are answered before the letters are gone through.
struct DeadFinder {
    /// The condition that `column` of a letter is among the numbers that `select` gives with these values.
    std::function<filter::Sql(const char* column, const std::string& select, std::vector<filter::Bound> values)> find;
    /// Words in content and error, and in the content alone.
    std::function<filter::Sql(std::string_view)> words, content;
    bool openOnly = false; ///< letters that are not open do not count, so the indexes of open ones may be asked
    bool alone = false;    ///< the filter is one equality: an index answers it, in the order of death
};

/// Conditions on a table dead_letters.
[[nodiscard]] filter::Columns deadColumns(DeadFinder finder);

} // namespace dashstream::store
