// The words of the format for what the store numbers.
#pragma once

#include <array>
#include <string_view>

namespace dashstream::exchange {

/// In the order of store::DeadState and store::CopyState.
inline constexpr std::array<std::string_view, 4> kStates{"open", "resending", "resent", "discarded"};
inline constexpr std::array<std::string_view, 4> kCopies{"none", "pending", "copied", "refused"};
/// In the order of ErrorClass; the filter language's words for those that a letter can have.
inline constexpr std::array<std::string_view, 8> kClasses{
    "usage", "retriable", "outcome-unknown", "permanent-message", "permanent-topic", "fatal", "local", "cancelled"};
/// Types that have a name, from 0.
inline constexpr int kNamedTypes = 10;

} // namespace dashstream::exchange
