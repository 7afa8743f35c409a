// Numbers, sizes and times as a person writes them in a filter. Pure; any thread.
#pragma once

#include "core/base/clock.h"
#include "core/filter/expression.h"

#include <functional>
#include <optional>
#include <string_view>

namespace dashstream::filter {

/// What relative times and times without a zone are taken from.
struct TimeContext {
    UtcTime now{};
    /// Seconds east of UTC at this moment; empty: UTC.
    std::function<std::int64_t(UtcTime)> offsetAt;
};
/// Now, in the system's zone.
[[nodiscard]] TimeContext systemTime(const Clock& clock);

/// A whole number, perhaps with a sign.
[[nodiscard]] std::optional<Operand> readNumber(std::string_view text);
/// Bytes, with units as in settings: "500", "10KiB", "1.5 MiB", "2MB".
[[nodiscard]] std::optional<Operand> readSize(std::string_view text);
/// "-2h", "-1d12h", "now", "today", "yesterday", "2026-11-30", "2026-11-30T14:05", "14:05" (today), with seconds,
/// fractions, Z or an offset. Days and minutes without more are meant as a whole. Years 1970 to 9999.
[[nodiscard]] std::optional<Operand> readTime(std::string_view text, const TimeContext& context);

} // namespace dashstream::filter
