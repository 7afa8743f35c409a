// Values as a person writes them on the command line. Pure; any thread.
#pragma once

#include "app/cli_options.h"
#include "core/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace dashstream::app {

/// "500ms", "10s", "2m", "1h"; a bare number is seconds. At most 30 days. Error "usage.duration".
[[nodiscard]] Result<milliseconds> parseDuration(std::string_view text);
/// "2026-11-30T14:05", "yesterday", "14:05" and so on (core/filter/values.h), or so long before now: "2h", "7d". Error
/// "usage.time".
[[nodiscard]] Result<UtcTime> parseSince(std::string_view text);
/// "1000", "64KiB", "1MiB", "1GiB", "10kB", "10MB". Error "usage.size".
[[nodiscard]] Result<std::size_t> parseSize(std::string_view text);
/// "7", "3-9", "3..9" and lists of them with commas; ids are from 1. Error "usage.id".
[[nodiscard]] Result<std::vector<IdRange>> parseIds(std::string_view text);
/// "2:17" and lists of them with commas: partition and offset. Error "usage.id".
[[nodiscard]] Result<std::vector<std::pair<PartitionId, Offset>>> parsePlaces(std::string_view text);
/// "key=value"; the value may be empty and may hold "=". Error "usage.set".
[[nodiscard]] Result<std::pair<std::string, std::string>> parseSet(std::string_view text);

[[nodiscard]] bool contains(const std::vector<IdRange>& ranges, std::int64_t id);

} // namespace dashstream::app
