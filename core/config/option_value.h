// Values of settings: the forms in which they are given, parsed and shown. Pure; any thread.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace dashstream::config {

enum class Kind : std::uint8_t {
    Text,
    Choice,   ///< one of a few words; upper and lower case do not matter
    Boolean,  ///< true, false; as text also on, off, yes, no, 1, 0
    Count,    ///< a whole number
    Number,   ///< a number, or empty where the setting may be absent
    Duration, ///< whole milliseconds; as text with ms, s, m, h, d
    Bytes,    ///< as text with B, KiB, MiB, GiB, TiB (1024) or kB, MB, GB, TB (1000)
};

/// A parsed value: text and choices as string, counts, milliseconds and bytes as integer; monostate is an absent
/// number.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// Something that no setting can be: an array, a date; `name` says which.
struct OtherType {
    std::string_view name;
};

/// A value as it was given. `plainText`: it comes from the environment or --set, where everything is text.
struct RawValue {
    std::variant<std::string, bool, std::int64_t, double, OtherType> value;
    bool plainText = false;

    /// As a person wrote it, more or less; not redacted.
    [[nodiscard]] std::string text() const;
};

/// What must hold, in words, when the value cannot be read.
template <typename T>
using Parsed = tl::expected<T, std::string>;

/// Choices are not resolved here: they come back as they were given.
[[nodiscard]] Parsed<Value> parseValue(Kind kind, bool mayBeAbsent, const RawValue& raw);

/// "30s", "1.5 MiB", "100_000" in the kind's own unit (milliseconds, bytes, nothing); none: not such a value.
[[nodiscard]] std::optional<double> parseQuantity(Kind kind, std::string_view text);

/// In a form that parseValue() reads again: "30s", "100ms", "1MiB", "1000000B", "true".
[[nodiscard]] std::string formatValue(Kind kind, const Value& value);

} // namespace dashstream::config
