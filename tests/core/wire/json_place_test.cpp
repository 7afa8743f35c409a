// Where something stands in a text of JSON.
#include "core/wire/json_lines.h"
#include "core/wire/json_place.h"

#include <gtest/gtest.h>

#include <tuple>
#include <utility>
#include <vector>

namespace dashstream::wire {
namespace {

std::string_view cut(std::string_view text, std::optional<TextRange> range) {
    return range ? text.substr(range->at, range->bytes) : std::string_view("nowhere");
}

TEST(JsonPlace, FindsTheFirstPlaceThatIsNoJson) {
    const std::vector<std::tuple<std::string, std::size_t, std::string>> cases = {
        {"hello", 0, "a value is expected here"},
        {"", 0, "a message is missing here"},
        {"  \n", 3, "a message is missing here"},
        {R"({"event":{"header":{}})", 0, "a } is missing at the end"},
        {R"({"event":{"tokens":[1, 2})", 24, "a comma or ] is missing before this"},
        {R"({"event" {}})", 9, R"(a colon and a value are missing after the name "event")"},
        {R"({"event":})", 9, "a value is expected here"},
        {R"({"event")", 1, R"(a colon and a value are missing after the name "event")"},
        {R"({"event":)", 1, R"(the value of "event" is missing)"},
        {R"({"event":{"node_id":"plan})", 20, "no quotation mark at its end"},
        {R"({"event":{"node_id":plan}})", 20, "a value is expected here: a text in quotation marks"},
        {R"({"event":{"a":1 "b":2}})", 16, "a comma or } is missing before this"},
        {R"({"event":{}} x)", 13, "something follows"},
        {"{\"event\":{}}\n{\"event\":{}}", 13, "something follows"},
        {R"({"event":{,}})", 10, "a name in quotation marks is expected here"},
        {R"({"event":{"a":[)", 14, "a ] is missing at the end"},
        {R"({"a":"\"})", 5, "no quotation mark at its end"},
    };
    for (const auto& [text, at, word] : cases) {
        const auto broken = findJsonBreak(text);

        ASSERT_TRUE(broken) << text;
        EXPECT_EQ(broken->where.at, at) << text;
        EXPECT_NE(broken->what.find(word), std::string::npos) << text << ": " << broken->what;
        EXPECT_LE(broken->where.at + broken->where.bytes, text.size()) << text;
    }
}

TEST(JsonPlace, CallsNothingWrongThatTheReaderTakes) {
    for (const std::string text :
         {R"({"event":{"header":{"thread_id":"a"}}})", R"({'event':{header:{"thread_id":"a"},},})",
          R"({"event":{"node_id":null}})",
          R"({"event":{"duration_us":-5,"attributes":{"x":{"float_value":1.5e-3},"y":{"bool_value":true}}}})",
          R"({"metrics":{"metrics":{"x":{"float_value":"NaN"}}}})",
          "  {\r\n\t\"token_chunk\" : {\"token_ids\":[1 , 2]} }\n", R"({"event":{"node_id":"\"}"}})"}) {
        v1::DashStreamMessage message;
        TraceContext trace;
        ASSERT_TRUE(parseJsonLine(text, message, trace)) << text;

        EXPECT_FALSE(findJsonBreak(text)) << text << ": " << findJsonBreak(text)->what;
    }
}

