#include "core/base/utf8.h"
#include "core/decode/failure_headers.h"
#include "tests/core/decode/java_headers.h"

#include <gmock/gmock.h>

namespace dashstream::decode {
namespace {

using test::header;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const test::Failed kOrders{"orders", 7, 4'294'967'296'123, 1'764'000'000'123};

TEST(FailureHeaders, RecordWithoutAnyTellsNothing) {
    const FailureInfo info =
        readFailureHeaders({header("traceparent", "00-1-2-01"), header("kafka_dlt", "x"), {"", {}}});

    EXPECT_EQ(info.origin, FailureOrigin::None);
    EXPECT_EQ(info.original, RecordPlace());
    EXPECT_THAT(info.headerNames, IsEmpty());
    EXPECT_THAT(info.faults, IsEmpty());
    EXPECT_FALSE(info.message);
}

TEST(FailureHeaders, SpringsBinaryNumbersAreRead) {
    std::vector<RecordHeader> headers = {header("mine", "1")};
    test::addSpring(headers, kOrders, "Listener failed; no stock");

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_EQ(info.origin, FailureOrigin::SpringKafka);
    EXPECT_EQ(nameOf(info.origin), "Spring for Apache Kafka");
    EXPECT_EQ(info.original.topic, "orders");
    EXPECT_EQ(info.original.partition, 7);
    EXPECT_EQ(info.original.offset, 4'294'967'296'123);
    EXPECT_EQ(info.original.timestampMs, 1'764'000'000'123);
    EXPECT_EQ(info.original.timestampType, "CreateTime");
    EXPECT_EQ(info.latest, info.original);
    EXPECT_EQ(info.consumerGroup, "billing");
    EXPECT_EQ(info.exceptionClass, "org.springframework.kafka.listener.ListenerExecutionFailedException");
    EXPECT_EQ(info.causeClass, "java.lang.IllegalStateException");
    EXPECT_EQ(info.message, "Listener failed; no stock");
    EXPECT_EQ(info.stacktrace, "java.lang.IllegalStateException: no\n\tat a.B.c(B.java:7)\n");
    EXPECT_FALSE(info.keyFailed);
    EXPECT_THAT(info.faults, IsEmpty());
    EXPECT_THAT(info.headerNames, SizeIs(10));
    EXPECT_THAT(info.headerNames, testing::Not(Contains("mine")));
}

TEST(FailureHeaders, OfSeveralFailuresTheFirstTellsTheOriginAndTheLastWhatHappened) {
    std::vector<RecordHeader> headers;
    test::addSpring(headers, kOrders, "first");
    test::addSpring(headers, {"orders-dlt", 0, 3, 1'764'000'900'000}, "second");

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_EQ(info.original.topic, "orders");
    EXPECT_EQ(info.original.offset, 4'294'967'296'123);
    EXPECT_EQ(info.latest.topic, "orders-dlt");
    EXPECT_EQ(info.latest.partition, 0);
    EXPECT_EQ(info.latest.offset, 3);
    EXPECT_EQ(info.message, "second");
    EXPECT_THAT(info.headerNames, SizeIs(10)) << "each once";
}

TEST(FailureHeaders, BehindTwoFrameworksTheFirstTellsTheOriginAndTheLastWhatHappened) {
    std::vector<RecordHeader> headers;
    test::addSpring(headers, kOrders, "first");
    test::addConnect(headers, {"orders-dlt", 1, 9, 0}, "second");

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_EQ(info.origin, FailureOrigin::KafkaConnect);
    EXPECT_EQ(info.original.topic, "orders");
    EXPECT_EQ(info.latest.topic, "orders-dlt");
    EXPECT_FALSE(info.latest.timestampMs) << "Connect tells none, and Spring's belongs to another failure";
    EXPECT_EQ(info.message, "second");
    EXPECT_FALSE(info.consumerGroup);
    EXPECT_THAT(info.headerNames, SizeIs(20));
}

TEST(FailureHeaders, PlacesOfDifferentFailuresAreNotMixed) {
    std::vector<RecordHeader> headers = {header("kafka_dlt-original-topic", "a"),
                                         header("kafka_dlt-original-partition", "no"),
                                         header("kafka_dlt-original-topic", "b"),
                                         header("kafka_dlt-original-partition", test::bigEndian(std::int32_t{4}))};

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_EQ(info.original.topic, "a");
    EXPECT_FALSE(info.original.partition);
    EXPECT_EQ(info.latest.topic, "b");
    EXPECT_EQ(info.latest.partition, 4);
}

TEST(FailureHeaders, SpringsRetryTopicsCountAttempts) {
    std::vector<RecordHeader> headers;
    test::addSpring(headers, kOrders, "again", "kafka_");
    headers.push_back(header("retry_topic-original-timestamp", std::string("\x01\x9A\xB7\x4E\x20\x7B", 6)));
    headers.push_back(header("retry_topic-attempts", test::bigEndian(std::int32_t{4})));
    headers.push_back(header("retry_topic-backoff-timestamp", std::string("\x01\x9A\xB7\x4E\x21\x00", 6)));

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_EQ(info.attempts, 4);
    EXPECT_EQ(info.original.topic, "orders");
    EXPECT_EQ(info.consumerGroup, "billing");
    EXPECT_THAT(info.headerNames, Contains("retry_topic-attempts"))
        << "sent again with it, the record would go to the dead letter topic at once";
    EXPECT_THAT(info.headerNames, Contains("retry_topic-backoff-timestamp"));
    EXPECT_THAT(info.faults, IsEmpty());
    EXPECT_EQ(readFailureHeaders({header("retry_topic-attempts", "3")}).attempts, 0x33) << "one byte, as of old";
}

TEST(FailureHeaders, SpringsKeyExceptionIsTold) {
    const FailureInfo info = readFailureHeaders(
        {header("kafka_dlt-key-exception-fqcn", "DeserializationException"),
         header("kafka_dlt-key-exception-message", "no key"), header("kafka_dlt-key-exception-stacktrace", "at x"),
         header("kafka_dlt-original-topic", "orders"),
         header("springDeserializerExceptionKey", std::string("\xAC\xED\0\5", 4))});

    EXPECT_TRUE(info.keyFailed);
    EXPECT_EQ(info.exceptionClass, "DeserializationException");
    EXPECT_EQ(info.message, "no key");
    EXPECT_EQ(info.stacktrace, "at x");
    EXPECT_THAT(info.headerNames, Contains("springDeserializerExceptionKey"));
}

TEST(FailureHeaders, ConnectTellsConnectorTaskAndStage) {
    std::vector<RecordHeader> headers;
    test::addConnect(headers, kOrders, std::nullopt);

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_EQ(info.origin, FailureOrigin::KafkaConnect);
    EXPECT_EQ(info.original.topic, "orders");
    EXPECT_EQ(info.original.partition, 7);
    EXPECT_EQ(info.original.offset, 4'294'967'296'123);
    EXPECT_EQ(info.connector, "orders-sink");
    EXPECT_EQ(info.task, "2");
    EXPECT_EQ(info.stage, "VALUE_CONVERTER");
    EXPECT_EQ(info.executingClass, "org.apache.kafka.connect.json.JsonConverter");
    EXPECT_EQ(info.exceptionClass, "org.apache.kafka.connect.errors.DataException");
    EXPECT_FALSE(info.message) << "an exception without a message is written as null";
    EXPECT_EQ(info.stacktrace, "org.apache.kafka.connect.errors.DataException\n\tat x\n");
    EXPECT_THAT(info.faults, IsEmpty());
}

TEST(FailureHeaders, AMessageOfAnEarlierFailureIsNotTakenForTheLast) {
    std::vector<RecordHeader> headers;
    test::addConnect(headers, kOrders, "of the first");
    test::addConnect(headers, {"orders-dlt", 1, 9, 0}, std::nullopt);

    EXPECT_FALSE(readFailureHeaders(headers).message);
}

TEST(FailureHeaders, StreamsTellsClassAndMessage) {
    std::vector<RecordHeader> headers;
    test::addStreams(headers, kOrders, "org.apache.kafka.common.errors.SerializationException", "Unexpected byte");

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_EQ(info.origin, FailureOrigin::KafkaStreams);
    EXPECT_EQ(info.original.topic, "orders");
    EXPECT_EQ(info.original.partition, 7);
    EXPECT_EQ(info.original.offset, 4'294'967'296'123);
    EXPECT_EQ(info.exceptionClass, "org.apache.kafka.common.errors.SerializationException");
    EXPECT_EQ(info.message, "Unexpected byte");
    EXPECT_THAT(*info.stacktrace, HasSubstr("Topology.java:12"));
}

TEST(FailureHeaders, StreamsWritesMinusOneWhereItKnowsNoPlace) {
    std::vector<RecordHeader> headers;
    test::addStreams(headers, {"", -1, -1, 0}, "java.lang.RuntimeException: in a punctuation", std::nullopt);

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_EQ(info.original, RecordPlace());
    EXPECT_EQ(info.exceptionClass, "java.lang.RuntimeException") << "an early release wrote the message behind it";
    EXPECT_EQ(info.message, "in a punctuation");
    EXPECT_THAT(info.faults, IsEmpty());
}

TEST(FailureHeaders, ShareGroupTellsGroupAndDeliveries) {
    std::vector<RecordHeader> headers;
    test::addShareGroup(headers, kOrders, "Offset rejected by client.");

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_EQ(info.origin, FailureOrigin::ShareGroup);
    EXPECT_EQ(info.consumerGroup, "workers");
    EXPECT_EQ(info.attempts, 5);
    EXPECT_EQ(info.message, "Offset rejected by client.");
    EXPECT_EQ(info.original.offset, 4'294'967'296'123);
    EXPECT_THAT(info.headerNames, SizeIs(6));
}

TEST(FailureHeaders, XOriginalIsReadAsSpringCloudStreamAndAsItsImitatorsWriteIt) {
    const FailureInfo binary = readFailureHeaders(
        {header("x-original-topic", "orders"), header("x-original-partition", test::bigEndian(std::int32_t{1234})),
         header("x-original-offset", test::bigEndian(std::int64_t{99})), header("x-exception-fqcn", "a.B"),
         header("x-exception-message", "m")});
    const FailureInfo text =
        readFailureHeaders({header("x-original-topic", "orders"), header("x-original-partition", "1234"),
                            header("x-original-offset", "12345678")});

    EXPECT_EQ(binary.origin, FailureOrigin::SpringCloudStream);
    EXPECT_EQ(binary.original.partition, 1234);
    EXPECT_EQ(binary.original.offset, 99);
    EXPECT_EQ(binary.exceptionClass, "a.B");
    EXPECT_EQ(text.original.partition, 1234);
    EXPECT_EQ(text.original.offset, 12'345'678);
}

TEST(FailureHeaders, SmallRyeTellsReasonAndCause) {
    const FailureInfo info =
        readFailureHeaders({header("dead-letter-exception-class-name", "a.B"),
                            header("dead-letter-reason", "went wrong"), header("dead-letter-cause-class-name", "a.C"),
                            header("dead-letter-cause", "disk full"), header("dead-letter-topic", "movies"),
                            header("dead-letter-partition", "0"), header("dead-letter-offset", "12")});

    EXPECT_EQ(info.origin, FailureOrigin::SmallRye);
    EXPECT_EQ(info.message, "went wrong; caused by: disk full");
    EXPECT_EQ(info.causeClass, "a.C");
    EXPECT_EQ(info.original.partition, 0);
    EXPECT_EQ(info.original.offset, 12);
}

TEST(FailureHeaders, WhatIsNotReadableIsNamedAndTheRestIsTaken) {
    const FailureInfo info = readFailureHeaders(
        {header("__connect.errors.topic", "../etc passwd"), header("__connect.errors.partition", "seven"),
         header("__connect.errors.offset", "-9"), header("__connect.errors.task.id", "\xFF"),
         header("__connect.errors.stage", "TASK_PUT"), header("kafka_dlt-original-partition", "\x7F\xFF\xFF"),
         header("kafka_dlt-original-timestamp", "\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF")});

    EXPECT_EQ(info.stage, std::nullopt) << "the latest failure is Spring's";
    EXPECT_EQ(info.original, RecordPlace());
    EXPECT_THAT(info.faults,
                ElementsAre(HasSubstr("__connect.errors.topic holds no name that a topic can have: ../etc"),
                            HasSubstr("__connect.errors.partition holds no number, but 5 bytes: seven"),
                            HasSubstr("__connect.errors.offset holds -9"),
                            HasSubstr("__connect.errors.task.id is not all UTF-8"),
                            HasSubstr("original-partition holds no number, but 3 bytes"),
                            HasSubstr("original-timestamp holds 9223372036854775807")));
    EXPECT_THAT(info.headerNames, SizeIs(7)) << "what is not readable is dropped at a resend as well";
    for (const std::string& fault : info.faults) {
        EXPECT_EQ(findInvalidUtf8(fault), std::string::npos);
    }
}

TEST(FailureHeaders, HugeAndManyHeadersCostLittle) {
    std::vector<RecordHeader> headers = {
        header("kafka_dlt-exception-stacktrace", std::string(5U * 1024 * 1024, '\xF0')),
        header("kafka_dlt-exception-message", std::string(5U * 1024 * 1024, '\0'))};
    for (int index = 0; index < 10'000; ++index) {
        headers.push_back(header("kafka_dlt-original-offset", "no number"));
    }

    const FailureInfo info = readFailureHeaders(headers);

    EXPECT_LE(info.stacktrace->size(), 3U * 256 * 1024 + 100);
    EXPECT_THAT(*info.stacktrace, HasSubstr("5242880 bytes in all"));
    EXPECT_LE(info.message->size(), 17'000U);
    EXPECT_THAT(info.faults, SizeIs(21));
    EXPECT_THAT(info.faults.back(), HasSubstr("more headers that cannot be read"));
}

TEST(FailureHeaders, TopicNamesAreThoseThatKafkaAllows) {
    EXPECT_TRUE(isTopicName("orders.v1_x-Y"));
    EXPECT_TRUE(isTopicName(std::string(249, 'a')));
    for (const std::string& name : {std::string(), std::string("."), std::string(".."), std::string(250, 'a'),
                                    std::string("a b"), std::string("a/b"), std::string("ä"), std::string("a\0", 2)}) {
        EXPECT_FALSE(isTopicName(name)) << name;
    }
}

} // namespace
} // namespace dashstream::decode
