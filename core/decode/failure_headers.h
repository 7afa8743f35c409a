// Why and where a record failed, as the framework that moved it to a dead letter topic wrote it into the headers.
// Foreign bytes; nothing here fails: what is readable is taken, the rest is named. Pure; any thread.
//
// Sources: Spring for Apache Kafka (KafkaHeaders, DeadLetterRecordManager, RetryTopicHeaders), Spring Cloud Stream
// (KafkaMessageChannelBinder), Kafka Connect (DeadLetterQueueReporter), Kafka Streams (KIP-1034,
// ExceptionHandlerUtils), share groups (KIP-1191, ShareGroupDLQRecordHelper), SmallRye and Quarkus
// (KafkaDeadLetterQueue).
#pragma once

#include "core/decode/foreign_record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::decode {

enum class FailureOrigin : std::uint8_t {
    None, ///< no header of a kind that is known
    SpringKafka,
    SpringCloudStream,
    KafkaConnect,
    KafkaStreams,
    ShareGroup,
    SmallRye,
    DashStream, ///< the family's own dead letter record: not headers, but the value tells
};

/// "Spring for Apache Kafka", …, for a person.
[[nodiscard]] std::string_view nameOf(FailureOrigin origin);

/// Where a record stood.
struct RecordPlace {
    std::optional<std::string> topic; ///< a name that Kafka allows
    std::optional<std::int32_t> partition;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> timestampMs; ///< of the record, since the Unix epoch
    std::optional<std::string> timestampType;

    bool operator==(const RecordPlace&) const = default;
};

/// All texts are UTF-8, bounded and to be shown as plain text.
struct FailureInfo {
    FailureOrigin origin = FailureOrigin::None; ///< of the latest failure
    RecordPlace original;                       ///< where the record stood before it failed for the first time
    RecordPlace latest; ///< where it failed last; other than `original` behind several dead letter topics
    std::optional<std::string>
        consumerGroup; ///< that failed; of a DashStream record: who gave up ("producer:<tenant>")
    std::optional<std::string> connector;
    std::optional<std::string> task;
    std::optional<std::string> stage; ///< of the connector: "VALUE_CONVERTER", "TASK_PUT", …
    std::optional<std::string> executingClass;
    std::optional<std::string> exceptionClass;
    std::optional<std::string> causeClass;
    std::optional<std::string> message;
    std::optional<std::string> stacktrace; ///< several lines
    bool keyFailed = false;                ///< the key could not be read, not the value
    std::optional<std::int64_t> attempts;  ///< deliveries so far, where the framework counts them
    std::vector<std::string>
        headerNames;                 ///< which of the record's headers tell of failures, each once: a resend drops them
    std::vector<std::string> faults; ///< what of them is not readable, for a person
};

[[nodiscard]] FailureInfo readFailureHeaders(const std::vector<RecordHeader>& headers);

/// Whether Kafka allows a topic of this name: 1 … 249 of letters, digits, '.', '_', '-', but not "." or "..".
[[nodiscard]] bool isTopicName(std::string_view name);

} // namespace dashstream::decode
