// Reads one partition of a topic once, to find out what stands in it. Blocking functions for a thread of their own;
// each opens a client and closes it within two seconds; memory is bounded by librdkafka's fetch queue (about 8 MiB).
//
// What a reader sees ends at the high watermark, also where a foreign transaction is open (read_uncommitted): our
// records are in no transaction, so none of them can be aborted, but in committed reading a transaction that hangs
// would hide them, and they would be taken for missing.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/kafka/query_options.h"
#include "core/kafka/search_outcome.h"
#include "core/kafka/topic_ends.h"

#include <functional>

namespace dashstream::kafka {

/// Told of every record in the order of offsets; false: it has seen enough.
using SearchVisitor = std::function<bool(const SearchRecord&)>;
/// Told some times a second, after the records below `readTo` were visited.
using SearchWatcher = std::function<void(const SearchProgress&)>;

/// From `question.from` to the high watermark as it is now, or to `question.upTo`. What the topic cannot tell is an
/// outcome, and so is an error after the first records were read. Errors as readTopicEnds(), and "kafka.partition"
/// (Usage): no such partition.
[[nodiscard]] Result<SearchOutcome> searchPartition(const QueryOptions& options, const SearchQuestion& question,
                                                    const SearchVisitor& visit, const SearchWatcher& watch,
                                                    const CancelToken& cancel);

} // namespace dashstream::kafka
