#include "core/base/byte_arena.h"
#include "core/decode/record.h"
#include "core/wire/codec.h"
#include "core/wire/dead_letter_json.h"
#include "tests/core/decode/java_headers.h"
#include "tests/core/decode/trees.h"

#include <gmock/gmock.h>

namespace dashstream::decode {
namespace {

using test::header;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const test::Failed kOrders{"orders", 7, 1234, 1'764'000'000'123};

ForeignRecord recordOf(std::vector<RecordHeader> headers) {
    ForeignRecord record;
    record.topic = "orders-dlt";
    record.partition = 0;
    record.offset = 55;
    record.key = "customer-9";
    record.value = R"({"total":9007199254740993})";
    record.headers = std::move(headers);
    return record;
}

wire::DeadLetterRecord familyRecord() {
    wire::v1::DashStreamMessage message;
    message.mutable_event()->mutable_header()->set_thread_id("t-1");
    message.mutable_event()->mutable_header()->set_sequence(3);
    ByteArena arena;
    wire::DeadLetterRecord record;
    record.payload = asText(wire::Encoder({}).encode(message, arena).value());
    record.error = "Kafka send failed after 3 attempts: timed out";
    record.errorType = "kafka_send_error";
    record.sourceTopic = "dashstream-events";
    record.consumerId = "producer:acme";
    record.threadId = "t-1";
    record.traceId = "0197-a";
    return record;
}

ForeignRecord familyRecordOf(const wire::DeadLetterRecord& letter) {
    ForeignRecord record = recordOf({header("traceparent", "00-1-2-01")});
    record.key = letter.traceId;
    record.value = wire::toDeadLetterJson(letter).value();
    return record;
}

TEST(DecodeRecord, WhatIsSentAgainHasNoFailureHeadersAndKeepsAllElse) {
    std::vector<RecordHeader> headers = {header("a", "1"), {"b", std::nullopt}, header("a", "2"), header("c", "")};
    test::addSpring(headers, kOrders, "no stock");
    headers.push_back(header("retry_topic-attempts", test::bigEndian(std::int32_t{4})));
    headers.push_back(header("a", "3"));

    const DecodedRecord decoded = decodeRecord(recordOf(headers));

    EXPECT_EQ(decoded.failure.origin, FailureOrigin::SpringKafka);
    EXPECT_EQ(decoded.original.topic, "orders");
    EXPECT_EQ(decoded.original.partition, 7);
    EXPECT_EQ(decoded.original.key, "customer-9");
    EXPECT_EQ(decoded.original.value, R"({"total":9007199254740993})");
    EXPECT_THAT(decoded.original.headers, ElementsAre(header("a", "1"), RecordHeader{"b", std::nullopt},
                                                      header("a", "2"), header("c", ""), header("a", "3")))
        << "order, doubled names, null and empty";
    EXPECT_TRUE(decoded.original.whole);
    EXPECT_EQ(decoded.original.notice, "");
    EXPECT_EQ(decoded.key.kind, ContentKind::Text);
    EXPECT_EQ(test::child(decoded.value.tree, "total").value, "9007199254740993");
}

TEST(DecodeRecord, ATombstoneStaysATombstone) {
    std::vector<RecordHeader> headers;
    test::addConnect(headers, kOrders, "null is not allowed");
    ForeignRecord record = recordOf(headers);
    record.value.reset();

    const DecodedRecord decoded = decodeRecord(record);

    EXPECT_EQ(decoded.original.value, std::nullopt);
    EXPECT_TRUE(decoded.original.whole);
    EXPECT_EQ(decoded.value.kind, ContentKind::Null);
    EXPECT_THAT(decoded.original.headers, IsEmpty());
}

TEST(DecodeRecord, TheFamilysRecordGivesTheMessageInside) {
    const wire::DeadLetterRecord letter = familyRecord();

    const DecodedRecord decoded = decodeRecord(familyRecordOf(letter));

    EXPECT_EQ(decoded.failure.origin, FailureOrigin::DashStream);
    EXPECT_EQ(decoded.failure.original.topic, "dashstream-events");
    EXPECT_FALSE(decoded.failure.original.partition) << "a producer writes -1";
    EXPECT_EQ(decoded.failure.consumerGroup, "producer:acme");
    EXPECT_EQ(decoded.failure.exceptionClass, "kafka_send_error");
    EXPECT_EQ(decoded.failure.message, letter.error);
    EXPECT_EQ(decoded.failure.attempts, 3);
    EXPECT_EQ(decoded.original.topic, "dashstream-events");
    EXPECT_EQ(decoded.original.key, "t-1") << "the thread, not the record's own key";
    EXPECT_EQ(decoded.original.value, letter.payload);
    EXPECT_THAT(decoded.original.headers, ElementsAre(header("traceparent", "00-1-2-01")));
    EXPECT_TRUE(decoded.original.whole);
    EXPECT_EQ(decoded.value.kind, ContentKind::DeadLetter);
}

TEST(DecodeRecord, TheKeyComesFromTheMessageWhereTheFamilysRecordNamesNoThread) {
    wire::DeadLetterRecord letter = familyRecord();
    letter.threadId.reset();

    EXPECT_EQ(decodeRecord(familyRecordOf(letter)).original.key, "t-1");
}

TEST(DecodeRecord, AFamilyRecordThatWasCutIsNotWhole) {
    wire::DeadLetterRecord letter = familyRecord();
    letter.payload.assign(700'001, 'x');

    const DecodedRecord decoded = decodeRecord(familyRecordOf(letter));

    EXPECT_FALSE(decoded.original.whole);
    EXPECT_THAT(decoded.original.notice, HasSubstr("first 524288 of 700001 bytes"));
    EXPECT_FALSE(decoded.value.whole);
}

TEST(DecodeRecord, AFamilyRecordThatAnotherFrameworkGaveUpIsItselfTheOriginal) {
    ForeignRecord record = familyRecordOf(familyRecord());
    test::addConnect(record.headers, {"dashstream-dlq", 2, 8, 0}, "sink is down");

    const DecodedRecord decoded = decodeRecord(record);

    EXPECT_EQ(decoded.failure.origin, FailureOrigin::KafkaConnect);
    EXPECT_EQ(decoded.original.topic, "dashstream-dlq");
    EXPECT_EQ(decoded.original.value, record.value);
    EXPECT_EQ(decoded.value.kind, ContentKind::DeadLetter);
}

TEST(DecodeRecord, AFamilyRecordMayNotNameATopicThatCannotBe) {
    wire::DeadLetterRecord letter = familyRecord();
    letter.sourceTopic = "a b";

    const DecodedRecord decoded = decodeRecord(familyRecordOf(letter));

    EXPECT_FALSE(decoded.original.topic);
    EXPECT_THAT(decoded.failure.faults, ElementsAre(HasSubstr("source_topic")));
}

TEST(DecodeRecord, AShareGroupsRecordWithoutContentSaysThatTheMessageIsElsewhere) {
    std::vector<RecordHeader> headers;
    test::addShareGroup(headers, kOrders, "Offset rejected by client.");
    ForeignRecord record = recordOf(headers);
    const DecodedRecord copied = decodeRecord(record);
    record.key.reset();
    record.value.reset();

    const DecodedRecord bare = decodeRecord(record);

    EXPECT_TRUE(copied.original.whole);
    EXPECT_THAT(copied.original.notice, HasSubstr("does not keep the headers"));
    EXPECT_FALSE(bare.original.whole);
    EXPECT_THAT(bare.original.notice, HasSubstr("errors.deadletterqueue.copy.record.enable"));
    EXPECT_EQ(bare.failure.original.offset, 1234);
}

TEST(DecodeRecord, FailureAndMessageAreTheSameWithoutTheContent) {
    std::vector<RecordHeader> headers = {header("a", "1")};
    test::addStreams(headers, kOrders, "a.B", "m");
    for (const ForeignRecord& record : {recordOf(headers), familyRecordOf(familyRecord())}) {
        const DecodedRecord all = decodeRecord(record);
        const TakenApart taken = takeApart(record);
        const FailureInfo failure = readFailure(record);

        EXPECT_EQ(taken.original.topic, all.original.topic);
        EXPECT_EQ(taken.original.key, all.original.key);
        EXPECT_EQ(taken.original.value, all.original.value);
        EXPECT_EQ(taken.original.headers, all.original.headers);
        EXPECT_EQ(taken.failure.message, all.failure.message);
        EXPECT_EQ(failure.origin, all.failure.origin);
        EXPECT_EQ(failure.original, all.failure.original);
        EXPECT_EQ(failure.headerNames, all.failure.headerNames);
    }
}

TEST(DecodeRecord, NothingIsGuessedOfARecordThatTellsNothing) {
    const DecodedRecord decoded = decodeRecord(recordOf({header("a", "1")}));

    EXPECT_EQ(decoded.failure.origin, FailureOrigin::None);
    EXPECT_FALSE(decoded.original.topic) << "not from the name of the dead letter topic either";
    EXPECT_EQ(decoded.original.headers.size(), 1U);
}

} // namespace
} // namespace dashstream::decode
