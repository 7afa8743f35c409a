// What is wrong now, and what happened lately, in words for the operator.
#pragma once

#include "core/base/clock.h"

#include <cstdint>
#include <string>

namespace dashstream::engine {

enum class Urgency : std::uint8_t { Notice, Warning, Critical };
enum class Remedy : std::uint8_t {
    None,
    ShowBrokers,
    ShowRetries,
    ShowDeadLetters,
    ShowLog,
    ShowConfiguration,
    ShowSources
};

/// Something that is wrong now; the most urgent is the banner.
struct Condition {
    std::string id; ///< stable: "brokers.down", "topic.refused", "store.failed", …
    Urgency urgency = Urgency::Warning;
    std::string title;  ///< what is wrong
    std::string advice; ///< what to do
    Remedy remedy = Remedy::None;
    UtcTime since{};
};

struct NotableEvent {
    std::uint64_t number = 0;
    UtcTime at{};
    Urgency urgency = Urgency::Notice;
    std::string text;
};

} // namespace dashstream::engine
