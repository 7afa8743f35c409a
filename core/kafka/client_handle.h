// Owners of librdkafka's C objects. A client is closed within a limit: librdkafka joins its threads, and one of them
// may be inside the system's name resolution, which nothing can interrupt.
#pragma once

#include "core/base/clock.h"

#include <librdkafka/rdkafka.h>

#include <memory>

namespace dashstream::kafka {

/// Lets go of `owned` on a thread of its own and waits at most `limit` for it; the rest goes on in the background.
void releaseWithin(std::shared_ptr<void> owned, milliseconds limit);

/// Closes `client` without leaving any group. After `limit` the rest goes on in the background; librdkafka reads no
/// message's bytes any more then, it only frees. Every topic, queue and event of it must be given back before.
void closeClient(rd_kafka_t* client, milliseconds limit = milliseconds{2000});

struct ClientCloser {
    void operator()(rd_kafka_t* client) const { closeClient(client); }
};
struct TopicCloser {
    void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
struct QueueCloser {
    void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};
struct EventCloser {
    void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
struct ConfCloser {
    void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
struct MetadataCloser {
    void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};

using ClientPtr = std::unique_ptr<rd_kafka_t, ClientCloser>;
using TopicPtr = std::unique_ptr<rd_kafka_topic_t, TopicCloser>;
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, QueueCloser>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, EventCloser>;
using ConfPtr = std::unique_ptr<rd_kafka_conf_t, ConfCloser>;
using MetadataPtr = std::unique_ptr<const rd_kafka_metadata_t, MetadataCloser>;

} // namespace dashstream::kafka
