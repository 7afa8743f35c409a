#include "core/decode/failure_table.h"

#include <algorithm>
#include <array>

namespace dashstream::decode {

namespace {

using enum FailurePart;
constexpr FailureOrigin kSpring = FailureOrigin::SpringKafka;
constexpr FailureOrigin kCloud = FailureOrigin::SpringCloudStream;
constexpr FailureOrigin kConnect = FailureOrigin::KafkaConnect;
constexpr FailureOrigin kStreams = FailureOrigin::KafkaStreams;
constexpr FailureOrigin kShare = FailureOrigin::ShareGroup;
constexpr FailureOrigin kSmallRye = FailureOrigin::SmallRye;

// The retry_topic-… headers must not be sent again: with them Spring takes the record's attempts for used up.
constexpr std::array kHeaders = {
    FailureHeader{"kafka_dlt-original-topic", kSpring, Topic},
    FailureHeader{"kafka_dlt-original-partition", kSpring, Partition},
    FailureHeader{"kafka_dlt-original-offset", kSpring, Offset},
    FailureHeader{"kafka_dlt-original-timestamp", kSpring, Timestamp},
    FailureHeader{"kafka_dlt-original-timestamp-type", kSpring, TimestampType},
    FailureHeader{"kafka_dlt-original-consumer-group", kSpring, Group},
    FailureHeader{"kafka_dlt-exception-fqcn", kSpring, ExceptionClass},
    FailureHeader{"kafka_dlt-exception-cause-fqcn", kSpring, CauseClass},
    FailureHeader{"kafka_dlt-exception-message", kSpring, Message},
    FailureHeader{"kafka_dlt-exception-stacktrace", kSpring, Stacktrace},
    FailureHeader{"kafka_dlt-key-exception-fqcn", kSpring, KeyExceptionClass},
    FailureHeader{"kafka_dlt-key-exception-message", kSpring, KeyMessage},
    FailureHeader{"kafka_dlt-key-exception-stacktrace", kSpring, KeyStacktrace},
    // What a retry topic's records carry on the way, set before the record is given up.
    FailureHeader{"kafka_original-topic", kSpring, Topic},
    FailureHeader{"kafka_original-partition", kSpring, Partition},
    FailureHeader{"kafka_original-offset", kSpring, Offset},
    FailureHeader{"kafka_original-timestamp", kSpring, Timestamp},
    FailureHeader{"kafka_original-timestamp-type", kSpring, TimestampType},
    FailureHeader{"kafka_exception-fqcn", kSpring, ExceptionClass},
    FailureHeader{"kafka_exception-cause-fqcn", kSpring, CauseClass},
    FailureHeader{"kafka_exception-message", kSpring, Message},
    FailureHeader{"kafka_exception-stacktrace", kSpring, Stacktrace},
    FailureHeader{"kafka_key-exception-fqcn", kSpring, KeyExceptionClass},
    FailureHeader{"kafka_key-exception-message", kSpring, KeyMessage},
    FailureHeader{"kafka_key-exception-stacktrace", kSpring, KeyStacktrace},
    FailureHeader{"retry_topic-attempts", kSpring, Attempts},
    FailureHeader{"retry_topic-backoff-timestamp", kSpring, Other},
    FailureHeader{"retry_topic-original-timestamp", kSpring, Other},
    FailureHeader{"springDeserializerExceptionKey", kSpring, Other}, // a serialised Java object: never read
    FailureHeader{"springDeserializerExceptionValue", kSpring, Other},

    FailureHeader{"x-original-topic", kCloud, Topic},
    FailureHeader{"x-original-partition", kCloud, Partition},
    FailureHeader{"x-original-offset", kCloud, Offset},
    FailureHeader{"x-original-timestamp", kCloud, Timestamp},
    FailureHeader{"x-original-timestamp-type", kCloud, TimestampType},
    FailureHeader{"x-exception-fqcn", kCloud, ExceptionClass},
    FailureHeader{"x-exception-message", kCloud, Message},
    FailureHeader{"x-exception-stacktrace", kCloud, Stacktrace},

    FailureHeader{"__connect.errors.topic", kConnect, Topic},
    FailureHeader{"__connect.errors.partition", kConnect, Partition},
    FailureHeader{"__connect.errors.offset", kConnect, Offset},
    FailureHeader{"__connect.errors.connector.name", kConnect, Connector},
    FailureHeader{"__connect.errors.task.id", kConnect, Task},
    FailureHeader{"__connect.errors.stage", kConnect, Stage},
    FailureHeader{"__connect.errors.class.name", kConnect, ExecutingClass},
    FailureHeader{"__connect.errors.exception.class.name", kConnect, ExceptionClass},
    FailureHeader{"__connect.errors.exception.message", kConnect, Message},
    FailureHeader{"__connect.errors.exception.stacktrace", kConnect, Stacktrace},

    FailureHeader{"__streams.errors.topic", kStreams, Topic},
    FailureHeader{"__streams.errors.partition", kStreams, Partition},
    FailureHeader{"__streams.errors.offset", kStreams, Offset},
    FailureHeader{"__streams.errors.exception", kStreams, ExceptionClass},
    FailureHeader{"__streams.errors.message", kStreams, Message},
    FailureHeader{"__streams.errors.stacktrace", kStreams, Stacktrace},

    FailureHeader{"__dlq.errors.topic", kShare, Topic},
    FailureHeader{"__dlq.errors.partition", kShare, Partition},
    FailureHeader{"__dlq.errors.offset", kShare, Offset},
    FailureHeader{"__dlq.errors.group", kShare, Group},
    FailureHeader{"__dlq.errors.delivery.count", kShare, Attempts},
    FailureHeader{"__dlq.errors.message", kShare, Message},

    FailureHeader{"dead-letter-topic", kSmallRye, Topic},
    FailureHeader{"dead-letter-partition", kSmallRye, Partition},
    FailureHeader{"dead-letter-offset", kSmallRye, Offset},
    FailureHeader{"dead-letter-exception-class-name", kSmallRye, ExceptionClass},
    FailureHeader{"dead-letter-cause-class-name", kSmallRye, CauseClass},
    FailureHeader{"dead-letter-reason", kSmallRye, Message},
    FailureHeader{"dead-letter-cause", kSmallRye, CauseMessage},
};

} // namespace

const FailureHeader* findFailureHeader(std::string_view name) {
    const auto* found = std::find_if(kHeaders.begin(), kHeaders.end(),
                                     [name](const FailureHeader& header) { return header.name == name; });
    return found == kHeaders.end() ? nullptr : found;
}

} // namespace dashstream::decode
