#include "core/base/byte_arena.h"
#include "core/decode/content.h"
#include "core/wire/codec.h"
#include "core/wire/dead_letter_json.h"
#include "core/wire/message_access.h"
#include "tests/core/decode/schemas.h"
#include "tests/core/decode/trees.h"

#include <gmock/gmock.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <zstd.h>

namespace dashstream::decode {
namespace {

using test::child;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

wire::v1::DashStreamMessage event() {
    wire::v1::DashStreamMessage message;
    auto* header = message.mutable_event()->mutable_header();
    header->set_thread_id("t-1");
    header->set_tenant_id("acme");
    header->set_sequence(7);
    header->set_timestamp_us(1'764'000'000'000'003);
    message.mutable_event()->set_node_id(std::string(900, 'n'));
    message.mutable_event()->set_duration_us(1500);
    return message;
}

std::string framed(wire::v1::DashStreamMessage message, bool compress) {
    ByteArena arena;
    return std::string(asText(wire::Encoder({.compress = compress}).encode(message, arena).value()));
}

DecodeOptions asKind(ContentKind kind) {
    DecodeOptions options;
    options.as = kind;
    return options;
}

DecodeOptions asOrder(const std::string& type = "shop.v1.Order") {
    DecodeOptions options = asKind(ContentKind::Protobuf);
    options.descriptors = DescriptorSet::fromBytes(test::shopSet(), "shop.pb").value();
    options.messageType = type;
    return options;
}

std::string encodedOrder(const std::string& text) {
    const auto order = asOrder().descriptors->newMessage("Order").value();
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, order.get()));
    return order->SerializeAsString();
}

TEST(DecodeContent, NullDiffersFromEmpty) {
    const Decoded null = decodeContent(std::nullopt);
    const Decoded empty = decodeContent("");

    EXPECT_EQ(null.kind, ContentKind::Null);
    EXPECT_EQ(null.summary, "null");
    EXPECT_EQ(empty.kind, ContentKind::Empty);
    EXPECT_EQ(empty.summary, "empty");
    EXPECT_EQ(decodeContent(std::nullopt, asKind(ContentKind::Json)).kind, ContentKind::Null);
    EXPECT_EQ(decodeContent("null").kind, ContentKind::Text) << "the word is not the absence";
}

TEST(DecodeContent, OurMessagesAreDescribedWithTypesAndUnits) {
    for (const bool compress : {false, true}) {
        const Decoded decoded = decodeContent(framed(event(), compress));

        ASSERT_EQ(decoded.kind, ContentKind::DashStream);
        EXPECT_THAT(decoded.summary, HasSubstr("event of thread t-1, tenant acme, sequence 7; "));
        EXPECT_EQ(decoded.summary.find("zstd") != std::string::npos, compress);
        EXPECT_EQ(decoded.tree.name, "");
        EXPECT_EQ(decoded.tree.type, "DashStreamMessage");
        const TreeNode& shown = child(decoded.tree, "event");
        EXPECT_EQ(shown.type, "Event");
        EXPECT_EQ(child(shown, "duration_us").value, "1500 (1.5 ms)");
        EXPECT_EQ(child(shown, "duration_us").type, "int64, µs");
        EXPECT_EQ(child(child(shown, "header"), "sequence").type, "uint64");
        EXPECT_TRUE(decoded.whole);
        EXPECT_THAT(decoded.remarks, IsEmpty());
    }
}

TEST(DecodeContent, OldMessagesWithoutAFrameAreReadWhereAskedFor) {
    const std::string bare = event().SerializeAsString();

    const Decoded asked = decodeContent(bare, asKind(ContentKind::DashStream));

    EXPECT_EQ(asked.kind, ContentKind::DashStream);
    EXPECT_THAT(asked.remarks, ElementsAre(HasSubstr("no frame byte")));
    EXPECT_NE(decodeContent(bare).kind, ContentKind::DashStream) << "any protobuf might pass for one";
}

TEST(DecodeContent, ABombIsRefusedBeforeItTakesMemory) {
    std::string bomb(1, '\x01');
    const std::string zeroes(200U * 1024 * 1024, '\0');
    std::string packed(ZSTD_compressBound(zeroes.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), zeroes.data(), zeroes.size(), 1));
    bomb += packed;

    const Decoded decoded = decodeContent(bomb);

    EXPECT_EQ(decoded.kind, ContentKind::Bytes);
    EXPECT_THAT(decoded.remarks, ElementsAre(testing::AllOf(HasSubstr("begins like a DashStream message"),
                                                            HasSubstr("209715200 bytes decompressed"))));
}

