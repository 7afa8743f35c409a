// Reads a whole topic for the highest sequence number of each thread, for a store that is new. By assignment, without a
// group; blocks its thread until the topic's end as it was at the beginning.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/engine/sequence_request.h"
#include "core/kafka/query_options.h"

#include <cstdint>
#include <functional>

namespace dashstream::engine {

/// The highest number that is taken over from a topic. A higher one is none that a producer got to by counting, and
/// would leave the thread no room to go on.
inline constexpr SequenceNo kHighestSeed{1ULL << 62U};

struct TopicNumbers {
    std::vector<ThreadNumber> threads; ///< by name
    std::uint64_t records = 0;
    std::uint64_t skipped = 0; ///< records that hold no message with a thread and a number
};

struct TopicProgress {
    std::uint64_t records = 0;
    std::size_t threads = 0;
};

/// `onProgress` is called now and then on the calling thread. Errors: those of TopicConsumer; "sequences.cancelled"
/// (Cancelled).
[[nodiscard]] Result<TopicNumbers> readTopicNumbers(const kafka::QueryOptions& topic, milliseconds timeout,
                                                    const std::function<void(const TopicProgress&)>& onProgress,
                                                    const CancelToken& cancel);

} // namespace dashstream::engine
