// What the engine would say of one message that is being written, before it is sent: where it is wrong, or how it would
// travel. The same reader and checks as for JSON Lines, the same filling in and encoding. Pure; any thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"
#include "core/config/config.h"
#include "core/wire/dashstream.pb.h"
#include "core/wire/json_place.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::engine {

/// What is in force.
struct ComposeTerms {
    config::MessageSettings message;
    config::KafkaSettings kafka;
    std::int32_t partitions = 0;             ///< of the topic; 0: not known yet
    std::optional<std::uint64_t> topicLimit; ///< its max.message.bytes
};

struct ComposeFault {
    std::string text;
    std::string remedy;                   ///< what to do; may be empty
    std::optional<wire::TextRange> where; ///< bytes of the text
    std::size_t line = 0;                 ///< from 1; 0: no place is known
    std::size_t column = 0;               ///< in characters, from 1
};

struct MessagePreview {
    std::string type; ///< "event", "state_diff", …
    std::string thread;
    std::string tenant;
    bool tenantFilledIn = false;         ///< the text names none
    PartitionId partition = kUnassigned; ///< kUnassigned: not known
    std::size_t jsonBytes = 0;
    std::size_t encodedBytes = 0; ///< protobuf, with what is filled in; its number is taken for 1
    std::size_t framedBytes = 0;  ///< the record's value
    bool compressed = false;
    std::size_t limitBytes = 0;     ///< message.max_bytes
    std::string tooLarge;           ///< why it would be refused for its size; empty: it would not
    std::vector<std::string> notes; ///< what will be replaced or left out
};

struct ComposeCheck {
    bool blank = false; ///< nothing is written; neither a fault nor a preview
    std::optional<ComposeFault> fault;
    std::optional<MessagePreview> preview;

    [[nodiscard]] bool canBeSent() const { return preview && preview->tooLarge.empty(); }
};

[[nodiscard]] ComposeCheck checkComposed(std::string_view text, const ComposeTerms& terms, UtcTime now);

} // namespace dashstream::engine
