// What was discarded, by whom, why and until when that can be taken back: as commands say it. Pure; any thread.
#pragma once

#include "core/base/clock.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace dashstream::app {

struct DiscardNote {
    UtcTime at{}; ///< not set: it is not discarded
    const std::string& by;
    const std::string& reason;
};

/// {"at","by","reason","restorable_until"}, or null.
[[nodiscard]] nlohmann::json toJson(const DiscardNote& note);
/// A line, safe for a terminal; empty: it is not discarded.
[[nodiscard]] std::string toText(const DiscardNote& note);
[[nodiscard]] UtcTime restorableUntil(UtcTime discardedAt);

} // namespace dashstream::app
