// Carries out what an inquiry wants to be read: searches the partition and picks out the messages in question. Blocks;
// for a thread of its own. Shares nothing with the inquiry but the immutable set of what to recognise.
#pragma once

#include "core/base/cancel_token.h"
#include "core/engine/inquiry_terms.h"
#include "core/engine/topic_reader.h"
#include "core/engine/unknown_set.h"
#include "core/kafka/topic_search.h"

#include <functional>
#include <string>

namespace dashstream::engine {

struct InquiryReading {
    kafka::QueryOptions cluster; ///< with the topic
    PartitionId partition;
    std::string topicId; ///< when the messages were handed over; empty: not known
    Read read;
    std::size_t maxMessageBytes = 0; ///< message.max_bytes
    milliseconds patience{10'000};   ///< without an answer or a record
};

/// On the reading thread, in the order of offsets. At most one for each message, and its repeats.
using MatchWatcher = std::function<void(const MatchedRecord&)>;

/// As kafka::searchPartition().
[[nodiscard]] Result<kafka::SearchOutcome> readForInquiry(const InquiryReading& reading, const UnknownSet& unknown,
                                                          const MatchWatcher& matched,
                                                          const kafka::SearchWatcher& progress,
                                                          const CancelToken& cancel);

} // namespace dashstream::engine
