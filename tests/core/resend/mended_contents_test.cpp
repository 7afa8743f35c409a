#include "core/resend/mended_contents.h"
#include "core/wire/codec.h"

#include <gtest/gtest.h>

namespace dashstream::resend {
namespace {

/// What stands in memory.
class Kept final : public Contents {
public:
    explicit Kept(std::vector<Content> contents) : m_contents(std::move(contents)) {}
    Result<std::vector<Content>> read(std::span<const DeadLetterId> items) override {
        return std::vector<Content>(m_contents.begin(), m_contents.begin() + static_cast<std::ptrdiff_t>(items.size()));
    }
    std::string placeOf(DeadLetterId item) const override { return "kept " + std::to_string(item.value); }

private:
    std::vector<Content> m_contents;
};

Content holding(std::int64_t item, std::optional<std::string> value) {
    Content content;
    content.item = DeadLetterId(item);
    content.key = "key";
    content.value = std::move(value);
    content.headers = {{"h", "v"}};
    return content;
}

std::string message() {
    wire::v1::DashStreamMessage message;
    message.mutable_event()->mutable_header()->set_thread_id("t-1");
    message.mutable_event()->mutable_header()->set_message_id("0123456789abcdef");
    ByteArena arena;
    const auto value = wire::Encoder({}).encode(message, arena);
    return {reinterpret_cast<const char*>(value->data()), value->size()};
}

std::vector<Content> mended(const std::string& edits, std::vector<Content> originals) {
    std::vector<DeadLetterId> items;
    for (const Content& content : originals) {
        items.push_back(content.item);
    }
    const auto contents = mendedContents(std::make_unique<Kept>(std::move(originals)), edits, {},
                                         [](DeadLetterId item) { return "7-1-" + std::to_string(item.value); });
    EXPECT_EQ(contents->placeOf(DeadLetterId(3)), "kept 3");
    return contents->read(items).value();
}

TEST(MendedContents, EachGetsWhatTheEditsMakeOfItAndTheSameIdEachTime) {
    const std::string edits = R"([{"set":"*.header.thread_id","to":"t-2"}])";
    const auto contents = mended(
        edits, {holding(1, message()), holding(2, R"({"a":{"header":{"thread_id":"x"}}})"), holding(3, R"({"b":1})")});

    EXPECT_EQ(contents[0].key, "t-2") << "a DashStream message's key is its thread";
    wire::v1::DashStreamMessage sent;
    ASSERT_TRUE(wire::Decoder().decode(asBytes(*contents[0].value), sent));
    EXPECT_EQ(sent.event().header().message_id(), mend::editedId("7-1-1").raw());
    EXPECT_EQ(sent.event().header().parent_id(), "0123456789abcdef");
    EXPECT_EQ(contents[1].value, R"({"a":{"header":{"thread_id":"t-2"}}})");
    EXPECT_EQ(contents[1].key, "key");
    EXPECT_EQ(contents[2].value, R"({"b":1})") << "what does not change goes as it is";
    for (const Content& content : contents) {
        EXPECT_EQ(content.notSent, "");
        EXPECT_EQ(content.headers.size(), 1U);
    }
    EXPECT_EQ(mended(edits, {holding(1, message())})[0].value, contents[0].value) << "after a crash, too";
}

TEST(MendedContents, WhatCannotBeEditedIsNotSent) {
    Content gone = holding(1, message());
    gone.notSent = "is not there any more";
    const auto contents = mended(R"([{"set":"a.b","to":1}])",
                                 {gone, holding(2, std::nullopt), holding(3, "plain text"), holding(4, R"({"a":5})")});

    EXPECT_EQ(contents[0].notSent, "is not there any more");
    EXPECT_FALSE(contents[0].byEdits);
    EXPECT_TRUE(contents[2].byEdits);
    EXPECT_EQ(contents[1].notSent, "cannot be edited: it has no value");
    EXPECT_NE(contents[2].notSent.find("neither a DashStream message nor JSON"), std::string::npos);
    EXPECT_NE(contents[3].notSent.find("there is no place for a.b"), std::string::npos);
}

TEST(MendedContents, EditsThatCannotBeReadSendNothing) {
    const auto contents = mended("[{", {holding(1, message()), holding(2, R"({"a":5})")});

    EXPECT_NE(contents[0].notSent.find("The edits cannot be read"), std::string::npos) << contents[0].notSent;
    EXPECT_FALSE(contents[1].notSent.empty());
}

} // namespace
} // namespace dashstream::resend
