#include "core/mend/mender.h"
#include "core/wire/message_access.h"

#include <gtest/gtest.h>

namespace dashstream::mend {
namespace {

constexpr std::string_view kOldId = "0123456789abcdef";
const MessageId kNewId = MessageId::fromRaw("fedcba9876543210");

wire::v1::DashStreamMessage event() {
    wire::v1::DashStreamMessage message;
    wire::v1::Event& event = *message.mutable_event();
    wire::v1::Header& header = *event.mutable_header();
    header.set_message_id(std::string(kOldId));
    header.set_timestamp_us(1'700'000'000'000'000);
    header.set_tenant_id("acme");
    header.set_thread_id("t-1");
    header.set_sequence(7);
    header.set_type(wire::v1::MESSAGE_TYPE_EVENT);
    header.set_schema_version(1);
    event.set_event_type(wire::v1::EVENT_TYPE_NODE_START);
    event.set_node_id("planner");
    for (const char* name : {"one", "two", "three", "four"}) {
        (*event.mutable_attributes())[name].set_string_value(name);
    }
    return message;
}

std::string framed(wire::v1::DashStreamMessage message) {
    ByteArena arena;
    const auto value = wire::Encoder({}).encode(message, arena);
    EXPECT_TRUE(value);
    return {reinterpret_cast<const char*>(value->data()), value->size()};
}

wire::v1::DashStreamMessage decoded(const std::string& value) {
    wire::v1::DashStreamMessage message;
    EXPECT_TRUE(wire::Decoder().decode(asBytes(value), message));
    return message;
}

Mender with(std::vector<Edit> edits, wire::EncodeSettings settings = {}) {
    auto made = Edits::of(std::move(edits));
    EXPECT_TRUE(made) << made.error().text();
    return {made ? std::move(*made) : Edits(), settings};
}

Mender setting(const std::string& path, Json value) {
    return with({{EditKind::Set, path, std::move(value), {}, {}}});
}

std::string codeOf(Mender mender, std::string_view value) {
    const auto mended = mender.mend(value, kNewId);
    EXPECT_FALSE(mended);
    return mended ? "none" : mended.error().code;
}

TEST(Mender, AnEditedMessageGetsANewIdAndTheOldOneAsParent) {
    const auto mended = setting("event.node_id", "critic").mend(framed(event()), kNewId, true);

    ASSERT_TRUE(mended) << mended.error().text();
    ASSERT_TRUE(mended->changed);
    EXPECT_FALSE(mended->key) << "its thread is the same";
    auto expected = event();
    expected.mutable_event()->set_node_id("critic");
    expected.mutable_event()->mutable_header()->set_message_id(std::string(kNewId.raw()));
    expected.mutable_event()->mutable_header()->set_parent_id(std::string(kOldId));
    const auto sent = decoded(mended->value);
    EXPECT_EQ(sent.event().node_id(), "critic");
    EXPECT_EQ(sent.event().header().message_id(), kNewId.raw());
    EXPECT_EQ(sent.event().header().parent_id(), kOldId);
    EXPECT_EQ(sent.event().header().sequence(), 7U);
    EXPECT_EQ(sent.event().attributes().size(), 4U);
    std::vector<std::string> paths;
    for (const Difference& each : mended->differences) {
        paths.push_back(each.path);
    }
    EXPECT_EQ(paths, (std::vector<std::string>{"event.header.message_id", "event.header.parent_id", "event.node_id"}))
        << "the new id is told, too";
}

TEST(Mender, WhatDoesNotChangeStaysAsItIs) {
    const std::string value = framed(event());
    for (const Edit& edit :
         {Edit{EditKind::Set, "event.node_id", "planner", {}, {}}, Edit{EditKind::Set, "*.header.absent", 1, {}, {}},
          Edit{EditKind::Remove, "event.nothing", {}, {}, {}}, Edit{EditKind::Set, "event.duration_us", 0, {}, {}}}) {
        const auto mended = with({edit}).mend(value, kNewId, true);
        ASSERT_TRUE(mended) << mended.error().text();
        EXPECT_FALSE(mended->changed);
        EXPECT_TRUE(mended->differences.empty());
    }
}

TEST(Mender, AnotherThreadIsAnotherKey) {
    const auto mended = setting("*.header.thread_id", "t-2").mend(framed(event()), kNewId);
    ASSERT_TRUE(mended && mended->changed);
    EXPECT_EQ(mended->key, "t-2");
    EXPECT_EQ(codeOf(setting("*.header.thread_id", " "), framed(event())), "edit.result");
}

TEST(Mender, WhatTheConsoleOwnsCannotBeEdited) {
    for (const char* path : {"event.header.message_id", "event.header.parent_id"}) {
        EXPECT_EQ(codeOf(setting(path, "MDAwMDAwMDAwMDAwMDAwMA=="), framed(event())), "edit.owned") << path;
    }
    EXPECT_EQ(codeOf(setting("event.header.sequence", 8), framed(event())), "edit.owned");
    EXPECT_EQ(codeOf(with({{EditKind::Remove, "event.header", {}, {}, {}}}), framed(event())), "edit.result");
}

TEST(Mender, AResultThatIsNoMessageIsRefused) {
    EXPECT_EQ(codeOf(setting("event.node_id", 5), framed(event())), "edit.result");
    EXPECT_EQ(codeOf(setting("event.no_such_field", 5), framed(event())), "edit.result");
    EXPECT_EQ(codeOf(with({{EditKind::Remove, "event", {}, {}, {}}}), framed(event())), "edit.result");
    wire::EncodeSettings small;
    small.maxBytes = 500;
    small.compress = false;
    EXPECT_EQ(codeOf(with({{EditKind::Set, "event.node_id", std::string(500, 'x'), {}, {}}}, small), framed(event())),
              "wire.too_large");
}

TEST(Mender, AMessageOfANewerSchemaIsNotEdited) {
    auto message = event();
    message.event().GetReflection()->MutableUnknownFields(message.mutable_event())->AddVarint(900, 1);
    EXPECT_EQ(codeOf(setting("event.node_id", "x"), framed(message)), "edit.content");
}

TEST(Mender, PlainJsonKeepsTheOrderOfItsMembersAndItsNumbers) {
    const auto mended = setting("b", 2).mend(
        R"({ "z": 0.1, "y": 1.50E+3, "x": 0.30000000000000004, "b": 1, "a": 18446744073709551615, "c": "\u00e4" })",
        kNewId);
    ASSERT_TRUE(mended) << mended.error().text();
    EXPECT_EQ(
        mended->value,
        "{\"z\":0.1,\"y\":1500.0,\"x\":0.30000000000000004,\"b\":2,\"a\":18446744073709551615,\"c\":\"\xc3\xa4\"}");
    EXPECT_FALSE(mended->key);
}

TEST(Mender, JsonThatWouldLoseSomethingIsNotEdited) {
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    for (const std::string& value :
         {std::string(R"({"a":1,"a":2})"), std::string(R"({"a":18446744073709551616})"),
          std::string(R"({"a":0.123456789012345678})"), std::string(R"({"a":12345678901234.567})"),
          std::string(R"({"a":9007199254740993.0})"), std::string(R"({"a":1e-400})"), std::string(R"({"a":1e999})"),
          deep, std::string("{\"a\":\"\xff\"}"), std::string("plain text"), std::string(), std::string("\0\0", 2),
          std::string("\x01\x28\xb5\x2f\xfd\x00", 6)}) {
        EXPECT_EQ(codeOf(setting("a", 5), value), "edit.content") << value.substr(0, 40);
    }
}

TEST(Mender, JsonThatWouldTakeTooLongIsNotEdited) {
    std::string members = "{\"m\":0";
    for (int i = 0; i < 20'000; ++i) {
        members += ",\"" + std::to_string(i) + "\":0";
    }
    EXPECT_EQ(codeOf(setting("a", 5), members + "}"), "edit.content");
    std::string values = "[0";
    for (int i = 0; i < 1'100'000; ++i) {
        values += ",0";
    }
    EXPECT_EQ(codeOf(setting("a", 5), values + "]"), "edit.content");
    EXPECT_EQ(codeOf(setting("a", 5), "\"" + std::string(17U << 20, 'x') + "\""), "edit.content");
}

TEST(Mender, AMessageWrittenAnewIsCheckedTheSame) {
    auto message = event();
    const std::string value = framed(message);
    Documents documents({});
    auto document = documents.read(value);
    ASSERT_TRUE(document);
    Json json = document->json;
    json["event"]["attributes"]["one"]["string_value"] = "uno";
    const auto mended = with({{EditKind::Content, {}, json, {}, {}}}).mend(value, kNewId);
    ASSERT_TRUE(mended && mended->changed);
    EXPECT_EQ(decoded(mended->value).event().attributes().at("one").string_value(), "uno");
    EXPECT_EQ(codeOf(with({{EditKind::Content, {}, Json::parse(R"({"error":{}})"), {}, {}}}), value), "edit.result");
}

TEST(EditedId, IsFixedForAnItemAndAVersion8Uuid) {
    const MessageId id = editedId("4711-3-99");
    EXPECT_EQ(id, editedId("4711-3-99"));
    EXPECT_NE(id, editedId("4711-3-98"));
    EXPECT_EQ(id.text()[14], '8');
    EXPECT_NE(std::string("89ab").find(id.text()[19]), std::string::npos);
}

} // namespace
} // namespace dashstream::mend
