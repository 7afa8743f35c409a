// What the pipeline asks of the topic: where its partitions end, and what stands in one of them. It asks and goes on;
// the answers come to Pipeline::onEnds(), onMatches(), onReadProgress() and onReadEnded() on the engine thread.
#pragma once

#include "core/base/result.h"
#include "core/engine/inquiry_terms.h"
#include "core/engine/unknown_set.h"
#include "core/kafka/search_outcome.h"

#include <cstdint>
#include <memory>
#include <string>

namespace dashstream::engine {

struct SearchOrder {
    std::uint64_t serial = 0; ///< comes back with every answer
    PartitionId partition;
    std::string topicId; ///< when the messages were handed over; empty: not known
    Read read;
    std::shared_ptr<const UnknownSet> unknown;
};

/// A record that is one of the messages in question: messages()[place] of the set.
struct MatchedRecord {
    std::size_t place = 0;
    Offset offset;
};

class TopicReader {
public:
    virtual ~TopicReader() = default;
    /// One answer.
    virtual void askEnds() = 0;
    /// Matches in the order of offsets, then one end.
    virtual void search(SearchOrder order) = 0;
    /// Nobody waits for the answers of this serial any more.
    virtual void forget(std::uint64_t serial) = 0;
};

} // namespace dashstream::engine
