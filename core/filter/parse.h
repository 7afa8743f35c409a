// Reads a filter expression: `error ~ timeout and tenant = acme and time > -2h`. Pure; any thread.
//
//   either   = both { "or" both }
//   both     = one { ["and"] one }
//   one      = "not" one | "(" either ")" | field sign value | field ["not"] "in" "(" value { "," value } ")" | value
//
// A value alone is searched for in the message and its error.
#pragma once

#include "core/filter/expression.h"
#include "core/filter/tokens.h"
#include "core/filter/values.h"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace dashstream::filter {

inline constexpr std::size_t kMostBytes = 16 * 1024;
inline constexpr int kDeepest = 50; ///< parentheses and `not` within one another

struct Fault {
    Place where;
    std::string what;   ///< for a person, no full stop: "tenant has no order"
    std::string remedy; ///< "Write tenant = acme"; may be empty

    /// Both in one line, with the column (from 1) that it is about.
    [[nodiscard]] std::string text() const;
};

template <typename T>
using Parsed = tl::expected<T, Fault>;

/// An empty text is Everything.
[[nodiscard]] Parsed<Expression> parse(std::string_view text, const TimeContext& context);

} // namespace dashstream::filter
