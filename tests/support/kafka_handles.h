// librdkafka's objects with their owners, and what the tests' own clients are made of. For tests/support only.
#pragma once

#include "core/base/result.h"

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dashstream::testing::kafka_handles {

using Settings = std::map<std::string, std::string>;

inline constexpr int kRequestMs = 15'000;

template <auto Release>
struct Releaser {
    template <typename T>
    void operator()(T* object) const {
        Release(object);
    }
};
template <typename T, auto Release>
using Handle = std::unique_ptr<T, Releaser<Release>>;

using Client = Handle<rd_kafka_t, rd_kafka_destroy>;
using Queue = Handle<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using Event = Handle<rd_kafka_event_t, rd_kafka_event_destroy>;
using Message = Handle<rd_kafka_message_t, rd_kafka_message_destroy>;
using Partitions = Handle<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;

struct Metadata {
    const rd_kafka_metadata_t* data = nullptr;
    Metadata() = default;
    ~Metadata() { rd_kafka_metadata_destroy(data); }
    Metadata(const Metadata&) = delete;
    Metadata& operator=(const Metadata&) = delete;
};

[[nodiscard]] Failure failure(const std::string& what);
[[nodiscard]] Result<Client> makeClient(rd_kafka_type_t type, const std::string& bootstrapServers,
                                        const Settings& settings = {});
/// Of one topic, or of the cluster where `topic` is empty; true: it is there.
[[nodiscard]] bool askMetadata(rd_kafka_t* client, const std::string& topic, Metadata& metadata,
                               int patienceMs = kRequestMs);
/// The leaders of a topic's partitions, -1 where there is none; empty: the topic is not known.
[[nodiscard]] std::vector<int> leaders(rd_kafka_t* client, const std::string& topic);
/// The answer to an administrator's request.
[[nodiscard]] Result<Event> nextEvent(rd_kafka_queue_t* queue);

} // namespace dashstream::testing::kafka_handles