TEST(JsonPlace, FindsTheValueAndTheNameOfAPath) {
    const std::string text =
        R"({ "event": {"header": {"threadId":"a", "tenant_id": "b"}, "attributes":{"k":{"intValue":1},"l":{"map_value":{"values":{"m":{"string_value":"deep"}}}}}, "list":[5,[6],{"x":7}]}})";
    const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
        {"event.header.thread_id", "\"a\"", "\"threadId\""},
        {"event.header.tenantId", "\"b\"", "\"tenant_id\""},
        {"event.header", R"({"threadId":"a", "tenant_id": "b"})", "\"header\""},
        {"event.attributes[0].value.int_value", "1", "\"intValue\""},
        {"event.attributes[1].value.map_value.values[0].value.string_value", "\"deep\"", "\"string_value\""},
        {"event.attributes[0]", R"({"intValue":1})", "\"k\""},
        {"event.list[0]", "5", "nowhere"},
        {"event.list[2].x", "7", "\"x\""},
        {"event.nothing", "nowhere", "nowhere"},
        {"event.list[3]", "nowhere", "nowhere"},
        {"", "nowhere", "nowhere"},
    };
    for (const auto& [path, value, name] : cases) {
        EXPECT_EQ(cut(text, findJsonValue(text, path)), value) << path;
        EXPECT_EQ(cut(text, findJsonName(text, path)), name) << path;
    }
}

TEST(JsonPlace, BoundsHowDeepItGoes) {
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    ASSERT_TRUE(findJsonBreak(deep));
    EXPECT_EQ(findJsonBreak(deep)->what, "this is nested too deep");
}

struct Case {
    std::string line;
    JsonFaultKind kind;
    std::string path;
    std::string place; ///< of the value, as it stands in the line
};

TEST(JsonFault, SaysWhichFieldTheReaderIsAgainst) {
    const std::vector<Case> cases = {
        {R"({"event":{"header":{"thread":"t"}}})", JsonFaultKind::UnknownName, "event.header.thread", "\"t\""},
        {R"({"evnt":{}})", JsonFaultKind::UnknownName, "evnt", "{}"},
        {R"({"event":{"header":{"timestamp_us":"x"}}})", JsonFaultKind::WrongValue, "event.header.timestamp_us",
         "\"x\""},
        {R"({"event":{"header":{"sequence":1.5}}})", JsonFaultKind::WrongValue, "event.header.sequence", "1.5"},
        {R"({"event":5})", JsonFaultKind::WrongValue, "event", "5"},
        {R"({"event":{"attributes":{"a":{"intValue":"zz"}}}})", JsonFaultKind::WrongValue,
         "event.attributes[0].value.int_value", "\"zz\""},
        {R"({"event_batch":{"events":[{},{"nodeIdx":"q"}]}})", JsonFaultKind::UnknownName,
         "event_batch.events[1].nodeIdx", "\"q\""},
        {R"({"event_batch":{"events":[{},{"eventType":"NOPE"}]}})", JsonFaultKind::WrongValue,
         "event_batch.events[1].event_type", "\"NOPE\""},
        {R"({"event":{"event_type":{"a":1}}})", JsonFaultKind::NoObject, "event.event_type", R"({"a":1})"},
        {R"({"event":{"header":{"thread_id":["a"]}}})", JsonFaultKind::NoList, "event.header.thread_id", R"(["a"])"},
        {R"({"event":{},"metrics":{"scope":"a"}})", JsonFaultKind::SecondOfOne, "metrics", R"({"scope":"a"})"},
        {R"({"event":{"attributes":{"a":{"intValue":1,"string_value":"b"}}}})", JsonFaultKind::SecondOfOne,
         "event.attributes[0].value.string_value", "\"b\""},
        {R"({"token_chunk":{"token_ids":[1,"x"]}})", JsonFaultKind::WrongValue, "token_chunk.token_ids[1]", "\"x\""},
        {"[]", JsonFaultKind::NoMessage, "", "nowhere"},
        {R"({"event":)", JsonFaultKind::Syntax, "", "nowhere"},
        {R"({"event" {}})", JsonFaultKind::Syntax, "", "nowhere"},
    };
    for (const Case& one : cases) {
        v1::DashStreamMessage message;
        TraceContext trace;
        JsonFault fault;
        ASSERT_FALSE(parseJsonLine(one.line, message, trace, &fault)) << one.line;

        EXPECT_EQ(fault.kind, one.kind) << one.line;
        EXPECT_EQ(fault.path, one.path) << one.line;
        EXPECT_EQ(cut(one.line, findJsonValue(one.line, fault.path)), one.place) << one.line;
    }
}

} // namespace
} // namespace dashstream::wire
