#include "core/kafka/admin_query.h"

#include "core/kafka/client_handle.h"
#include "core/kafka/error_class.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <span>

namespace dashstream::kafka {
namespace {

constexpr std::size_t kTextBytes = 256;

template <auto Release>
struct Releaser {
    template <typename T>
    void operator()(T* object) const {
        Release(object);
    }
};
template <typename T, auto Release>
using Owned = std::unique_ptr<T, Releaser<Release>>;

using Options = Owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using Places = Owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using LibraryError = Owned<rd_kafka_error_t, rd_kafka_error_destroy>;

Options optionsFor(rd_kafka_t* client, rd_kafka_admin_op_t operation, milliseconds patience) {
    Options options(rd_kafka_AdminOptions_new(client, operation));
    std::array<char, kTextBytes> text{};
    rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(patience.count()), text.data(),
                                              text.size());
    return options;
}

Failure failure(int code, const char* text, const std::string& onWhat) {
    Error error = makeError(code, onWhat);
    if (text != nullptr) {
        error.message = onWhat + ": " + text;
    }
    return fail(std::move(error));
}

/// The answer, or why there is none.
Result<EventPtr> answer(rd_kafka_queue_t* queue, milliseconds patience, const std::string& onWhat) {
    EventPtr event(rd_kafka_queue_poll(queue, static_cast<int>(patience.count())));
    if (!event) {
        return failure(RD_KAFKA_RESP_ERR__TIMED_OUT, "no answer", onWhat);
    }
    if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return failure(code, rd_kafka_event_error_string(event.get()), onWhat);
    }
    return event;
}

Places placesOf(const std::string& topic, const std::vector<PartitionId>& partitions, std::int64_t what) {
    Places places(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const PartitionId partition : partitions) {
        rd_kafka_topic_partition_list_add(places.get(), topic.c_str(), partition.value)->offset = what;
    }
    return places;
}

using OffsetsByPartition = std::map<PartitionId, Offset>;

Result<OffsetsByPartition> takeOffsets(rd_kafka_event_t* event, const std::string& topic) {
    std::size_t count = 0;
    const rd_kafka_ListOffsetsResultInfo_t** infos =
        rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event), &count);
    OffsetsByPartition offsets;
    for (const rd_kafka_ListOffsetsResultInfo_t* info : std::span(infos, count)) {
        const rd_kafka_topic_partition_t* place = rd_kafka_ListOffsetsResultInfo_topic_partition(info);
        if (place->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return failure(place->err, nullptr,
                           "offsets of topic " + topic + ", partition " + std::to_string(place->partition));
        }
        offsets[PartitionId(place->partition)] = Offset(place->offset);
    }
    return offsets;
}

Result<OffsetsByPartition> listOffsets(rd_kafka_t* client, const std::string& topic,
                                       const std::vector<PartitionId>& partitions, std::int64_t what,
                                       milliseconds patience) {
    const QueuePtr queue(rd_kafka_queue_new(client));
    const Options options = optionsFor(client, RD_KAFKA_ADMIN_OP_LISTOFFSETS, patience);
    const LibraryError refused(
        rd_kafka_AdminOptions_set_isolation_level(options.get(), RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED));
    const Places places = placesOf(topic, partitions, what);
    rd_kafka_ListOffsets(client, places.get(), options.get(), queue.get());
    auto event = answer(queue.get(), patience, "offsets of topic " + topic);
    if (!event) {
        return Failure(event.error());
    }
    return takeOffsets(event->get(), topic);
}

Result<std::string> takeSetting(const rd_kafka_ConfigResource_t& resource, const std::string& setting,
                                const std::string& onWhat) {
    if (const auto code = rd_kafka_ConfigResource_error(&resource); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return failure(code, rd_kafka_ConfigResource_error_string(&resource), onWhat);
    }
    std::size_t count = 0;
    const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(&resource, &count);
    for (const rd_kafka_ConfigEntry_t* entry : std::span(entries, count)) {
        const char* value = rd_kafka_ConfigEntry_value(entry);
        if (setting == rd_kafka_ConfigEntry_name(entry) && value != nullptr) {
            return std::string(value);
        }
    }
    return fail(ErrorClass::Retriable, "kafka.setting", onWhat + ": the cluster does not tell " + setting);
}

} // namespace

