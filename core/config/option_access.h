// Reads one setting out of a Config and writes it back, made at compile time from member pointers. Inside core/config.
#pragma once

#include "core/config/config.h"
#include "core/config/enum_names.h"
#include "core/config/option_value.h"

#include <algorithm>
#include <string>
#include <type_traits>

namespace dashstream::config {

struct Access {
    Value (*get)(const Config& config) = nullptr;
    void (*set)(Config& config, const Value& value) = nullptr; ///< the value's kind was checked before
};

namespace detail {

template <typename T>
Value toValue(const T& member) {
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool> || std::is_same_v<T, double>) {
        return member;
    } else if constexpr (std::is_same_v<T, milliseconds>) {
        return static_cast<std::int64_t>(member.count());
    } else if constexpr (std::is_same_v<T, std::optional<double>>) {
        return member ? Value(*member) : Value();
    } else if constexpr (std::is_enum_v<T>) {
        return std::string(nameOf(member));
    } else {
        return static_cast<std::int64_t>(member);
    }
}

template <typename T>
void fromValue(T& member, const Value& value) {
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool> || std::is_same_v<T, double>) {
        member = std::get<T>(value);
    } else if constexpr (std::is_same_v<T, milliseconds>) {
        member = milliseconds(std::get<std::int64_t>(value));
    } else if constexpr (std::is_same_v<T, std::optional<double>>) {
        const double* number = std::get_if<double>(&value);
        member = number != nullptr ? std::optional(*number) : std::nullopt;
    } else if constexpr (std::is_enum_v<T>) {
        const auto& names = EnumNames<T>::names;
        const auto found = std::find(names.begin(), names.end(), std::get<std::string>(value));
        if (found != names.end()) {
            member = static_cast<T>(found - names.begin());
        }
    } else {
        member = static_cast<T>(std::get<std::int64_t>(value));
    }
}

} // namespace detail

/// access<&Config::kafka, &KafkaSettings::topic>()
template <auto Group, auto Member>
constexpr Access access() {
    return {[](const Config& config) { return detail::toValue(config.*Group.*Member); },
            [](Config& config, const Value& value) { detail::fromValue(config.*Group.*Member, value); }};
}

/// access<&Config::metricsListen>()
template <auto Member>
constexpr Access access() {
    return {[](const Config& config) { return detail::toValue(config.*Member); },
            [](Config& config, const Value& value) { detail::fromValue(config.*Member, value); }};
}

} // namespace dashstream::config
