#include "core/wire/base64.h"
#include "core/wire/dead_letter_json.h"
#include "tests/core/wire/vector_files.h"

#include <gmock/gmock.h>

namespace dashstream::wire {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string longPayload() { // tests/data/wire-vectors/README.md
    std::string payload(1, '\0');
    for (std::uint32_t index = 0; index < 700'000; ++index) {
        payload += static_cast<char>(index * 31U % 251U);
    }
    return payload;
}

TEST(DeadLetterJson, ReadsTheFamilysSmallRecord) {
    const Result<DeadLetterRecord> record = parseDeadLetterJson(test::readVector("dlq_small.json"));

    ASSERT_TRUE(record) << record.error().text();
    EXPECT_EQ(record->payload, test::readVector("event_nested_big.on.framed"));
    EXPECT_FALSE(record->truncation);
    EXPECT_EQ(record->sourcePartition, -1);
    EXPECT_EQ(record->sourceOffset, -1);
    EXPECT_EQ(record->consumerId, "producer:acme");
    EXPECT_EQ(record->threadId, "thread-1");
    EXPECT_EQ(record->errorType, "kafka_send_error");
    EXPECT_FALSE(record->nodeId);
}

TEST(DeadLetterJson, WritesBothRecordsByteForByte) {
    Result<DeadLetterRecord> small = parseDeadLetterJson(test::readVector("dlq_small.json"));
    ASSERT_TRUE(small);
    EXPECT_EQ(toDeadLetterJson(*small).value(), test::readVector("dlq_small.json"));

    Result<DeadLetterRecord> truncated = parseDeadLetterJson(test::readVector("dlq_truncated.json"));
    ASSERT_TRUE(truncated) << truncated.error().text();
    EXPECT_EQ(toDeadLetterJson(*truncated).value(), test::readVector("dlq_truncated.json")) << "as it was read";
    truncated->payload = longPayload();
    truncated->truncation.reset();
    EXPECT_EQ(toDeadLetterJson(*truncated).value(), test::readVector("dlq_truncated.json")) << "from the whole payload";
}

TEST(DeadLetterJson, TruncatedRecordSaysWhatIsMissing) {
    const Result<DeadLetterRecord> record = parseDeadLetterJson(test::readVector("dlq_truncated.json"));

    ASSERT_TRUE(record);
    EXPECT_EQ(record->payload, longPayload().substr(0, kDeadLetterPayloadBytes));
    ASSERT_TRUE(record->truncation);
    EXPECT_EQ(record->truncation->originalBytes, 700'001U);
    EXPECT_THAT(record->truncation->sha256, testing::StartsWith("84145032df79"));
    EXPECT_EQ(record->spanId, "s");
    EXPECT_FALSE(record->threadId);
}

TEST(DeadLetterJson, CutsOnlyWhatIsLongerThanTheLimit) {
    DeadLetterRecord record;
    record.payload.assign(kDeadLetterPayloadBytes, 'x');
    EXPECT_THAT(toDeadLetterJson(record).value(), Not(HasSubstr("original_payload_truncated")));
    record.payload += 'x';
    EXPECT_THAT(toDeadLetterJson(record).value(), HasSubstr("\"original_payload_included_bytes\":524288"));
}

TEST(DeadLetterJson, LeavesAbsentFieldsOut) {
    const std::string json = toDeadLetterJson(DeadLetterRecord{}).value();

    EXPECT_THAT(json, Not(HasSubstr("null")));
    EXPECT_THAT(json, Not(HasSubstr("thread_id")));
    EXPECT_THAT(json, Not(HasSubstr("span_id")));
}

TEST(DeadLetterJson, RefusesWhatIsNoRecord) {
    const auto codeOf = [](const std::string& json) {
        const Result<DeadLetterRecord> record = parseDeadLetterJson(json);
        return record ? std::string("none") : record.error().code;
    };
    std::string good = toDeadLetterJson(DeadLetterRecord{}).value();
    ASSERT_EQ(codeOf(good), "none");
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string json = good;
        return json.replace(json.find(from), from.size(), to);
    };
    EXPECT_EQ(codeOf(""), "dlq.json");
    EXPECT_EQ(codeOf("[1]"), "dlq.json");
    EXPECT_EQ(codeOf(std::string(1'000'000, '[')), "dlq.json");
    EXPECT_EQ(codeOf(with("\"source_offset\":-1", "\"source_offset\":1.5")), "dlq.json");
    EXPECT_EQ(codeOf(with("\"source_partition\":-1", "\"source_partition\":2147483648")), "dlq.json");
    EXPECT_EQ(codeOf(with("\"trace_id\":\"\"", "\"trace_id\":{\"a\":1}")), "dlq.json");
    EXPECT_EQ(codeOf(with("_base64\":\"\"", "_base64\":\"a=bc\"")), "dlq.base64");
    EXPECT_EQ(codeOf(std::string(kMaxDeadLetterJsonBytes + 1, ' ')), "dlq.too_large");
}

TEST(DeadLetterJson, IgnoresFieldsItDoesNotKnow) {
    std::string json = toDeadLetterJson(DeadLetterRecord{}).value();
    json.insert(1, "\"later\":{\"deep\":[1,{\"error\":5}]},\"thread_id\":null,");

    const Result<DeadLetterRecord> record = parseDeadLetterJson(json);

    ASSERT_TRUE(record) << record.error().text();
    EXPECT_EQ(*record, DeadLetterRecord{});
}

TEST(Base64, ReadsAndWritesTheVectorsOfRfc4648) {
    for (const auto& [bytes, text] :
         {std::pair("", ""), std::pair("f", "Zg=="), std::pair("fo", "Zm8="), std::pair("foo", "Zm9v"),
          std::pair("foob", "Zm9vYg=="), std::pair("fooba", "Zm9vYmE="), std::pair("foobar", "Zm9vYmFy")}) {
        EXPECT_EQ(toBase64(bytes), text);
        EXPECT_EQ(fromBase64(text), bytes);
    }
    for (const char* text : {"Z", "Zg=", "Zh==", "Z===", "Zm9v\n", "Zm-_", "====", "Zg==Zg=="}) {
        EXPECT_EQ(fromBase64(text), std::nullopt) << text;
    }
}

} // namespace
} // namespace dashstream::wire