Result<std::string> readSetting(rd_kafka_s* client, SettingOf kind, const std::string& name, const std::string& setting,
                                milliseconds patience) {
    const std::string onWhat = (kind == SettingOf::Topic ? "settings of topic " : "settings of broker ") + name;
    const QueuePtr queue(rd_kafka_queue_new(client));
    const Owned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy> wanted(rd_kafka_ConfigResource_new(
        kind == SettingOf::Topic ? RD_KAFKA_RESOURCE_TOPIC : RD_KAFKA_RESOURCE_BROKER, name.c_str()));
    const Options options = optionsFor(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, patience);
    rd_kafka_ConfigResource_t* resource = wanted.get();
    rd_kafka_DescribeConfigs(client, &resource, 1, options.get(), queue.get());
    auto event = answer(queue.get(), patience, onWhat);
    if (!event) {
        return Failure(event.error());
    }
    std::size_t count = 0;
    const rd_kafka_DescribeConfigs_result_t* result = rd_kafka_event_DescribeConfigs_result(event->get());
    const rd_kafka_ConfigResource_t** found =
        result != nullptr ? rd_kafka_DescribeConfigs_result_resources(result, &count) : nullptr;
    if (count == 0) {
        return failure(RD_KAFKA_RESP_ERR__TIMED_OUT, "no answer", onWhat);
    }
    return takeSetting(*found[0], setting, onWhat);
}

Result<std::string> readTopicId(rd_kafka_s* client, const std::string& topic, milliseconds patience) {
    const std::string onWhat = "topic " + topic;
    const QueuePtr queue(rd_kafka_queue_new(client));
    const char* name = topic.c_str();
    const Owned<rd_kafka_TopicCollection_t, rd_kafka_TopicCollection_destroy> wanted(
        rd_kafka_TopicCollection_of_topic_names(&name, 1));
    const Options options = optionsFor(client, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, patience);
    rd_kafka_DescribeTopics(client, wanted.get(), options.get(), queue.get());
    auto event = answer(queue.get(), patience, onWhat);
    if (!event) {
        return Failure(event.error());
    }
    std::size_t count = 0;
    const rd_kafka_TopicDescription_t** topics =
        rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(event->get()), &count);
    if (count == 0) {
        return failure(RD_KAFKA_RESP_ERR__TIMED_OUT, "no answer", onWhat);
    }
    const rd_kafka_error_t* error = rd_kafka_TopicDescription_error(topics[0]);
    if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return failure(rd_kafka_error_code(error), nullptr, onWhat);
    }
    const rd_kafka_Uuid_t* id = rd_kafka_TopicDescription_topic_id(topics[0]);
    const bool none = id == nullptr ||
                      (rd_kafka_Uuid_most_significant_bits(id) == 0 && rd_kafka_Uuid_least_significant_bits(id) == 0);
    return none ? std::string() : std::string(rd_kafka_Uuid_base64str(id));
}

Result<std::vector<PartitionEnds>> readEnds(rd_kafka_s* client, const std::string& topic,
                                            const std::vector<PartitionId>& partitions, milliseconds patience) {
    const auto low = listOffsets(client, topic, partitions, RD_KAFKA_OFFSET_SPEC_EARLIEST, patience);
    if (!low) {
        return Failure(low.error());
    }
    const auto high = listOffsets(client, topic, partitions, RD_KAFKA_OFFSET_SPEC_LATEST, patience);
    if (!high) {
        return Failure(high.error());
    }
    std::vector<PartitionEnds> ends;
    for (const PartitionId partition : partitions) {
        const auto lowest = low->find(partition);
        const auto highest = high->find(partition);
        if (lowest == low->end() || highest == high->end()) {
            return failure(RD_KAFKA_RESP_ERR__TIMED_OUT, "no answer",
                           "offsets of topic " + topic + ", partition " + std::to_string(partition.value));
        }
        ends.push_back({partition, lowest->second, std::max(lowest->second, highest->second)});
    }
    return ends;
}

} // namespace dashstream::kafka
