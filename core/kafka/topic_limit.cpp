#include "core/kafka/topic_limit.h"

#include "core/kafka/client_handle.h"

#include <array>
#include <charconv>
#include <memory>
#include <span>

namespace dashstream::kafka {
namespace {

constexpr std::size_t kBatchHeaderBytes = 61;
constexpr std::size_t kTextBytes = 256;

/// Of a zigzag varint that is not negative.
std::size_t varintBytes(std::size_t value) {
    std::size_t bytes = 1;
    for (value <<= 1U; value >= 0x80; value >>= 7U) {
        ++bytes;
    }
    return bytes;
}

std::size_t headerBytes(std::string_view name, std::string_view value) {
    return value.empty() ? 0 : varintBytes(name.size()) + name.size() + varintBytes(value.size()) + value.size();
}

struct ResourceCloser {
    void operator()(rd_kafka_ConfigResource_t* resource) const { rd_kafka_ConfigResource_destroy(resource); }
};
struct OptionsCloser {
    void operator()(rd_kafka_AdminOptions_t* options) const { rd_kafka_AdminOptions_destroy(options); }
};

/// Into `limit` the number of `setting`, or why there is none.
void takeSetting(const rd_kafka_ConfigResource_t& resource, std::string_view setting, TopicLimit& limit) {
    if (rd_kafka_ConfigResource_error(&resource) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char* text = rd_kafka_ConfigResource_error_string(&resource);
        limit.trouble = text != nullptr ? text : rd_kafka_err2str(rd_kafka_ConfigResource_error(&resource));
        return;
    }
    std::size_t count = 0;
    const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(&resource, &count);
    for (const rd_kafka_ConfigEntry_t* entry : std::span(entries, count)) {
        const char* value = rd_kafka_ConfigEntry_value(entry);
        std::uint64_t number = 0;
        if (setting == rd_kafka_ConfigEntry_name(entry) && value != nullptr &&
            std::from_chars(value, value + std::string_view(value).size(), number).ec == std::errc()) {
            limit.maxMessageBytes = number;
            limit.trouble.clear();
            return;
        }
    }
    limit.trouble = "the cluster does not tell " + std::string(setting);
}

void ask(rd_kafka_t* client, rd_kafka_ResourceType_t type, const std::string& name, std::string_view setting,
         milliseconds patience, TopicLimit& limit) {
    const QueuePtr queue(rd_kafka_queue_new(client));
    const std::unique_ptr<rd_kafka_ConfigResource_t, ResourceCloser> wanted(
        rd_kafka_ConfigResource_new(type, name.c_str()));
    const std::unique_ptr<rd_kafka_AdminOptions_t, OptionsCloser> options(
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
    std::array<char, kTextBytes> text{};
    rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(patience.count()), text.data(),
                                              text.size());
    rd_kafka_ConfigResource_t* resource = wanted.get();
    rd_kafka_DescribeConfigs(client, &resource, 1, options.get(), queue.get());
    const EventPtr event(rd_kafka_queue_poll(queue.get(), static_cast<int>(patience.count())));
    if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        limit.trouble = event ? rd_kafka_event_error_string(event.get()) : "no answer";
        return;
    }
    std::size_t count = 0;
    const rd_kafka_DescribeConfigs_result_t* result = rd_kafka_event_DescribeConfigs_result(event.get());
    const rd_kafka_ConfigResource_t** found =
        result != nullptr ? rd_kafka_DescribeConfigs_result_resources(result, &count) : nullptr;
    if (count == 0) {
        limit.trouble = "no answer";
        return;
    }
    takeSetting(*found[0], setting, limit);
}

} // namespace

TopicLimit readTopicLimit(rd_kafka_s* client, const std::string& topic, std::int32_t broker, milliseconds patience) {
    TopicLimit limit;
    ask(client, RD_KAFKA_RESOURCE_TOPIC, topic, "max.message.bytes", patience, limit);
    if (limit.maxMessageBytes) {
        limit.source = "topic";
        return limit;
    }
    const std::string trouble = limit.trouble;
    if (broker >= 0) {
        ask(client, RD_KAFKA_RESOURCE_BROKER, std::to_string(broker), "message.max.bytes", patience, limit);
    }
    if (limit.maxMessageBytes) {
        limit.source = "broker";
    } else {
        limit.trouble = trouble;
    }
    return limit;
}

std::size_t batchBytesOf(std::size_t keyBytes, std::size_t valueBytes, std::string_view traceparent,
                         std::string_view tracestate) {
    constexpr std::size_t kFixed = 4; // attributes, time and offset within the batch, number of headers
    const bool withParent = !traceparent.empty();
    const std::size_t body = kFixed + varintBytes(keyBytes) + keyBytes + varintBytes(valueBytes) + valueBytes +
                             headerBytes("traceparent", traceparent) +
                             headerBytes("tracestate", withParent ? tracestate : std::string_view());
    return kBatchHeaderBytes + varintBytes(body) + body;
}

} // namespace dashstream::kafka
