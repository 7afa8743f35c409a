// Which topic it is and where its partitions end, asked before a producer's first send. Blocking; for a thread of its
// own.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/kafka/query_options.h"
#include "core/kafka/search_outcome.h"

namespace dashstream::kafka {

/// The topic's id and the ends of every partition that has a leader. Errors: "kafka.unreachable" and its reasons
/// (Retriable), "kafka.NAME": topic unknown or not allowed; "kafka.cancelled" (Cancelled), within about a second.
[[nodiscard]] Result<TopicEnds> readTopicEnds(const QueryOptions& options, milliseconds timeout,
                                              const CancelToken& cancel);

} // namespace dashstream::kafka
