// Numbers, times and foreign text as the screens show them: every number with its unit and thin-space thousands, every
// time with its zone, every byte from outside as plain text. Pure functions; GUI thread.
#pragma once

#include "core/base/clock.h"

#include <QString>

#include <cstdint>
#include <string_view>

namespace dashstream::ui {

/// Narrow no-break space: between thousands and before units.
inline constexpr QChar kThinSpace{0x202F};

/// UTF-8 from outside: bad bytes and control characters become visible replacements, line ends stay.
[[nodiscard]] QString fromOutside(std::string_view utf8);
/// Our own UTF-8 (core texts), taken as it is.
[[nodiscard]] QString fromCore(std::string_view utf8);

[[nodiscard]] QString formatNumber(std::int64_t value);
[[nodiscard]] QString formatNumber(std::uint64_t value);
/// "1 204 messages", "1 message".
[[nodiscard]] QString formatCount(std::uint64_t count, const QString& singular, const QString& plural);
[[nodiscard]] QString formatMessages(std::uint64_t count);
/// "12 345/s"; below 10 with one decimal.
[[nodiscard]] QString formatRate(double perSecond);
[[nodiscard]] QString formatBytes(std::uint64_t bytes); ///< "512 B", "1.2 MiB"
/// "0.82 ms", "12 ms", "1.4 s": of what is measured in microseconds.
[[nodiscard]] QString formatLatency(microseconds value);
/// "800 ms", "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h".
[[nodiscard]] QString formatDuration(milliseconds value);
/// Local time with its zone: "2026-11-23 20:48:41 CET"; the epoch: "–".
[[nodiscard]] QString formatMoment(UtcTime at);
[[nodiscard]] QString formatMomentMillis(UtcTime at);
/// "20:48:41 CET".
[[nodiscard]] QString formatClock(UtcTime at);

/// For setToolTip and Qt::ToolTipRole, which guess rich text: the same text, escaped.
[[nodiscard]] QString plainToolTip(const QString& text);
/// For buttons, menus and tabs: a '&' of foreign text is a '&'.
[[nodiscard]] QString withoutMnemonic(QString text);

} // namespace dashstream::ui
