#include "core/config/option_value.h"

#include "core/config/text_tools.h"

#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <utility>

namespace dashstream::config {

namespace {

/// Whole numbers up to here are exact in a double.
constexpr double kLargest = 9007199254740992.0;

struct Unit {
    std::string_view name;
    double factor;
};

constexpr std::array<Unit, 9> kDurations{{{"ms", 1},
                                          {"s", 1e3},
                                          {"sec", 1e3},
                                          {"m", 6e4},
                                          {"min", 6e4},
                                          {"h", 3.6e6},
                                          {"d", 8.64e7},
                                          {"us", 1e-3},
                                          {"µs", 1e-3}}};
constexpr double kKibi = 1024;
constexpr std::array<Unit, 9> kSizes{{{"B", 1},
                                      {"KiB", kKibi},
                                      {"MiB", kKibi* kKibi},
                                      {"GiB", kKibi* kKibi* kKibi},
                                      {"TiB", kKibi* kKibi* kKibi* kKibi},
                                      {"kB", 1e3},
                                      {"MB", 1e6},
                                      {"GB", 1e9},
                                      {"TB", 1e12}}};
constexpr std::array<Unit, 1> kRates{{{"/s", 1}}};

std::span<const Unit> unitsOf(Kind kind) {
    switch (kind) {
    case Kind::Duration:
        return kDurations;
    case Kind::Bytes:
        return kSizes;
    case Kind::Number:
        return kRates;
    default:
        return {};
    }
}

std::string wanted(Kind kind) {
    switch (kind) {
    case Kind::Boolean:
        return "must be true or false";
    case Kind::Count:
        return "must be a whole number";
    case Kind::Number:
        return "must be a number";
    case Kind::Duration:
        return "must be a time: milliseconds, or a number with ms, s, m, h or d, such as \"30s\"";
    case Kind::Bytes:
        return "must be a size: bytes, or a number with B, KiB, MiB, GiB or TiB, such as \"1MiB\"";
    case Kind::Text:
    case Kind::Choice:
        break;
    }
    return "must be text";
}

Parsed<Value> parseBoolean(const RawValue& raw) {
    if (const bool* value = std::get_if<bool>(&raw.value)) {
        return *value;
    }
    if (const auto* text = std::get_if<std::string>(&raw.value); text != nullptr && raw.plainText) {
        const std::string word = toLower(trim(*text));
        if (word == "true" || word == "on" || word == "yes" || word == "1") {
            return true;
        }
        if (word == "false" || word == "off" || word == "no" || word == "0") {
            return false;
        }
    }
    return tl::make_unexpected(wanted(Kind::Boolean));
}

Parsed<Value> parseText(Kind kind, const RawValue& raw) {
    const auto* text = std::get_if<std::string>(&raw.value);
    if (text == nullptr) {
        return tl::make_unexpected(wanted(kind));
    }
    return kind == Kind::Choice ? std::string(trim(*text)) : *text;
}

std::optional<double> numberOf(Kind kind, const RawValue& raw) {
    if (const auto* whole = std::get_if<std::int64_t>(&raw.value)) {
        return static_cast<double>(*whole);
    }
    if (const auto* real = std::get_if<double>(&raw.value)) {
        return *real;
    }
    if (const auto* text = std::get_if<std::string>(&raw.value)) {
        return parseQuantity(kind, *text);
    }
    return std::nullopt;
}

Parsed<Value> parseNumber(Kind kind, bool mayBeAbsent, const RawValue& raw) {
    const auto* text = std::get_if<std::string>(&raw.value);
    if (mayBeAbsent && text != nullptr && trim(*text).empty()) {
        return Value();
    }
    const std::optional<double> number = numberOf(kind, raw);
    if (!number || !std::isfinite(*number) || std::abs(*number) > kLargest) {
        return tl::make_unexpected(wanted(kind));
    }
    if (kind == Kind::Number) {
        return *number;
    }
    if (std::abs(*number - std::round(*number)) > 1e-6) {
        return tl::make_unexpected(kind == Kind::Duration ? "must be whole milliseconds"
                                   : kind == Kind::Bytes  ? "must be whole bytes"
                                                          : wanted(kind));
    }
    return static_cast<std::int64_t>(std::round(*number));
}

std::string withUnit(std::int64_t value, std::span<const Unit> largestFirst) {
    for (const Unit& unit : largestFirst) {
        const auto factor = static_cast<std::int64_t>(unit.factor);
        if (value != 0 && value % factor == 0) {
            return std::to_string(value / factor) + std::string(unit.name);
        }
    }
    return std::to_string(value) + std::string(largestFirst.back().name);
}

std::string shortest(double value) {
    std::array<char, 400> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    return error == std::errc() ? std::string(text.data(), end) : std::to_string(value);
}

} // namespace

std::string RawValue::text() const {
    struct Writer {
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const { return shortest(number); }
        std::string operator()(const OtherType& other) const { return "(" + std::string(other.name) + ")"; }
    };
    return std::visit(Writer(), value);
}

Parsed<Value> parseValue(Kind kind, bool mayBeAbsent, const RawValue& raw) {
    switch (kind) {
    case Kind::Text:
    case Kind::Choice:
        return parseText(kind, raw);
    case Kind::Boolean:
        return parseBoolean(raw);
    default:
        return parseNumber(kind, mayBeAbsent, raw);
    }
}

std::optional<double> parseQuantity(Kind kind, std::string_view text) {
    std::string digits;
    std::string_view rest = trim(text);
    while (!rest.empty() && std::string_view("+-.0123456789_").find(rest.front()) != std::string_view::npos) {
        if (rest.front() != '_' && !(rest.front() == '+' && digits.empty())) {
            digits += rest.front();
        }
        rest.remove_prefix(1);
    }
    double number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    const std::string_view unitName = trim(rest);
    if (unitName.empty()) {
        return number;
    }
    for (const Unit& unit : unitsOf(kind)) {
        if (unit.name == unitName) {
            return number * unit.factor;
        }
    }
    return std::nullopt;
}

std::string formatValue(Kind kind, const Value& value) {
    static constexpr std::array<Unit, 5> kShownDurations{
        {{"d", 8.64e7}, {"h", 3.6e6}, {"m", 6e4}, {"s", 1e3}, {"ms", 1}}};
    static constexpr std::array<Unit, 4> kShownSizes{
        {{"GiB", kKibi * kKibi * kKibi}, {"MiB", kKibi * kKibi}, {"KiB", kKibi}, {"B", 1}}};
    struct Writer {
        Kind kind;
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(double number) const { return shortest(number); }
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(std::int64_t number) const {
            if (kind == Kind::Duration) {
                return withUnit(number, kShownDurations);
            }
            return kind == Kind::Bytes ? withUnit(number, kShownSizes) : std::to_string(number);
        }
    };
    return std::visit(Writer{kind}, value);
}

} // namespace dashstream::config
