#include "ui/format.h"

#include <QDateTime>
#include <QTimeZone>

#include <array>
#include <cmath>
#include <cstdlib>

namespace dashstream::ui {
namespace {

QString grouped(QString digits) {
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3) {
        digits.insert(at, kThinSpace);
    }
    return digits;
}

QString withUnit(const QString& value, const QString& unit) {
    return value + kThinSpace + unit;
}

QString decimals(double value) {
    const int places = value < 10 ? 2 : (value < 100 ? 1 : 0);
    return places == 0 ? formatNumber(static_cast<std::int64_t>(std::llround(value)))
                       : QString::number(value, 'f', places);
}

QString zoned(UtcTime at, const QString& pattern) {
    if (toMicros(at) == 0) {
        return QStringLiteral("–");
    }
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(toMicros(at) / 1000);
    return local.toString(pattern) + QLatin1Char(' ') + local.timeZoneAbbreviation();
}

QString twoParts(std::int64_t major, const QString& majorUnit, std::int64_t minor, const QString& minorUnit) {
    const QString first = withUnit(formatNumber(major), majorUnit);
    return minor == 0 ? first : first + QLatin1Char(' ') + withUnit(QString::number(minor), minorUnit);
}

} // namespace

QString fromOutside(std::string_view utf8) {
    QString text = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    for (QChar& c : text) {
        const bool lineEnd = c == QLatin1Char('\n') || c == QLatin1Char('\t');
        if (!lineEnd && (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format)) {
            // Control pictures show what it was; bidirectional marks could turn the text around.
            c = c.unicode() < 0x20 ? QChar(0x2400 + c.unicode()) : QChar(QChar::ReplacementCharacter);
        }
    }
    return text;
}

QString fromCore(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString formatNumber(std::uint64_t value) {
    return grouped(QString::number(value));
}

QString formatNumber(std::int64_t value) {
    if (value >= 0) {
        return formatNumber(static_cast<std::uint64_t>(value));
    }
    return QChar(0x2212) + formatNumber(std::uint64_t{0} - static_cast<std::uint64_t>(value));
}

QString formatCount(std::uint64_t count, const QString& singular, const QString& plural) {
    return formatNumber(count) + QLatin1Char(' ') + (count == 1 ? singular : plural);
}

QString formatMessages(std::uint64_t count) {
    return formatCount(count, QStringLiteral("message"), QStringLiteral("messages"));
}

QString formatRate(double perSecond) {
    const bool small = perSecond > 0 && perSecond < 10;
    const QString value =
        small ? QString::number(perSecond, 'f', 1) : formatNumber(static_cast<std::int64_t>(std::llround(perSecond)));
    return value + QStringLiteral("/s");
}

QString formatBytes(std::uint64_t bytes) {
    static const std::array<QString, 5> kUnits{QStringLiteral("B"), QStringLiteral("KiB"), QStringLiteral("MiB"),
                                               QStringLiteral("GiB"), QStringLiteral("TiB")};
    if (bytes < 1024) {
        return withUnit(QString::number(bytes), kUnits[0]);
    }
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < kUnits.size()) {
        value /= 1024;
        ++unit;
    }
    return withUnit(QString::number(value, 'f', value < 10 ? 2 : 1), kUnits[unit]);
}

QString formatLatency(microseconds value) {
    const auto micros = static_cast<double>(value.count());
    if (micros < 1000) {
        return withUnit(QString::number(value.count()), QStringLiteral("µs"));
    }
    if (micros < 1e6) {
        return withUnit(decimals(micros / 1000), QStringLiteral("ms"));
    }
    return micros < 60e6 ? withUnit(decimals(micros / 1e6), QStringLiteral("s"))
                         : formatDuration(std::chrono::duration_cast<milliseconds>(value));
}

QString formatDuration(milliseconds value) {
    const std::int64_t millis = std::max<std::int64_t>(value.count(), 0);
    const std::int64_t seconds = millis / 1000;
    if (millis < 1000) {
        return withUnit(QString::number(millis), QStringLiteral("ms"));
    }
    if (seconds < 60) {
        return withUnit(QString::number(seconds), QStringLiteral("s"));
    }
    if (seconds < 3600) {
        return twoParts(seconds / 60, QStringLiteral("min"), seconds % 60, QStringLiteral("s"));
    }
    if (seconds < 86'400) {
        return twoParts(seconds / 3600, QStringLiteral("h"), seconds % 3600 / 60, QStringLiteral("min"));
    }
    return twoParts(seconds / 86'400, QStringLiteral("d"), seconds % 86'400 / 3600, QStringLiteral("h"));
}

QString formatMoment(UtcTime at) {
    return zoned(at, QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString formatMomentMillis(UtcTime at) {
    return zoned(at, QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
}

QString formatClock(UtcTime at) {
    return zoned(at, QStringLiteral("HH:mm:ss"));
}

QString plainToolTip(const QString& text) {
    return text.isEmpty() ? text : QStringLiteral("<span>") + text.toHtmlEscaped() + QStringLiteral("</span>");
}

QString withoutMnemonic(QString text) {
    return text.replace(QLatin1Char('&'), QStringLiteral("&&"));
}

} // namespace dashstream::ui
