// The words for the enumerations of config.h, as in the profile file. Pure; any thread.
#pragma once

#include "core/config/config.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace dashstream::config {

/// In the order of the enumeration.
template <typename E>
struct EnumNames;

template <>
struct EnumNames<SecurityProtocol> {
    static constexpr std::array<std::string_view, 4> names{"plaintext", "ssl", "sasl_plaintext", "sasl_ssl"};
};
template <>
struct EnumNames<MessageCompression> {
    static constexpr std::array<std::string_view, 3> names{"message", "batch", "off"};
};
template <>
struct EnumNames<DeliveryMode> {
    static constexpr std::array<std::string_view, 2> names{"until-delivered", "bounded"};
};
template <>
struct EnumNames<Ordering> {
    static constexpr std::array<std::string_view, 2> names{"strict", "relaxed"};
};
template <>
struct EnumNames<Durability> {
    static constexpr std::array<std::string_view, 2> names{"journal", "memory"};
};
template <>
struct EnumNames<LimiterErrorPolicy> {
    static constexpr std::array<std::string_view, 2> names{"closed", "local"};
};

/// "until-delivered" for DeliveryMode::UntilDelivered, and so on.
template <typename E>
[[nodiscard]] constexpr std::string_view nameOf(E value) {
    return EnumNames<E>::names[static_cast<std::size_t>(value)];
}

} // namespace dashstream::config
