// The names that a filter expression may use, what they mean and what can be compared with them: the one table that
// parsing, completion, help and the store's SQL go by. Plain data; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace dashstream::filter {

enum class Field : std::uint8_t {
    Id,
    Error,
    Cause,
    Message,
    Class,
    Topic,
    Tenant,
    Thread,
    Type,
    State,
    Copy,
    Time,
    Accepted,
    Attempts,
    Rounds,
    Size,
    Sequence,
    Partition,
    Offset,
    Key,
    MessageId,
    Trace,
    Source,
};

enum class FieldKind : std::uint8_t {
    Text,   ///< = != ~ !~ in; of Message only ~ and !~, which look for words (core/filter/words.h)
    Choice, ///< one of `choices`; = != in
    Number, ///< = != < <= > >= in
    Size,   ///< bytes, with a unit if wanted; as Number
    Time,   ///< a moment, or a day or minute as a whole; = != < <= > >=
};

struct FieldInfo {
    Field field;
    std::string_view name;
    std::string_view alias; ///< another name that people try; empty: none
    FieldKind kind;
    std::string_view help; ///< for a person, with no end
    std::span<const std::string_view> choices;
};

[[nodiscard]] std::span<const FieldInfo> fields();
/// By name or alias, in any case; null: there is none.
[[nodiscard]] const FieldInfo* findField(std::string_view name);
[[nodiscard]] const FieldInfo& infoOf(Field field);
/// The name that looks most like this one; empty: none does.
[[nodiscard]] std::string_view nearestField(std::string_view name);
/// The same among the choices of a field.
[[nodiscard]] std::string_view nearestChoice(const FieldInfo& field, std::string_view word);

} // namespace dashstream::filter
