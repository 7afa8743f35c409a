// Reads a topic by assignment: no group, nothing committed, nothing made. One thread at a time; closed within two
// seconds by the destructor.
#pragma once

#include "core/base/result.h"
#include "core/kafka/producer.h"
#include "core/kafka/query_options.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dashstream::kafka {

enum class StartAt : std::uint8_t { Beginning, End, FromOffset };

struct ConsumerOptions {
    QueryOptions cluster;                ///< with the topic
    std::vector<PartitionId> partitions; ///< empty: all
    StartAt startAt = StartAt::Beginning;
    Offset offset{0};                   ///< with FromOffset, in every partition; below the first: the first
    std::optional<std::uint64_t> limit; ///< records in all
    bool untilEnd = false;              ///< finished once each partition's end as it was at open() is reached
};

struct ConsumedRecord {
    PartitionId partition;
    Offset offset;
    std::int64_t timestampMs = -1; ///< since the epoch; -1: none
    std::string key;
    std::string value;
    bool nullKey = false;   ///< none; key is empty
    bool nullValue = false; ///< a tombstone; value is empty
    std::vector<Header> headers;
};

struct ConsumedBatch {
    std::vector<ConsumedRecord> records; ///< in order within a partition
    std::vector<ClientError> errors;     ///< that the client goes on from
    bool finished = false;               ///< limit or end reached: nothing more will come
};

/// What of a partition there was to read when reading began.
struct ReadRange {
    PartitionId partition;
    Offset first;
    Offset end; ///< behind the last
};

class TopicConsumer {
public:
    static constexpr std::size_t kMaxBatch = 1000;
    static constexpr std::size_t kMaxBatchBytes = 4U * 1024 * 1024; ///< of keys and values; one may be larger

    /// Waits for the topic's metadata and offsets, at most `timeout`. Errors: as readCluster(); "kafka.NAME": topic
    /// unknown or not allowed; "kafka.partition" (Usage): no such partition.
    [[nodiscard]] static Result<std::unique_ptr<TopicConsumer>> open(const ConsumerOptions& options,
                                                                     milliseconds timeout);

    ~TopicConsumer();
    TopicConsumer(const TopicConsumer&) = delete;
    TopicConsumer& operator=(const TopicConsumer&) = delete;

    /// Waits at most `patience` for a record, then takes what is there (at most kMaxBatch, or as many as kMaxBatchBytes
    /// take). Error "kafka.NAME" (PermanentTopic, Fatal): reading cannot go on.
    [[nodiscard]] Result<ConsumedBatch> poll(milliseconds patience);
    [[nodiscard]] bool finished() const;
    [[nodiscard]] const std::vector<ReadRange>& ranges() const;

private:
    class Impl;
    explicit TopicConsumer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace dashstream::kafka
