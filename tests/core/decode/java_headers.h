// Headers as Java's frameworks write them, byte for byte: ByteBuffer.putInt/putLong for Spring, String.getBytes(UTF_8)
// for the others.
#pragma once

#include "core/decode/foreign_record.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dashstream::decode::test {

template <typename Integer>
std::string bigEndian(Integer value) {
    std::string bytes;
    for (std::size_t index = sizeof(Integer); index-- > 0;) {
        bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * index));
    }
    return bytes;
}

inline RecordHeader header(std::string name, std::string value) {
    return {std::move(name), std::move(value)};
}

struct Failed {
    std::string topic;
    std::int32_t partition;
    std::int64_t offset;
    std::int64_t timestampMs;
};

/// DeadLetterRecordManager: the exception's headers first, then the original's.
inline void addSpring(std::vector<RecordHeader>& headers, const Failed& at, const std::string& message,
                      const std::string& prefix = "kafka_dlt-") {
    headers.push_back(
        header(prefix + "exception-fqcn", "org.springframework.kafka.listener.ListenerExecutionFailedException"));
    headers.push_back(header(prefix + "exception-cause-fqcn", "java.lang.IllegalStateException"));
    headers.push_back(header(prefix + "exception-message", message));
    headers.push_back(
        header(prefix + "exception-stacktrace", "java.lang.IllegalStateException: no\n\tat a.B.c(B.java:7)\n"));
    headers.push_back(header(prefix + "original-topic", at.topic));
    headers.push_back(header(prefix + "original-partition", bigEndian(at.partition)));
    headers.push_back(header(prefix + "original-offset", bigEndian(at.offset)));
    headers.push_back(header(prefix + "original-timestamp", bigEndian(at.timestampMs)));
    headers.push_back(header(prefix + "original-timestamp-type", "CreateTime"));
    headers.push_back(header("kafka_dlt-original-consumer-group", "billing"));
}

/// DeadLetterQueueReporter.
inline void addConnect(std::vector<RecordHeader>& headers, const Failed& at, std::optional<std::string> message) {
    const std::string prefix = "__connect.errors.";
    headers.push_back(header(prefix + "topic", at.topic));
    headers.push_back(header(prefix + "partition", std::to_string(at.partition)));
    headers.push_back(header(prefix + "offset", std::to_string(at.offset)));
    headers.push_back(header(prefix + "connector.name", "orders-sink"));
    headers.push_back(header(prefix + "task.id", "2"));
    headers.push_back(header(prefix + "stage", "VALUE_CONVERTER"));
    headers.push_back(header(prefix + "class.name", "org.apache.kafka.connect.json.JsonConverter"));
    headers.push_back(header(prefix + "exception.class.name", "org.apache.kafka.connect.errors.DataException"));
    headers.push_back({prefix + "exception.message", std::move(message)});
    headers.push_back(
        header(prefix + "exception.stacktrace", "org.apache.kafka.connect.errors.DataException\r\n\tat x\r\n"));
}

/// ExceptionHandlerUtils of Kafka Streams.
inline void addStreams(std::vector<RecordHeader>& headers, const Failed& at, const std::string& exception,
                       std::optional<std::string> message) {
    const std::string prefix = "__streams.errors.";
    headers.push_back(header(prefix + "exception", exception));
    headers.push_back({prefix + "message", std::move(message)});
    headers.push_back(header(prefix + "stacktrace", exception + "\n\tat Topology.process(Topology.java:12)\n"));
    headers.push_back({prefix + "topic", at.topic.empty() ? std::nullopt : std::optional(at.topic)});
    headers.push_back(header(prefix + "partition", std::to_string(at.partition)));
    headers.push_back(header(prefix + "offset", std::to_string(at.offset)));
}

/// ShareGroupDLQRecordHelper.
inline void addShareGroup(std::vector<RecordHeader>& headers, const Failed& at, const std::string& message) {
    const std::string prefix = "__dlq.errors.";
    headers.push_back(header(prefix + "topic", at.topic));
    headers.push_back(header(prefix + "partition", std::to_string(at.partition)));
    headers.push_back(header(prefix + "offset", std::to_string(at.offset)));
    headers.push_back(header(prefix + "group", "workers"));
    headers.push_back(header(prefix + "delivery.count", "5"));
    headers.push_back(header(prefix + "message", message));
}

} // namespace dashstream::decode::test
