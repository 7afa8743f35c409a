#include "core/wire/json_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dashstream::wire {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

struct Parsed {
    v1::DashStreamMessage message;
    TraceContext trace;
    std::optional<Error> error;
};

Parsed parse(std::string_view line) {
    Parsed parsed;
    const Result<void> result = parseJsonLine(line, parsed.message, parsed.trace);
    if (!result) {
        parsed.error = result.error();
    }
    return parsed;
}

TEST(JsonLine, ReadsOriginalAndCamelCaseNames) {
    const Parsed original = parse(
        R"({"event":{"header":{"thread_id":"t-1","timestamp_us":"5"},"event_type":"EVENT_TYPE_NODE_START","node_id":"plan"}})");
    const Parsed camel =
        parse(R"({"event":{"header":{"threadId":"t-1","timestampUs":5},"eventType":10,"nodeId":"plan"}})");

    ASSERT_FALSE(original.error) << original.error->text();
    ASSERT_FALSE(camel.error) << camel.error->text();
    EXPECT_EQ(original.message.event().header().thread_id(), "t-1");
    EXPECT_EQ(original.message.SerializeAsString(), camel.message.SerializeAsString());
}

TEST(JsonLine, WritesOriginalNames) {
    v1::DashStreamMessage message;
    message.mutable_token_chunk()->mutable_header()->set_thread_id("t-1");
    message.mutable_token_chunk()->set_is_final(true);

    EXPECT_EQ(toJsonLine(message).value(), R"({"token_chunk":{"header":{"thread_id":"t-1"},"is_final":true}})");
}

TEST(JsonLine, TakesTheTraceContextFromAnyPlaceBesideTheMessage) {
    const std::string parent = "\"traceparent\":\"" + std::string(kParent) + "\"";
    const std::string state = "\"tracestate\" : \"a=1,b=\\\"2\\\"\"";
    const std::string event = R"("event":{"node_id":"n"})";
    for (const std::string& line :
         {"{" + parent + "," + state + "," + event + "}", "{" + event + "," + parent + "," + state + "}",
          "{ " + parent + " , " + event + " , " + state + " }", "{" + state + "," + event + "," + parent + "}"}) {
        const Parsed parsed = parse(line);

        ASSERT_FALSE(parsed.error) << line << ": " << parsed.error->text();
        EXPECT_EQ(parsed.trace.traceparent, kParent);
        EXPECT_EQ(parsed.trace.tracestate, "a=1,b=\"2\"");
        EXPECT_EQ(parsed.message.event().node_id(), "n");
    }
}

TEST(JsonLine, LeavesTheSameNamesInsideTheMessageAlone) {
    const Parsed parsed = parse(
        R"({"event":{"attributes":{"traceparent":{"string_value":"x"}},"node_id":"\"traceparent\":\"{"},"error":null})");

    ASSERT_FALSE(parsed.error) << parsed.error->text();
    EXPECT_EQ(parsed.trace.traceparent, "");
    EXPECT_EQ(parsed.message.event().attributes().at("traceparent").string_value(), "x");
}

TEST(JsonLine, GoesOnWithoutATraceContextThatIsNone) {
    for (const std::string value :
         {R"("")", R"("00-x")", "5", "null", "{}", R"("00-00000000000000000000000000000000-00f067aa0ba902b7-01")",
          R"("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")",
          R"("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")",
          R"("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")"}) {
        for (const std::string& line :
             {R"({"event":{"node_id":"n"},"tracestate":"a=1","traceparent":)" + value + "}",
              R"({"traceparent":)" + value + R"(,"event":{"node_id":"n"},"tracestate":"a=1"})"}) {
            const Parsed parsed = parse(line);

            ASSERT_FALSE(parsed.error) << line << ": " << parsed.error->text();
            EXPECT_EQ(parsed.message.event().node_id(), "n");
            EXPECT_TRUE(parsed.trace.parentIgnored) << line;
            EXPECT_TRUE(parsed.trace.stateIgnored) << "without its parent a state says nothing";
            EXPECT_EQ(parsed.trace.traceparent + parsed.trace.tracestate, "") << line;
            EXPECT_THAT(parsed.trace.ignoredWhy, HasSubstr("traceparent")) << line;
        }
    }
}

TEST(JsonLine, ParentStaysWhereTheStateIsNone) {
    const Parsed parsed = parse(R"({"event":{},"traceparent":")" + std::string(kParent) + R"(","tracestate":"a\nb"})");

    ASSERT_FALSE(parsed.error);
    EXPECT_EQ(parsed.trace.traceparent, kParent);
    EXPECT_EQ(parsed.trace.tracestate, "");
    EXPECT_TRUE(parsed.trace.stateIgnored);
    EXPECT_FALSE(parsed.trace.parentIgnored);
}

TEST(JsonLine, ErrorsAreWordsForAPerson) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {R"({"event":{"header":{"thread":"t"}}})", "there is no such field"},
        {R"({"event":{"event_type":"NODE_START"}})", "NODE_START"},
        {R"({"event":{"duration_us":"soon"}})", "soon"},
        {R"({"event":{"node_id":[1]}})", "node_id"},
        {R"({"event":{}} trailing)", "JSON"},
        {R"({"event":)", "JSON"},
        {"hello", "JSON"},
        {"[]", "JSON"},
        {R"({"event":{},"error":{}})", "oneof"},
    };
    for (const auto& [line, word] : cases) {
        const Parsed parsed = parse(line);

        ASSERT_TRUE(parsed.error) << line;
        EXPECT_EQ(parsed.error->code, "json.syntax") << line;
        EXPECT_EQ(parsed.error->errorClass, ErrorClass::PermanentMessage);
        EXPECT_THAT(parsed.error->text(),
                    AllOf(HasSubstr(word), Not(HasSubstr("INVALID_ARGUMENT")), Not(HasSubstr("TYPE_INT")),
                          Not(HasSubstr("googleapis")), Not(HasSubstr("\n"))))
            << line;
        EXPECT_EQ(parsed.message.message_case(), v1::DashStreamMessage::MESSAGE_NOT_SET);
    }
}

TEST(JsonLine, RefusesWhatIsNoText) {
    EXPECT_EQ(parse(std::string_view("{\"event\":{\0}}", 13)).error.value().code, "json.nul");
    EXPECT_EQ(parse("{\"event\":{\"node_id\":\"\xff\"}}").error.value().code, "json.utf8");
    EXPECT_EQ(parse(std::string(kMaxLineBytes + 1, ' ')).error.value().code, "json.too_long");
    EXPECT_EQ(parse("{}").error.value().code, "json.no_message");
    EXPECT_EQ(parse(R"({"traceparent":")" + std::string(kParent) + "\"}").error.value().code, "json.no_message");
}

TEST(JsonLine, DeepNestingIsRefusedNotFollowed) {
    EXPECT_EQ(parse(std::string(1'000'000, '[')).error.value().code, "json.syntax");
    std::string deep;
    for (int level = 0; level < 100'000; ++level) {
        deep += R"({"event":)";
    }
    EXPECT_EQ(parse(deep).error.value().code, "json.syntax");
}

TEST(JsonLine, TextShowsUtf8AsItIs) {
    v1::DashStreamMessage message;
    message.mutable_event()->set_node_id("node-α");

    EXPECT_EQ(toText(message), "event {\n  node_id: \"node-α\"\n}\n");
}

} // namespace
} // namespace dashstream::wire
