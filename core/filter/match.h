// Whether a record passes a filter, where no database can be asked: records of a topic as they are read. Pure.
#pragma once

#include "core/filter/expression.h"

#include <optional>
#include <string_view>

namespace dashstream::filter {

/// What a filter asks of one record. Views live until the next call.
class Record {
public:
    virtual ~Record() = default;
    /// Of Text and Choice fields; empty: it has none.
    [[nodiscard]] virtual std::string_view text(Field field) const = 0;
    /// Of Number, Size (bytes) and Time (microseconds since 1970) fields; nothing: it has none. What it has not is
    /// neither equal nor in any order, so only != holds.
    [[nodiscard]] virtual std::optional<std::int64_t> number(Field field) const = 0;
    /// Whether the words are in it somewhere, or in its error, as containsWords() finds them.
    [[nodiscard]] virtual bool hasWords(std::string_view words) const = 0;
};

[[nodiscard]] bool matches(const Expression& expression, const Record& record);
/// As `~` finds it: letters A to Z in either case.
[[nodiscard]] bool containsText(std::string_view text, std::string_view part);

} // namespace dashstream::filter
