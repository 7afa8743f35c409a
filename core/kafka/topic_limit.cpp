#include "core/kafka/topic_limit.h"

#include "core/kafka/admin_query.h"
#include "core/kafka/client_handle.h"

#include <charconv>

namespace dashstream::kafka {
namespace {

constexpr std::size_t kBatchHeaderBytes = 61;

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

/// Into `limit` the number of `setting`, or why there is none.
void ask(rd_kafka_t* client, SettingOf kind, const std::string& name, const std::string& setting, milliseconds patience,
         TopicLimit& limit) {
    const auto value = readSetting(client, kind, name, setting, patience);
    std::uint64_t number = 0;
    if (!value) {
        limit.trouble = value.error().message;
    } else if (std::from_chars(value->data(), value->data() + value->size(), number).ec != std::errc()) {
        limit.trouble = "the cluster says " + setting + " = " + *value;
    } else {
        limit.maxMessageBytes = number;
        limit.trouble.clear();
    }
}

} // namespace

TopicLimit readTopicLimit(rd_kafka_s* client, const std::string& topic, std::int32_t broker, milliseconds patience) {
    TopicLimit limit;
    ask(client, SettingOf::Topic, topic, "max.message.bytes", patience, limit);
    if (limit.maxMessageBytes) {
        limit.source = "topic";
        return limit;
    }
    const std::string trouble = limit.trouble;
    if (broker >= 0) {
        ask(client, SettingOf::Broker, std::to_string(broker), "message.max.bytes", patience, limit);
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

std::string overTopicLimit(const config::KafkaSettings& kafka, std::optional<std::uint64_t> topicLimit,
                           std::size_t keyBytes, std::size_t valueBytes, std::string_view traceparent,
                           std::string_view tracestate) {
    if (!topicLimit || kafka.compression != "none") {
        return {}; // what Kafka's own compression makes of it is known only when it is sent
    }
    const std::size_t bytes = batchBytesOf(keyBytes, valueBytes, traceparent, tracestate);
    if (bytes <= *topicLimit) {
        return {};
    }
    return "too large for topic " + kafka.topic + ": with its key and headers it takes " + std::to_string(bytes) +
           " bytes, the topic's limit (max.message.bytes) is " + std::to_string(*topicLimit);
}

} // namespace dashstream::kafka
