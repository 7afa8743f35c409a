// Where in a text of JSON something stands: what is no JSON, and the values of a path. Takes what protobuf's reader of
// JSON takes (single quotes, names without quotes, a comma too many), so that nothing is called wrong that it would
// read. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dashstream::wire {

struct TextRange {
    std::size_t at = 0;    ///< byte offset
    std::size_t bytes = 0; ///< 0: between two characters, or at the end

    bool operator==(const TextRange&) const = default;
};

struct JsonBreak {
    TextRange where;
    std::string what; ///< "a comma or } is missing before this", for a person
};

/// The first place where `text` is not one JSON value; nothing: it is one.
[[nodiscard]] std::optional<JsonBreak> findJsonBreak(std::string_view text);

/// The value of `path`, as protobuf names it: "event.header.thread_id", "event_batch.events[1].node_id",
/// "event.attributes[0].value" (the first entry of an object that is a map, and its value). Names match in both styles.
/// Nothing: it is not there, or the text is broken before it.
[[nodiscard]] std::optional<TextRange> findJsonValue(std::string_view text, std::string_view path);
/// The same of the name that belongs to the value.
[[nodiscard]] std::optional<TextRange> findJsonName(std::string_view text, std::string_view path);

} // namespace dashstream::wire