TEST(DecodeContent, DeadLetterRecordShowsItsFieldsAndTheMessage) {
    wire::DeadLetterRecord record;
    record.payload = framed(event(), true);
    record.error = "Kafka send failed after 3 attempts: timed out";
    record.errorType = "kafka_send_error";
    record.sourceTopic = "dashstream-events";
    record.traceId = "0197-a";
    record.tenantId = "acme";

    const Decoded decoded = decodeContent(wire::toDeadLetterJson(record).value());

    ASSERT_EQ(decoded.kind, ContentKind::DeadLetter);
    EXPECT_TRUE(decoded.whole);
    EXPECT_THAT(decoded.summary, HasSubstr("Dead letter: Kafka send failed after 3 attempts: timed out; event of"));
    EXPECT_EQ(child(decoded.tree, "source_topic").value, "dashstream-events");
    EXPECT_EQ(child(decoded.tree, "source_offset").value, "-1");
    EXPECT_EQ(child(decoded.tree, "tenant_id").value, "acme");
    const TreeNode& payload = child(decoded.tree, "original_payload");
    EXPECT_EQ(child(child(payload, "DashStreamMessage"), "event").type, "Event");
}

TEST(DecodeContent, ADeadLetterRecordThatWasCutSaysThatTheWholeIsNotThere) {
    wire::DeadLetterRecord record;
    record.payload.assign(700'001, 'p');
    record.error = "too large";

    const Decoded decoded = decodeContent(wire::toDeadLetterJson(record).value());

    ASSERT_EQ(decoded.kind, ContentKind::DeadLetter);
    EXPECT_FALSE(decoded.whole);
    ASSERT_EQ(decoded.remarks.size(), 1U);
    EXPECT_THAT(decoded.remarks[0], HasSubstr("not whole here"));
    EXPECT_THAT(decoded.remarks[0], HasSubstr("first 524288 of 700001 bytes"));
    EXPECT_THAT(decoded.remarks[0], testing::ContainsRegex("[0-9a-f]{64}"));
    EXPECT_EQ(child(decoded.tree, "original_payload").value, "524288 bytes of 700001");
}

TEST(DecodeContent, JsonTextAndBytesAreToldApart) {
    EXPECT_EQ(decodeContent(" {\"a\":1}").kind, ContentKind::Json);
    EXPECT_EQ(decodeContent(" {\"a\":1}").summary, "JSON object, 1 member, 8 bytes");
    EXPECT_EQ(decodeContent("\"a\"").kind, ContentKind::Json);
    EXPECT_EQ(decodeContent("12").kind, ContentKind::Text);
    EXPECT_EQ(decodeContent("grüße\n").kind, ContentKind::Text);
    EXPECT_EQ(decodeContent(std::string_view("a\0b", 3)).kind, ContentKind::Bytes);
    EXPECT_EQ(decodeContent("\xC3(").kind, ContentKind::Bytes);
    const Decoded broken = decodeContent("{\"a\":1");
    EXPECT_EQ(broken.kind, ContentKind::Text);
    EXPECT_THAT(broken.remarks, ElementsAre(HasSubstr("begins like JSON, but it is no JSON: it ends too early")));
}

TEST(DecodeContent, TextShowsItsLines) {
    const Decoded decoded = decodeContent("first\r\n\nthird\n");

    EXPECT_EQ(decoded.summary, "first (3 lines)");
    EXPECT_EQ(decoded.tree.value, "3 lines");
    ASSERT_EQ(decoded.tree.children.size(), 3U);
    EXPECT_EQ(decoded.tree.children[0].value, "first");
    EXPECT_EQ(decoded.tree.children[1].value, "");
    EXPECT_EQ(decoded.tree.children[2].name, "line 3");
    EXPECT_EQ(decodeContent("one").tree.value, "one");
}

TEST(DecodeContent, BytesShowHexAndTheNumbersThatKeysOftenAre) {
    const Decoded eight = decodeContent(std::string_view("\0\0\0\0\0\0\x01\x02", 8));
    const Decoded four = decodeContent("\xFF\xFF\xFF\xFE");

    EXPECT_EQ(eight.kind, ContentKind::Bytes);
    EXPECT_EQ(eight.summary, "8 bytes: 00 00 00 00 00 00 01 02");
    EXPECT_EQ(child(eight.tree, "as a number, big-endian").value, "258");
    EXPECT_THAT(child(eight.tree, "00000000").value, HasSubstr("00 00 01 02"));
    EXPECT_EQ(child(four.tree, "as a number, big-endian").value, "-2");
    const Decoded many = decodeContent(std::string(1'000'000, '\xFF'));
    EXPECT_EQ(many.summary, "1000000 bytes: ff ff ff ff ff ff ff ff …");
    EXPECT_EQ(many.tree.children.back().value, "995904 bytes more are not shown");
}

TEST(DecodeContent, RegistryFramingIsSaidAndJsonBehindItShown) {
    const Decoded avro = decodeContent(std::string_view("\0\0\0\0\x11\x0AHello\xFF", 12));
    const Decoded json = decodeContent(std::string("\0\0\0\0\x11{\"a\":1}", 12));

    EXPECT_EQ(avro.kind, ContentKind::Bytes);
    EXPECT_THAT(avro.remarks, ElementsAre(HasSubstr("Confluent schema id 17, Avro, Protobuf or JSON by registry: not "
                                                    "decoded")));
    EXPECT_EQ(json.kind, ContentKind::Json);
    EXPECT_EQ(child(json.tree, "a").value, "1");
    EXPECT_THAT(json.remarks, ElementsAre(HasSubstr("Confluent schema id 17; behind these 5 bytes stands JSON")));
    EXPECT_EQ(decodeContent(std::string("\0\0\0\0\x11{\"a\":1}", 12), asKind(ContentKind::Json)).kind,
              ContentKind::Json);
}

TEST(DecodeContent, ProtobufIsReadByTheChosenType) {
    const std::string order = encodedOrder(R"(order_id: "0123456789abcdef" state: STATE_PAID
        total { currency: "EUR" amount_micros: 9223372036854775807 } lines { article: "a" count: 2 } lines { }
        notes { key: -5 value: "five" } notes { key: 3 value: "three" } placed { seconds: 12 } duration_us: 2500000
        weight: 1.5 cash: true balance: -7 marks: 18446744073709551615 size_bytes: 10)");

    const Decoded decoded = decodeContent(order, asOrder());

    ASSERT_FALSE(decoded.error) << decoded.error->text();
    EXPECT_EQ(decoded.kind, ContentKind::Protobuf);
    EXPECT_EQ(decoded.tree.type, "shop.v1.Order");
    EXPECT_EQ(child(decoded.tree, "order_id").value, "30313233-3435-3637-3839-616263646566");
    EXPECT_EQ(child(decoded.tree, "state").value, "STATE_PAID");
    EXPECT_EQ(child(decoded.tree, "state").type, "State");
    EXPECT_EQ(child(child(decoded.tree, "total"), "amount_micros").value, "9223372036854775807");
    EXPECT_EQ(child(decoded.tree, "lines").value, "2 entries");
    EXPECT_EQ(child(child(decoded.tree, "notes"), "-5").value, "five");
    EXPECT_EQ(child(decoded.tree, "duration_us").value, "2500000 (2.5 s)");
    EXPECT_EQ(child(decoded.tree, "cash").value, "true");
    EXPECT_EQ(child(child(decoded.tree, "marks"), "[0]").value, "18446744073709551615");
    EXPECT_EQ(child(decoded.tree, "size_bytes").type, "uint64, bytes");
    EXPECT_THAT(decoded.remarks, IsEmpty());
}

TEST(DecodeContent, ProtobufSkipsTheRegistrysFraming) {
    const std::string order = encodedOrder("weight: 1.5");

    const Decoded first = decodeContent(std::string("\0\0\0\0\x11\0", 6) + order, asOrder());
    const Decoded nested = decodeContent(std::string("\0\0\0\0\x11\4\2\0", 8) + order, asOrder());

    ASSERT_FALSE(first.error) << first.error->text();
    EXPECT_EQ(child(first.tree, "weight").value, "1.5");
    EXPECT_THAT(first.remarks,
                ElementsAre("It begins with Confluent schema id 17 and message index 0; these 6 bytes are "
                            "not part of the message."));
    EXPECT_EQ(child(nested.tree, "weight").value, "1.5");
    EXPECT_THAT(nested.remarks, ElementsAre(HasSubstr("message index 1.0; these 8 bytes")));
}

TEST(DecodeContent, ProtobufOfAnotherTypeIsSaid) {
    const Decoded damaged = decodeContent("\x0A\xFF", asOrder());
    const Decoded foreign = decodeContent(std::string("\xA2\x06\x02hi\xAD\x06\x01\0\0\0", 11), asOrder());
    const Decoded newer = decodeContent(encodedOrder("weight: 1.5") + std::string("\xA0\x06\x05", 3), asOrder());
    const Decoded noSet = decodeContent("x", asKind(ContentKind::Protobuf));
    const Decoded noType = decodeContent("x", asOrder("Oder"));

    ASSERT_TRUE(damaged.error);
    EXPECT_EQ(damaged.error->code, "decode.not_protobuf");
    EXPECT_THAT(damaged.error->message, HasSubstr("is no shop.v1.Order"));
    EXPECT_EQ(damaged.kind, ContentKind::Bytes) << "then it is shown as what it is by itself";
    EXPECT_FALSE(foreign.error);
    EXPECT_THAT(foreign.remarks, ElementsAre(HasSubstr("None of its fields belongs to this type")));
    EXPECT_EQ(child(foreign.tree, "field 100").value, "2 bytes: 6869");
    EXPECT_EQ(child(foreign.tree, "field 101").value, "1");
    EXPECT_THAT(newer.remarks, ElementsAre(HasSubstr("1 field of it do not belong")));
    EXPECT_EQ(noSet.error->code, "decode.no_descriptors");
    EXPECT_EQ(noType.error->code, "descriptors.type");
}

TEST(DecodeContent, ProtobufThatWouldTakeMuchMemoryIsRefused) {
    std::string empties;
    for (int index = 0; index < 2'000'000; ++index) {
        empties.append("\x0A\x00", 2);
    }

    const Decoded decoded = decodeContent(empties, asOrder("Orders"));

    ASSERT_TRUE(decoded.error);
    EXPECT_THAT(decoded.error->message, HasSubstr("larger than what is read as protobuf"));
}

TEST(DecodeContent, WhatIsNotOfTheAskedKindIsShownAsWhatItIs) {
    const Decoded json = decodeContent("text", asKind(ContentKind::Json));
    const Decoded message = decodeContent("text", asKind(ContentKind::DashStream));
    const Decoded letter = decodeContent("{\"a\":1}", asKind(ContentKind::DeadLetter));

    EXPECT_EQ(json.error->code, "decode.not_json");
    EXPECT_EQ(json.kind, ContentKind::Text);
    EXPECT_EQ(message.error->code, "decode.not_dashstream");
    EXPECT_EQ(letter.error->code, "decode.not_dead_letter");
    EXPECT_EQ(letter.kind, ContentKind::Json);
    EXPECT_EQ(decodeContent("{\"a\":1}", asKind(ContentKind::Text)).kind, ContentKind::Text);
    EXPECT_EQ(decodeContent("text", asKind(ContentKind::Bytes)).kind, ContentKind::Bytes);
}

TEST(DecodeContent, CharactersThatTurnTheDirectionAreNamed) {
    const Decoded json = decodeContent(R"({"file":"\u202egpj.exe"})");
    const Decoded text = decodeContent("a\xE2\x81\xA7z");

    EXPECT_THAT(json.remarks, Contains(HasSubstr("turn the direction of text")));
    EXPECT_EQ(child(json.tree, "file").value, "\xE2\x80\xAEgpj.exe") << "the data stays as it is";
    EXPECT_THAT(text.remarks, Contains(HasSubstr("turn the direction of text")));
    EXPECT_THAT(decodeContent("a – b").remarks, IsEmpty());
}

TEST(DecodeContent, HugeContentsCostABoundedTree) {
    constexpr std::size_t size = 5U * 1024 * 1024;
    std::string lines;
    while (lines.size() < size) {
        lines += "line\n";
    }
    wire::v1::DashStreamMessage batch;
    for (int index = 0; index < 15'000; ++index) {
        (*batch.mutable_error()->mutable_context())[std::to_string(index)] = std::string(50, '\x01');
    }
    wire::DeadLetterRecord record;
    record.error.assign(size, '\x02');
    record.payload = "\xFF";

    for (const std::string& bytes :
         {std::string(size, 'x'), lines, std::string(size, '\xFF'), "[\"" + std::string(size, 'x') + "\"]",
          framed(batch, true), wire::toDeadLetterJson(record).value()}) {
        for (const ContentKind kind : {ContentKind::Null, ContentKind::Text, ContentKind::Bytes, ContentKind::Json,
                                       ContentKind::DashStream, ContentKind::DeadLetter}) {
            DecodeOptions options = asKind(kind);
            const Decoded decoded = decodeContent(bytes, kind == ContentKind::Null ? DecodeOptions() : options);
            test::expectBounded(decoded.tree, options.limits);
            EXPECT_LE(decoded.summary.size(), 3000U);
        }
    }
}

} // namespace
} // namespace dashstream::decode
