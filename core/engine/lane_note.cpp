#include "core/engine/lane_note.h"

#include <charconv>

namespace dashstream::engine {

namespace {
constexpr std::string_view kLanePrefix = "lane.";
constexpr std::string_view kNoId = "-";

/// The next word, cut off the front.
std::string_view word(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view found = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return found;
}

template <typename Number>
bool number(std::string_view text, Number& to) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
}
} // namespace

std::string LaneNote::text() const {
    return std::to_string(partitions) + ' ' + (topicId.empty() ? std::string(kNoId) : topicId) + ' ' +
           std::to_string(bound.value) + ' ' + std::to_string(mark.value);
}

std::optional<LaneNote> LaneNote::parse(std::string_view text) {
    LaneNote note;
    const bool counted = number(word(text), note.partitions);
    const std::string_view id = word(text);
    note.topicId = id == kNoId ? std::string_view() : id;
    const bool bounded = number(word(text), note.bound.value);
    const bool marked = number(word(text), note.mark.value);
    return counted && !id.empty() && bounded && marked && text.empty() ? std::optional(std::move(note)) : std::nullopt;
}

std::string laneNoteName(PartitionId partition) {
    return std::string(kLanePrefix) + std::to_string(partition.value);
}

std::optional<PartitionId> laneOfNote(std::string_view name) {
    PartitionId partition;
    const bool named = name.starts_with(kLanePrefix) && number(name.substr(kLanePrefix.size()), partition.value);
    return named ? std::optional(partition) : std::nullopt;
}

std::string MappingNote::text() const {
    return std::to_string(partitions) + ' ' + std::to_string(from.value);
}

std::optional<MappingNote> MappingNote::parse(std::string_view text) {
    MappingNote note;
    const bool counted = number(word(text), note.partitions);
    const bool begun = number(word(text), note.from.value);
    return counted && begun && text.empty() ? std::optional(note) : std::nullopt;
}

} // namespace dashstream::engine
