// The words and signs of a filter expression. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::filter {

struct Place {
    std::size_t at = 0;    ///< byte offset
    std::size_t bytes = 0; ///< 0: at the end
};

struct Token {
    enum class Kind : std::uint8_t {
        Word,     ///< bare: timeout, -2h, acme
        Quoted,   ///< in quotation marks, which `text` has no more
        Operator, ///< = != ~ !~ < <= > >=
        Open,
        Close,
        Comma,
        And,
        Or,
        Not,
        In,
        Unclosed, ///< a quotation mark without its other one
        End,
    };
    Kind kind = Kind::End;
    Place place;
    std::string text;

    [[nodiscard]] bool isValue() const { return kind == Kind::Word || kind == Kind::Quoted; }
};

/// The last one is End. `and`, `or`, `not` and `in` are read in any case, && || ! as well, == as =, <> as !=.
[[nodiscard]] std::vector<Token> tokensOf(std::string_view text);
/// As it must be written to be read back as one value: bare if it can be, else quoted.
[[nodiscard]] std::string asValue(std::string_view text);

} // namespace dashstream::filter
