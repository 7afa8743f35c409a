// Which librdkafka properties an operator may set by kafka.extra.NAME, and which may not because they would break what
// the console promises or because a setting of its own decides them. Constant; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dashstream::config {

inline constexpr std::string_view kExtraPrefix = "kafka.extra.";

/// Why `property` is refused.
struct Refusal {
    std::string_view rule;   ///< what must hold
    std::string_view remedy; ///< what to do instead
};

/// None: it may be set. Names: librdkafka's CONFIGURATION.md.
[[nodiscard]] std::optional<Refusal> refusedProperty(std::string_view property);
/// Its value must not be shown.
[[nodiscard]] bool isSecretProperty(std::string_view property);

} // namespace dashstream::config
