#include "core/filter/values.h"

#include "core/config/option_value.h"
#include "core/config/text_tools.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <limits>

namespace dashstream::filter {

namespace {
using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr std::int64_t kSecond = 1'000'000; // all times here are in microseconds
constexpr double kLargestSize = 9e15;       ///< doubles hold whole numbers up to there
constexpr std::int64_t kLongestSpan = 1'000'000'000'000'000'000;

Operand exactly(std::string_view text, std::int64_t value) {
    return {std::string(text), value, value == std::numeric_limits<std::int64_t>::max() ? value : value + 1};
}

/// Takes digits from the front: at least `least`, at most `most`.
std::optional<std::int64_t> takeDigits(std::string_view& text, std::size_t least, std::size_t most) {
    std::size_t count = 0;
    std::int64_t value = 0;
    while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9') {
        value = value * 10 + (text[count] - '0');
        ++count;
    }
    if (count < least) {
        return std::nullopt;
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

/// "2h", "1d12h", "90s" in microseconds.
std::optional<std::int64_t> readSpan(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kUnits{{{"ms", kSecond / 1000},
                                                                               {"s", kSecond},
                                                                               {"m", 60 * kSecond},
                                                                               {"h", 3600 * kSecond},
                                                                               {"d", 86400 * kSecond},
                                                                               {"w", 7 * 86400 * kSecond}}};
    std::int64_t sum = 0;
    if (text.empty()) {
        return std::nullopt;
    }
    while (!text.empty()) {
        const auto count = takeDigits(text, 1, 6);
        if (!count) {
            return std::nullopt;
        }
        const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                       [text](const auto& known) { return text.starts_with(known.first); });
        if (unit == kUnits.end()) {
            return std::nullopt;
        }
        text.remove_prefix(unit->first.size());
        sum += *count * unit->second;
        if (sum > kLongestSpan) {
            return std::nullopt;
        }
    }
    return sum;
}

struct TimeOfDay {
    std::int64_t micros = 0;
    std::int64_t length = 1; ///< how long what was written is
};

/// "14:05", "14:05:30", "14:05:30.5"
std::optional<TimeOfDay> takeTimeOfDay(std::string_view& text) {
    const auto hour = takeDigits(text, 1, 2);
    if (!hour || *hour > 23 || !take(text, ':')) {
        return std::nullopt;
    }
    const auto minute = takeDigits(text, 2, 2);
    if (!minute || *minute > 59) {
        return std::nullopt;
    }
    TimeOfDay time{(*hour * 60 + *minute) * 60 * kSecond, 60 * kSecond};
    if (!take(text, ':')) {
        return time;
    }
    const auto second = takeDigits(text, 2, 2);
    if (!second || *second > 60) { // 60: a leap second, taken as the next one
        return std::nullopt;
    }
    time.micros += *second * kSecond;
    time.length = kSecond;
    if (take(text, '.')) {
        const std::size_t before = text.size();
        const auto fraction = takeDigits(text, 1, 6);
        if (!fraction) {
            return std::nullopt;
        }
        time.length = 1;
        std::int64_t part = *fraction;
        for (std::size_t digits = before - text.size(); digits < 6; ++digits) {
            part *= 10;
            time.length *= 10;
        }
        time.micros += part;
        while (takeDigits(text, 1, 1)) { // nanoseconds are cut
        }
    }
    return time;
}

/// "Z", "+01:00", "-0530": seconds east of UTC.
std::optional<std::int64_t> readZone(std::string_view text) {
    if (text == "Z" || text == "z") {
        return 0;
    }
    const bool west = text.starts_with('-');
    if (!west && !text.starts_with('+')) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    const auto hours = takeDigits(text, 2, 2);
    (void)take(text, ':');
    const auto minutes = takeDigits(text, 2, 2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59 || !text.empty()) {
        return std::nullopt;
    }
    return (west ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

/// Midnight of that day, as if the zone were UTC.
std::optional<std::int64_t> takeDate(std::string_view& text) {
    const auto year = takeDigits(text, 4, 4);
    if (!year || !take(text, '-')) {
        return std::nullopt;
    }
    const auto month = takeDigits(text, 2, 2);
    if (!month || !take(text, '-')) {
        return std::nullopt;
    }
    const auto day = takeDigits(text, 2, 2);
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(day.value_or(0)))};
    if (!day || !date.ok() || *year < 1970) {
        return std::nullopt;
    }
    return toMicros(UtcTime(std::chrono::sys_days(date)));
}

/// The moment at which clocks of the zone show this.
std::int64_t fromLocal(std::int64_t local, const TimeContext& context) {
    if (!context.offsetAt) {
        return local;
    }
    const std::int64_t guess = local - context.offsetAt(utcFromMicros(local)) * kSecond;
    return local - context.offsetAt(utcFromMicros(guess)) * kSecond; // the offset there, not the one at `local`
}

std::int64_t localDay(const TimeContext& context) {
    const std::int64_t now = toMicros(context.now);
    const std::int64_t local = now + (context.offsetAt ? context.offsetAt(context.now) * kSecond : 0);
    return local - local % (86400 * kSecond);
}

/// From a midnight of the zone to the next one, which may be 23 or 25 hours later.
Operand wholeDay(std::string_view text, std::int64_t midnight, const TimeContext& context) {
    return {std::string(text), fromLocal(midnight, context), fromLocal(midnight + 86400 * kSecond, context)};
}

std::optional<Operand> readDateAndTime(std::string_view written, const TimeContext& context) {
    std::string_view text = written;
    const auto date = takeDate(text);
    if (date && text.empty()) {
        return wholeDay(written, *date, context);
    }
    if (date && !take(text, 'T') && !take(text, 't') && !take(text, ' ')) {
        return std::nullopt;
    }
    if (!date) {
        text = written; // a time of today
    }
    const auto time = takeTimeOfDay(text);
    if (!time) {
        return std::nullopt;
    }
    const std::int64_t local = date.value_or(localDay(context)) + time->micros;
    const auto zone = readZone(text);
    if (!zone && !text.empty()) {
        return std::nullopt;
    }
    const std::int64_t first = zone ? local - *zone * kSecond : fromLocal(local, context);
    return Operand{std::string(written), first, first + time->length};
}
} // namespace

TimeContext systemTime(const Clock& clock) {
    return {clock.utcNow(), [](UtcTime at) -> std::int64_t {
                const std::time_t when = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
                std::tm parts{};
                return ::localtime_r(&when, &parts) == nullptr ? 0 : parts.tm_gmtoff;
            }};
}

std::optional<Operand> readNumber(std::string_view text) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stopped != end || text.empty()) {
        return std::nullopt;
    }
    return exactly(text, value);
}

std::optional<Operand> readSize(std::string_view text) {
    const auto bytes = config::parseQuantity(config::Kind::Bytes, text);
    if (!bytes || *bytes < 0 || *bytes > kLargestSize) {
        return std::nullopt;
    }
    return exactly(text, std::llround(*bytes));
}

std::optional<Operand> readTime(std::string_view text, const TimeContext& context) {
    const std::string lower = config::toLower(text);
    if (lower == "now") {
        return exactly(text, toMicros(context.now));
    }
    if (lower == "today" || lower == "yesterday") {
        return wholeDay(text, localDay(context) - (lower == "today" ? 0 : 86400 * kSecond), context);
    }
    if (text.starts_with('-') || text.starts_with('+')) {
        const auto span = readSpan(std::string_view(lower).substr(1));
        if (!span) {
            return std::nullopt;
        }
        return exactly(text, toMicros(context.now) + (text.front() == '-' ? -*span : *span));
    }
    return readDateAndTime(text, context);
}

} // namespace dashstream::filter
