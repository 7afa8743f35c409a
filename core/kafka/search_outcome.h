// What is asked of a search through one partition and what it came to. Plain data, without librdkafka.
#pragma once

#include "core/base/byte_arena.h"
#include "core/base/clock.h"
#include "core/base/strong_type.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dashstream::kafka {

struct PartitionEnds {
    PartitionId partition;
    Offset low;  ///< the first that is not deleted
    Offset high; ///< high watermark: the first that a reader does not see yet
};

struct TopicEnds {
    std::string topicId; ///< KIP-516, as Kafka's tools print it; empty: the broker does not tell
    std::vector<PartitionEnds> partitions;
};

struct SearchQuestion {
    PartitionId partition;
    Offset from;                ///< 0 or more
    std::optional<Offset> upTo; ///< the last one to be read; nothing: what stands below the high watermark now
    std::string topicId;        ///< of the topic that is meant; empty: any of that name
    bool withHeaders = false;
    bool askPolicy = false;        ///< tell `compacts` in any case; otherwise only where offsets hold no record
    milliseconds patience{30'000}; ///< without an answer or a record: unreachable
};

/// Valid during the call only.
struct SearchRecord {
    Offset offset;
    std::string_view key;
    ByteView value;
    std::span<const std::pair<std::string_view, std::string_view>> headers;
};

struct SearchProgress {
    Offset readTo; ///< everything below was read or is not there
    Offset end;    ///< where this search ends
    std::uint64_t records = 0;
};

enum class SearchEnd : std::uint8_t {
    Complete,
    Stopped,    ///< by the visitor
    Recreated,  ///< the topic of that name has another id: what was looked for stood in a topic that is gone
    NotAllowed, ///< no right to read
    /// The partition ends below `from` or below `upTo`: a new leader may not know its high watermark yet; where it
    /// stays so, the brokers lost records.
    EndsBefore,
    Interrupted, ///< by an error while it read (`why`): what was read counts, the rest can be asked for again
};

struct SearchOutcome {
    SearchEnd end = SearchEnd::Complete;
    Offset readTo{-1}; ///< go on from here; -1: nothing was read
    std::uint64_t records = 0;
    Offset high{-1};              ///< at the question
    std::int64_t deleted = 0;     ///< offsets from `from` on that were deleted before they were read
    std::int64_t skipped = 0;     ///< offsets without a record: compacted away, or a transaction's markers
    std::optional<bool> compacts; ///< cleanup.policy says so; nothing: not known (no right to ask)
    std::string topicId;          ///< where the question names one
    std::string why;              ///< for a person; empty where nothing is missing

    /// Whether compaction may have removed what is looked for.
    [[nodiscard]] bool mayBeCompacted() const { return skipped > 0 && compacts.value_or(true); }
};

} // namespace dashstream::kafka
