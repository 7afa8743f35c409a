// The largest batch that a topic takes: asked of the cluster where it may be read, and counted as Kafka counts.
#pragma once

#include "core/base/clock.h"
#include "core/config/config.h"
#include "core/kafka/statistics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct rd_kafka_s; // librdkafka's rd_kafka_t

namespace dashstream::kafka {

/// Blocks up to twice `patience`: the topic's settings, else those of `broker` (below 0: none). Any thread that may.
[[nodiscard]] TopicLimit readTopicLimit(rd_kafka_s* client, const std::string& topic, std::int32_t broker,
                                        milliseconds patience);

/// Bytes of the batch that holds this record alone, uncompressed: what a broker compares with max.message.bytes
/// (Kafka's message format v2: 61 bytes of batch, then the record with its lengths). A header that is empty is absent.
/// Pure.
[[nodiscard]] std::size_t batchBytesOf(std::size_t keyBytes, std::size_t valueBytes, std::string_view traceparent,
                                       std::string_view tracestate);

/// Why the topic would refuse such a record; empty: it takes it, or nobody knows. `topicLimit` is its
/// max.message.bytes. Pure.
[[nodiscard]] std::string overTopicLimit(const config::KafkaSettings& kafka, std::optional<std::uint64_t> topicLimit,
                                         std::size_t keyBytes, std::size_t valueBytes, std::string_view traceparent,
                                         std::string_view tracestate);

} // namespace dashstream::kafka
