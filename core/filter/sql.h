// A filter as the condition of an SQL query, values bound. What it finds is what matches() finds. Pure.
#pragma once

#include "core/filter/parse.h"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dashstream::filter {

using Bound = std::variant<std::int64_t, std::string>;

/// Where a field stands in the query.
struct Column {
    std::string sql;
    bool nullable = false; ///< only of numbers; such a condition uses no index
    /// What the column holds for a choice's name; empty: the name itself.
    std::function<Bound(std::string_view)> held = {};
    std::string one = {};  ///< condition with one ?, equal to one value; empty: `sql` IN (values)
    std::string part = {}; ///< condition with one ?, for ~; empty: `sql` LIKE
    /// What `part` is asked with; empty: a pattern for LIKE … ESCAPE '\'.
    std::function<std::string(std::string_view)> partHeld = {};
};

/// How the store's tables hold what can be asked.
struct Columns {
    std::function<std::optional<Column>(Field)> column; ///< nothing: the store does not know it
    std::string words;                                  ///< condition with one ?, for words to search for
    std::function<std::string(std::string_view)> wordsHeld;
};

struct Sql {
    std::string where; ///< one condition, in parentheses where needed; "1" for everything
    std::vector<Bound> values;
};

/// Fault: a field that the store does not know.
[[nodiscard]] Parsed<Sql> toSql(const Expression& expression, const Columns& columns);

} // namespace dashstream::filter
