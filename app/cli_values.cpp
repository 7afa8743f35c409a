#include "app/cli_values.h"

#include "core/config/option_value.h"
#include "core/filter/values.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace dashstream::app {

namespace {

std::optional<std::int64_t> parseId(std::string_view text) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || id < 1) {
        return std::nullopt;
    }
    return id;
}

std::optional<IdRange> parseRange(std::string_view text) {
    std::size_t width = 2;
    std::size_t middle = text.find("..");
    if (middle == std::string_view::npos) {
        width = 1;
        middle = text.find('-');
    }
    if (middle == std::string_view::npos) {
        const auto id = parseId(text);
        return id ? std::optional<IdRange>({*id, *id}) : std::nullopt;
    }
    const auto first = parseId(text.substr(0, middle));
    const auto last = parseId(text.substr(middle + width));
    if (!first || !last || *last < *first) {
        return std::nullopt;
    }
    return IdRange{*first, *last};
}

} // namespace

Result<milliseconds> parseDuration(std::string_view text) {
    constexpr double kLongest = 30.0 * 24 * 3'600'000;
    const bool bare = !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
    const auto value = config::parseQuantity(config::Kind::Duration, std::string(text) + (bare ? "s" : ""));
    if (!value || !(*value >= 0 && *value <= kLongest)) {
        return fail(ErrorClass::Usage, "usage.duration", "'" + std::string(text) + "' is not a duration",
                    "Write a number with ms, s, m or h, at most 30 days, e.g. 10s.");
    }
    return milliseconds(static_cast<std::int64_t>(*value));
}

Result<UtcTime> parseSince(std::string_view text) {
    const SystemClock clock;
    if (const auto time = filter::readTime(text, filter::systemTime(clock))) {
        return utcFromMicros(time->first);
    }
    if (const auto ago = parseDuration(text)) {
        return clock.utcNow() - *ago;
    }
    return fail(ErrorClass::Usage, "usage.time", "'" + std::string(text) + "' is not a time",
                "Write a time such as 2026-11-30T14:05 or yesterday, or how long ago, such as 2h or 7d.");
}

Result<std::size_t> parseSize(std::string_view text) {
    const auto value = config::parseQuantity(config::Kind::Bytes, text);
    if (!value || !(*value >= 1 && *value <= 1e15)) {
        return fail(ErrorClass::Usage, "usage.size", "'" + std::string(text) + "' is not a size",
                    "Write a number of bytes, or with KiB, MiB or GiB, e.g. 10MiB.");
    }
    return static_cast<std::size_t>(*value);
}

Result<std::vector<IdRange>> parseIds(std::string_view text) {
    std::vector<IdRange> ranges;
    std::size_t from = 0;
    while (from <= text.size()) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        const auto range = parseRange(text.substr(from, comma - from));
        if (!range) {
            return fail(ErrorClass::Usage, "usage.id", "'" + std::string(text) + "' is not an id or a range of ids",
                        "Write e.g. 7, 3-9 or 1,4,10-20; the first id is 1.");
        }
        ranges.push_back(*range);
        from = comma + 1;
    }
    return ranges;
}

Result<std::vector<std::pair<PartitionId, Offset>>> parsePlaces(std::string_view text) {
    std::vector<std::pair<PartitionId, Offset>> places;
    const auto number = [](std::string_view part, auto& into) {
        const auto [at, error] = std::from_chars(part.data(), part.data() + part.size(), into);
        return error == std::errc{} && at == part.data() + part.size() && into >= 0;
    };
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        const std::string_view part = text.substr(from, comma - from);
        const std::size_t colon = std::min(part.find(':'), part.size());
        PartitionId partition;
        Offset offset;
        if (colon == part.size() || !number(part.substr(0, colon), partition.value) ||
            !number(part.substr(colon + 1), offset.value)) {
            return fail(ErrorClass::Usage, "usage.id", "'" + std::string(text) + "' is no place in a topic",
                        "Write partition and offset, e.g. 2:17 or 0:3,0:4.");
        }
        places.emplace_back(partition, offset);
        from = comma + 1;
    }
    return places;
}

Result<std::pair<std::string, std::string>> parseSet(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos) {
        // The text is not repeated: it may be a secret that lost its key.
        return fail(ErrorClass::Usage, "usage.set", "--set needs key=value",
                    "Write e.g. --set kafka.topic=dashstream-events; 'dashstreamctl config keys' lists the keys.");
    }
    return std::pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

bool contains(const std::vector<IdRange>& ranges, std::int64_t id) {
    return std::ranges::any_of(ranges, [id](const IdRange& range) { return range.first <= id && id <= range.last; });
}

} // namespace dashstream::app
