#include "core/wire/dead_letter_reading.h"
#include "core/wire/message_access.h"
#include "tests/core/wire/vector_files.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

namespace dashstream::wire {
namespace {

using testing::HasSubstr;

TEST(DeadLetterReading, ShowsTheMessageInsideTheFamilysRecord) {
    Decoder decoder;
    v1::DashStreamMessage expected;
    const std::string framed = test::readVector("event_nested_big.on.framed");
    ASSERT_TRUE(decoder.decode(asBytes(framed), expected));

    const auto letter = readDeadLetter(test::readVector("dlq_small.json"), decoder);

    ASSERT_TRUE(letter) << letter.error().text();
    EXPECT_EQ(letter->payload, InnerPayload::Whole);
    EXPECT_EQ(letter->payloadText, "");
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(letter->message, expected));
    EXPECT_EQ(letter->sequence, headerOf(expected)->sequence());
    EXPECT_EQ(letter->attempts, 3U) << letter->record.error;
}

TEST(DeadLetterReading, SaysOfACutPayloadThatTheWholeIsNotThere) {
    Decoder decoder;

    const auto letter = readDeadLetter(test::readVector("dlq_truncated.json"), decoder);

    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->payload, InnerPayload::Cut);
    EXPECT_THAT(letter->payloadText, HasSubstr("not whole here"));
    EXPECT_THAT(letter->payloadText, HasSubstr("first 524288 of 700001 bytes"));
    EXPECT_THAT(letter->payloadText, HasSubstr(letter->record.truncation->sha256));
    EXPECT_EQ(typeOf(letter->message), v1::MESSAGE_TYPE_UNSPECIFIED);
    EXPECT_FALSE(letter->sequence);
    EXPECT_FALSE(letter->attempts);
}

TEST(DeadLetterReading, KeepsTheFieldsOfARecordWhosePayloadIsNoMessage) {
    Decoder decoder(DecodeSettings{.maxBytes = 1000});
    DeadLetterRecord record;
    record.error = "Kafka send failed after many attempts";
    record.traceId = "t";
    record.payload = std::string("\x02xyz", 4);
    const auto unknown = readDeadLetter(toDeadLetterJson(record).value(), decoder);
    record.payload = test::readVector("hostile_zstd_garbage.bin");
    const auto garbage = readDeadLetter(toDeadLetterJson(record).value(), decoder);
    record.payload.assign(2000, '\0');
    const auto large = readDeadLetter(toDeadLetterJson(record).value(), decoder);

    for (const auto& letter : {unknown, garbage, large}) {
        ASSERT_TRUE(letter);
        EXPECT_EQ(letter->payload, InnerPayload::Unreadable);
        EXPECT_THAT(letter->payloadText, HasSubstr("no DashStream message"));
        EXPECT_EQ(letter->record.traceId, "t");
        EXPECT_FALSE(letter->attempts);
    }
}

TEST(DeadLetterReading, DoesNotBelieveASizeBelowWhatIsThere) {
    Decoder decoder;
    DeadLetterRecord record;
    record.payload = "0123456789";
    record.truncation = Truncation{5, "00"};
    const auto letter = readDeadLetter(toDeadLetterJson(record).value(), decoder);
    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->payload, InnerPayload::Cut);
    EXPECT_THAT(letter->payloadText, HasSubstr("contradicts itself"));
}

TEST(DeadLetterReading, TellsARecordFromFramesByItsBeginning) {
    for (const char* text : {"{\"error\":1}", " \r\n\t{ \n \"original_payload_base64\" : ", "{\"a.b-c\""}) {
        EXPECT_TRUE(beginsLikeDeadLetter(text)) << text;
    }
    for (const std::string& bytes :
         {std::string(), std::string("{"), std::string("{\"error"), std::string("{\"\":1}"), std::string("[{\"a\":1}]"),
          std::string("{\"\x79\x0a\x10", 5), std::string("\x7b\x00\x0a", 3), std::string("\x00{\"a\":", 6),
          std::string("{}"), std::string("{1}")}) {
        EXPECT_FALSE(beginsLikeDeadLetter(bytes)) << bytes;
    }
}

TEST(DeadLetterReading, NoVectorOfAMessageBeginsLikeARecord) {
    for (const char* name : {"event_plain", "event_batch", "tool_execution", "execution_trace", "state_diff"}) {
        EXPECT_FALSE(beginsLikeDeadLetter(test::readVector(std::string(name) + ".off.framed"))) << name;
        EXPECT_FALSE(beginsLikeDeadLetter(test::readVector(std::string(name) + ".on.framed"))) << name;
        EXPECT_FALSE(beginsLikeDeadLetter(test::readVector(std::string(name) + ".pb"))) << name;
    }
}

} // namespace
} // namespace dashstream::wire
