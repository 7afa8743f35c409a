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

struct Sql {
    std::string where; ///< one condition, in parentheses where needed; "1" for everything
    std::vector<Bound> values;
};

/// Where a field stands in the query.
struct Column {
    std::string sql;
    bool nullable = false; ///< only of numbers; such a condition uses no index
    /// What the column holds for a choice's name; empty: the name itself.
    std::function<Bound(std::string_view)> held = {};
    /// The condition that it is equal to one of these; empty: `sql` IN (values).
    std::function<Sql(const std::vector<Operand>&)> any = {};
    /// The condition that ~ makes of a text; empty: `sql` LIKE.
    std::function<Sql(std::string_view)> part = {};
};

/// How the store's tables hold what can be asked.
struct Columns {
    std::function<std::optional<Column>(Field)> column; ///< nothing: the store does not know it
    std::function<Sql(std::string_view)> words;         ///< the condition for words to search for
};

/// Fault: a field that the store does not know.
[[nodiscard]] Parsed<Sql> toSql(const Expression& expression, const Columns& columns);

} // namespace dashstream::filter
