// The table of all settings: one row a key, with all that loading, checking, help, the form and the page of the manual
// need. To add a setting, add its member to config.h and its row to options_*.cpp. Constant data; any thread.
#pragma once

#include "core/config/option_access.h"
#include "core/config/option_value.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::config {

/// When a changed value takes effect.
enum class Applies : std::uint8_t { Restart, Live };

/// Smallest and largest value, in the kind's own unit. A value outside is an error, unless it is told what it becomes:
/// then that is used, with a warning.
struct Limits {
    std::optional<double> min{};
    std::optional<double> max{};
    std::optional<double> below{};
    std::optional<double> above{};
};

struct OptionSpec {
    std::string_view key{};
    Kind kind = Kind::Text;
    Access access{};
    std::string_view help{}; ///< one line
    std::string_view rule{}; ///< where name, default and range come from
    std::string_view unit{}; ///< of a plain number: "ms", "bytes", …; may be empty
    Limits limits{};
    std::vector<std::string_view> choices{}; ///< of Kind::Choice
    bool mayBeEmpty = true;                  ///< Text, Choice: ""; Number: absent
    bool secret = false;                     ///< never shown; may be env:NAME or file:PATH
    Applies applies = Applies::Restart;
    std::array<std::string_view, 2> environment{}; ///< the first that is set wins; empty: none

    /// Of a fresh Config, in the form of formatValue(); empty for "none".
    [[nodiscard]] std::string defaultText() const;
    /// "1 … 20", "≥ 1", "plaintext / ssl / …"; empty: anything.
    [[nodiscard]] std::string rangeText() const;
    /// "text", "choice", "yes/no", "whole number", "number", "time", "size".
    [[nodiscard]] std::string_view typeText() const;
    /// "restart", "at once".
    [[nodiscard]] std::string_view appliesText() const;
};

/// All of them, by group, in the order in which a person reads them. Without kafka.extra.*, rate.overrides.* and
/// [[sources]], whose names are free.
[[nodiscard]] std::span<const OptionSpec> options();
/// nullptr: no such key.
[[nodiscard]] const OptionSpec* find(std::string_view key);
/// The known key that looks most like `key`; a single word is also compared with the last part of each key.
[[nodiscard]] std::string_view nearestKey(std::string_view key);
/// The table of the manual (resources/docs/configuration.md), one section a group.
[[nodiscard]] std::string optionsAsMarkdown();

} // namespace dashstream::config
