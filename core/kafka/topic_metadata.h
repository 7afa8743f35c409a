// librdkafka's metadata as our plain values.
#pragma once

#include "core/base/result.h"
#include "core/kafka/client_handle.h"
#include "core/kafka/statistics.h"

#include <string>

namespace dashstream::kafka {

/// Asks the cluster once for brokers and `topic`; waits at most `patience`. Error "kafka.TRANSPORT": no broker could be
/// reached; "kafka.TIMED_OUT": one was, but did not answer. A producer's question makes a topic where the brokers have
/// auto.create.topics.enable; a consumer's does not.
[[nodiscard]] Result<TopicMetadata> readTopicMetadata(rd_kafka_t* client, rd_kafka_topic_t* topic,
                                                      milliseconds patience);

} // namespace dashstream::kafka
