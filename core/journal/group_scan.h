// Finding groups in a segment without reading what is in them. Pure functions on a window; the window's thread.
#pragma once

#include "core/journal/format.h"
#include "core/journal/segment_window.h"

#include <optional>

namespace dashstream::journal {

/// A group's header that stands there, of this segment and with room for its body; nothing: none.
[[nodiscard]] std::optional<GroupHeader> groupHeaderAt(SegmentWindow& window, std::uint64_t offset,
                                                       Generation generation, std::uint64_t size);
/// Where the last group begins, from here on. What stands before it was whole on the disk before it was begun, so in a
/// segment that is being written everything up to there can be read, as long as it is read afterwards. Nothing: none.
[[nodiscard]] std::optional<std::uint64_t> lastGroupIn(SegmentWindow& window, std::uint64_t from, Generation generation,
                                                       std::uint64_t size);

} // namespace dashstream::journal
