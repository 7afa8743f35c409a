// What the journal has of a partition, so that a start after a crash can look for what was handed over to it. Written
// as text: "partitions topic-id bound mark", "-" for an id that is not known.
#pragma once

#include "core/base/strong_type.h"
#include "core/journal/format.h"

#include <optional>
#include <string>
#include <string_view>

namespace dashstream::engine {

struct LaneNote {
    std::int32_t partitions = 0; ///< of the topic then
    std::string topicId;         ///< empty: not known
    Offset bound{-1};      ///< nothing that was handed over without a known outcome stands before it; -1: not known
    journal::EntryId mark; ///< no entry above it was handed over

    [[nodiscard]] std::string text() const;
    /// Nothing: it is not one.
    [[nodiscard]] static std::optional<LaneNote> parse(std::string_view text);
    bool operator==(const LaneNote&) const = default;
};

/// "lane.7"
[[nodiscard]] std::string laneNoteName(PartitionId partition);
/// Nothing: it names no lane.
[[nodiscard]] std::optional<PartitionId> laneOfNote(std::string_view name);

/// From which entry on messages name their partition among how many: "partitions entry".
inline constexpr std::string_view kMappingNote = "mapping";
struct MappingNote {
    std::int32_t partitions = 0;
    journal::EntryId from;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<MappingNote> parse(std::string_view text);
};

} // namespace dashstream::engine
