// A filter as it was understood. Values; may cross threads.
#pragma once

#include "core/filter/fields.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dashstream::filter {

enum class Op : std::uint8_t { Equal, NotEqual, Contains, NotContains, Less, LessEqual, Greater, GreaterEqual };

struct Operand {
    std::string text;
    /// Numbers and bytes: the value; times: microseconds since 1970. A day or minute as a whole is [first, end).
    std::int64_t first = 0;
    std::int64_t end = 0;

    bool operator==(const Operand&) const = default;
};

/// One field against one or more values: any of them suffices for Equal and Contains, none may be equal for NotEqual
/// and NotContains. Only Equal and NotEqual have more than one.
struct Condition {
    Field field = Field::Id;
    Op op = Op::Equal;
    std::vector<Operand> values;

    bool operator==(const Condition&) const = default;
};

struct Expression {
    enum class Kind : std::uint8_t {
        Everything, ///< the empty filter
        All,        ///< every one of `parts`
        Any,        ///< one of `parts` at least
        Not,        ///< parts[0] does not hold
        Compare,    ///< `condition`
        Words,      ///< `words` is somewhere in the message or its error
    };
    Kind kind = Kind::Everything;
    std::vector<Expression> parts;
    Condition condition;
    std::string words;

    bool operator==(const Expression&) const = default;
};

} // namespace dashstream::filter
