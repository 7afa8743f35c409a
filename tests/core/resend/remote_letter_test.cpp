#include "core/base/utf8.h"
#include "core/resend/remote_letter.h"
#include "core/resend/remote_record.h"
#include "core/wire/codec.h"

#include <gmock/gmock.h>

#include <limits>

namespace dashstream::resend {
namespace {

using filter::Field;
using ::testing::HasSubstr;

const std::string kTopic = "orders-dlt";

/// As Spring's DeadLetterPublishingRecoverer leaves it.
kafka::ConsumedRecord springRecord(std::string value) {
    kafka::ConsumedRecord record;
    record.partition = PartitionId(2);
    record.offset = Offset(17);
    record.timestampMs = 1'700'000'000'123;
    record.key = "order-5";
    record.value = std::move(value);
    record.headers = {{"kafka_dlt-exception-fqcn", "org.example.OrderException"},
                      {"kafka_dlt-exception-message", "order 4711 timed out"},
                      {"kafka_dlt-original-topic", "orders"},
                      {"kafka_dlt-original-consumer-group", "billing"},
                      {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
                      {"own", "kept"},
                      {std::string(kafka::kResendIdHeader), "1-2-3"}};
    return record;
}

std::string message() {
    wire::v1::DashStreamMessage message;
    wire::v1::Header& header = *message.mutable_event()->mutable_header();
    header.set_thread_id("t-1");
    header.set_tenant_id("acme");
    header.set_sequence(41);
    header.set_type(wire::v1::MESSAGE_TYPE_EVENT);
    header.set_message_id("0123456789abcdef");
    message.mutable_event()->set_node_id("planner");
    ByteArena arena;
    const auto value = wire::Encoder({}).encode(message, arena);
    return {reinterpret_cast<const char*>(value->data()), value->size()};
}

TEST(RemoteLetter, AnswersEachFieldOfAFilter) {
    const kafka::ConsumedRecord record = springRecord(message());
    const RemoteLetter letter(kTopic, record);

    EXPECT_THAT(std::string(letter.text(Field::Error)), HasSubstr("order 4711 timed out"));
    EXPECT_THAT(std::string(letter.text(Field::Cause)), Not(HasSubstr("4711")));
    EXPECT_EQ(letter.text(Field::Topic), "orders");
    EXPECT_EQ(letter.text(Field::Source), "billing");
    EXPECT_EQ(letter.text(Field::Key), "order-5");
    EXPECT_EQ(letter.text(Field::Tenant), "acme");
    EXPECT_EQ(letter.text(Field::Thread), "t-1");
    EXPECT_EQ(letter.text(Field::Type), "event");
    EXPECT_EQ(letter.text(Field::MessageId), "30313233-3435-3637-3839-616263646566");
    EXPECT_THAT(std::string(letter.text(Field::Trace)), HasSubstr("4bf92f3577b34da6a3ce929d0e0e4736"));
    EXPECT_EQ(letter.number(Field::Time), 1'700'000'000'123'000);
    EXPECT_EQ(letter.number(Field::Sequence), 41);
    EXPECT_EQ(letter.number(Field::Partition), 2);
    EXPECT_EQ(letter.number(Field::Offset), 17);
    EXPECT_TRUE(letter.hasWords("planner")) << "in its decoded content";
    EXPECT_TRUE(letter.hasWords("timed out"));
    EXPECT_FALSE(letter.hasWords("nowhere"));
}

TEST(RemoteLetter, OfPlainContentOnlyWhatIsThere) {
    const kafka::ConsumedRecord record = springRecord("{\"order\":4711}");
    const RemoteLetter letter(kTopic, record);

    EXPECT_EQ(letter.text(Field::Tenant), "");
    EXPECT_EQ(letter.text(Field::Thread), "order-5") << "its key stands for it";
    EXPECT_EQ(letter.number(Field::Sequence), std::nullopt);
    EXPECT_TRUE(letter.hasWords("4711"));
    EXPECT_EQ(letter.row().thread, "");
}

TEST(RemoteLetter, ATimeThatNobodyCanMeanIsTheLatest) {
    kafka::ConsumedRecord record = springRecord("x");
    record.timestampMs = std::numeric_limits<std::int64_t>::max();
    EXPECT_GT(RemoteLetter(kTopic, record).number(Field::Time), std::int64_t{4'000'000'000'000'000});
    record.timestampMs = -1;
    EXPECT_EQ(RemoteLetter(kTopic, record).number(Field::Time), std::nullopt);
}

TEST(RemoteLetter, WhatIsShownOfHostileContentIsShortAndWellFormed) {
    std::string hostile = "\x1b[31m<b>\xe2\x80\xae\xff\xfe" + std::string(3, '\0') + std::string(5U << 20, 'x');
    kafka::ConsumedRecord record = springRecord(hostile);
    record.key = hostile;
    for (kafka::Header& header : record.headers) {
        header.value = hostile;
    }
    record.headers.push_back({hostile, std::nullopt});
    const RemoteRow row = RemoteLetter(kTopic, record).row();

    for (const std::string* text :
         {&row.key, &row.error, &row.cause, &row.topic, &row.thread, &row.tenant, &row.notice}) {
        EXPECT_LT(text->size(), 10'000U);
        EXPECT_EQ(findInvalidUtf8(*text), std::string_view::npos) << text->substr(0, 100);
        EXPECT_EQ(text->find('\0'), std::string::npos);
    }
}

TEST(RemoteRecord, TheChecksumTellsEachDifference) {
    const kafka::ConsumedRecord record = springRecord("value");
    const auto other = [&record](auto change) {
        kafka::ConsumedRecord changed = record;
        change(changed);
        return checksumOf(changed);
    };
    EXPECT_EQ(checksumOf(record), other([](auto&) {}));
    EXPECT_EQ(checksumOf(record), other([](auto& r) { r.offset = Offset(99); })) << "of content, not of place";
    EXPECT_NE(checksumOf(record), other([](auto& r) { r.value = "valuf"; }));
    EXPECT_NE(checksumOf(record), other([](auto& r) { std::swap(r.key, r.value); }));
    EXPECT_NE(checksumOf(record), other([](auto& r) {
                  r.key += r.value.front();
                  r.value.erase(0, 1);
              }))
        << "a byte that moved from one to the other";
    EXPECT_NE(checksumOf(record), other([](auto& r) { r.headers.pop_back(); }));
    EXPECT_NE(checksumOf(record), other([](auto& r) { r.headers.back().value.reset(); }));
    EXPECT_NE(checksumOf(record), other([](auto& r) { std::swap(r.headers[0], r.headers[1]); }));
    kafka::ConsumedRecord empty = record;
    empty.value.clear();
    kafka::ConsumedRecord null = empty;
    null.nullValue = true;
    EXPECT_NE(checksumOf(empty), checksumOf(null));
}

TEST(RemoteRecord, OnlyItsOwnHeadersGoAgain) {
    const auto taken = decode::takeApart(foreignRecord(kTopic, springRecord("value")));
    std::vector<std::string> names;
    for (const kafka::Header& header : headersToSend(taken.original)) {
        names.push_back(header.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"traceparent", "own"}));
    EXPECT_EQ(taken.original.key, "order-5");
    EXPECT_EQ(taken.original.value, "value");
}

} // namespace
} // namespace dashstream::resend
