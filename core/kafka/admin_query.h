// One-shot questions through librdkafka's admin interface: a topic's id, a setting, the partitions' ends. Each blocks
// up to `patience`. Any thread that may use the client.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/kafka/search_outcome.h"

#include <cstdint>
#include <string>
#include <vector>

struct rd_kafka_s; // librdkafka's rd_kafka_t

namespace dashstream::kafka {

enum class SettingOf : std::uint8_t { Topic, Broker };

/// Error "kafka.NAME": not allowed, unknown, no answer; "kafka.setting": the cluster does not tell it.
[[nodiscard]] Result<std::string> readSetting(rd_kafka_s* client, SettingOf kind, const std::string& name,
                                              const std::string& setting, milliseconds patience);

/// The topic's id (KIP-516) as Kafka's tools print it; empty: the broker has none. Never makes the topic.
/// Error "kafka.NAME": not allowed, unknown, no answer.
[[nodiscard]] Result<std::string> readTopicId(rd_kafka_s* client, const std::string& topic, milliseconds patience);

/// First offset and high watermark (records of open transactions count), in the order of `partitions`.
/// Error "kafka.NAME": of the question or of the first partition that has one.
[[nodiscard]] Result<std::vector<PartitionEnds>> readEnds(rd_kafka_s* client, const std::string& topic,
                                                          const std::vector<PartitionId>& partitions,
                                                          milliseconds patience);

} // namespace dashstream::kafka
