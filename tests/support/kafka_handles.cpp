#include "tests/support/kafka_handles.h"

#include <array>

namespace dashstream::testing::kafka_handles {

namespace {

void discardLog(const rd_kafka_t*, int, const char*, const char*) {}

} // namespace

Failure failure(const std::string& what) {
    return fail(ErrorClass::Local, "test.kafka_client", what);
}

Result<Client> makeClient(rd_kafka_type_t type, const std::string& bootstrapServers, const Settings& settings) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    std::array<char, 512> text{};
    Settings all{{"bootstrap.servers", bootstrapServers}, {"broker.address.family", "v4"}};
    all.insert(settings.begin(), settings.end());
    for (const auto& [name, value] : all) {
        if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), text.data(), text.size()) != RD_KAFKA_CONF_OK) {
            rd_kafka_conf_destroy(conf);
            return failure(text.data());
        }
    }
    rd_kafka_conf_set_log_cb(conf, discardLog);
    Client client(rd_kafka_new(type, conf, text.data(), text.size()));
    if (!client) {
        rd_kafka_conf_destroy(conf);
        return failure(text.data());
    }
    return client;
}

bool askMetadata(rd_kafka_t* client, const std::string& topic, Metadata& metadata, int patienceMs) {
    Handle<rd_kafka_topic_t, rd_kafka_topic_destroy> handle;
    if (!topic.empty()) {
        handle.reset(rd_kafka_topic_new(client, topic.c_str(), nullptr));
    }
    return rd_kafka_metadata(client, 0, handle.get(), &metadata.data, patienceMs) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

std::vector<int> leaders(rd_kafka_t* client, const std::string& topic) {
    Metadata metadata;
    std::vector<int> result;
    if (!askMetadata(client, topic, metadata) || metadata.data->topic_cnt != 1) {
        return result;
    }
    const rd_kafka_metadata_topic_t& told = metadata.data->topics[0];
    for (int i = 0; i < told.partition_cnt; ++i) {
        result.push_back(told.partitions[i].err == RD_KAFKA_RESP_ERR_NO_ERROR ? told.partitions[i].leader : -1);
    }
    return result;
}

Result<Event> nextEvent(rd_kafka_queue_t* queue) {
    Event event(rd_kafka_queue_poll(queue, 2 * kRequestMs));
    if (!event) {
        return failure("the cluster did not answer an administrator's request");
    }
    if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return failure(rd_kafka_event_error_string(event.get()));
    }
    return event;
}

} // namespace dashstream::testing::kafka_handles
