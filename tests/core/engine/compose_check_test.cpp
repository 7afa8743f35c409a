// What a person is told of the message they are writing: its place and remedy when it is wrong, its sizes when it is
// right.
#include "core/engine/compose_check.h"
#include "core/flow/message_shape.h"
#include "core/source/message_templates.h"
#include "core/wire/json_lines.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace dashstream::engine {
namespace {

const UtcTime kNow = utcFromMicros(1'800'000'000'000'000);

ComposeCheck check(std::string_view text, const ComposeTerms& terms = {}) {
    return checkComposed(text, terms, kNow);
}

struct Wrong {
    std::string text;
    std::size_t line;
    std::size_t column;
    std::string marked; ///< what stands at the place
    std::string said;
    std::string remedy;
};

TEST(ComposeCheck, SaysWhereItIsWrongAndWhatToDo) {
    const std::vector<Wrong> cases = {
        {"{\n  \"event\": {\n    \"node_id\": \"a\"\n    \"duration_us\": 1\n  }\n}", 4, 5, "\"",
         "Not JSON: a comma or } is missing before this", ""},
        {"{\"event\": {\"header\": {\"thread_id\": \"a\"}}}\n{\"event\": {}}", 2, 1, "{",
         "Not JSON: the message ends before this, and something follows; there must be one alone", ""},
        {"{\"event\": {\"node_id\": \"späť\", \"x\": }}", 1, 36, "}", "Not JSON: a value is expected here", ""},
        {R"({"event": {"header": {"thread": "a"}}})", 1, 23, "\"thread\"", "header has no field thread",
         "Did you mean thread_id?"},
        {R"({"event": {"header": {"thread_id": "a"}, "zzzzzzzz": 1}})", 1, 42, "\"zzzzzzzz\"",
         "event has no field zzzzzzzz",
         "Its fields: header, event_type, node_id, attributes, duration_us, llm_request_id"},
        {R"({"evnt": {}})", 1, 2, "\"evnt\"", "There is no message type evnt", "Did you mean event?"},
        {R"({"event": {"event_type": "NODE_START"}})", 1, 26, "\"NODE_START\"", "event_type knows no \"NODE_START\"",
         "Did you mean EVENT_TYPE_NODE_START?"},
        {R"({"event": {"duration_us": "soon"}})", 1, 27, "\"soon\"", "duration_us takes a whole number, not \"soon\"",
         ""},
        {R"({"event": {"header": {"message_id": "!"}}})", 1, 37, "\"!\"",
         "message_id takes bytes, written as base64 in quotation marks, not \"!\"", ""},
        {R"({"event": {"node_id": ["a"]}})", 1, 23, "[\"a\"]", "node_id takes one value, not a list",
         "Write it without [ and ]"},
        {R"({"event": {"node_id": {"a": 1}}})", 1, 23, "{\"a\": 1}",
         "node_id takes a text in quotation marks, not an object", ""},
        {R"({"event": {}, "metrics": {}})", 1, 15, "\"metrics\"",
         "A message holds one type, and another stands before metrics", "Take one of them out"},
        {R"({"event": {"attributes": {"k": {"int_value": 1, "bool_value": true}}}})", 1, 49, "\"bool_value\"",
         "attributes holds one value, and another stands before bool_value", "Take one of them out"},
        {R"({"event": {"attributes": {"k": {"number": 1}}}})", 1, 33, "\"number\"", "attributes has no field number",
         "Its fields: string_value, int_value, float_value, bool_value, bytes_value, array_value, map_value"},
        {"[]", 1, 1, "[", "A message is an object: it begins with { and ends with }", ""},
        {" {}", 1, 2, "{", "There is no message in it",
         "One of event, state_diff, token_chunk, tool_execution, checkpoint, metrics, error, event_batch, "
         "execution_trace must be there"},
        {R"({"event": {"node_id": "a"}})", 1, 2, "\"event\"",
         "header.thread_id is blank: it is the record's key and names the thread",
         R"(Name the thread: "header": {"thread_id": "…"})"},
        {R"({"event": {"header": {"thread_id": " "}}})", 1, 36, "\" \"",
         "header.thread_id is blank: it is the record's key and names the thread",
         R"(Name the thread: "header": {"thread_id": "…"})"},
        {R"({"event": {"header": {"threadId": "a", "messageId": "AAAA"}}})", 1, 53, "\"AAAA\"",
         "header.message_id has 3 bytes: a UUID has 16", "Leave it out, then it gets one"},
    };
    for (const Wrong& one : cases) {
        const ComposeCheck checked = check(one.text);

        ASSERT_TRUE(checked.fault) << one.text;
        EXPECT_FALSE(checked.canBeSent()) << one.text;
        ASSERT_TRUE(checked.fault->where) << one.text;
        EXPECT_EQ(checked.fault->line, one.line) << one.text;
        EXPECT_EQ(checked.fault->column, one.column) << one.text;
        EXPECT_EQ(one.text.substr(checked.fault->where->at, checked.fault->where->bytes), one.marked) << one.text;
        EXPECT_EQ(checked.fault->text, one.said) << one.text;
        EXPECT_EQ(checked.fault->remedy, one.remedy) << one.text;
    }
}

TEST(ComposeCheck, RefusesBytesThatAreNoText) {
    const ComposeCheck zero = check(std::string_view("{\"event\":{\0}}", 13));
    EXPECT_EQ(zero.fault.value().column, 11U);
    const ComposeCheck latin = check("{\"event\":\n{\"node_id\":\"\xff\"}}");
    EXPECT_EQ(latin.fault.value().line, 2U);
    EXPECT_EQ(latin.fault.value().column, 13U);
    EXPECT_NE(check(std::string(wire::kMaxLineBytes + 1, 'x')).fault.value().text.find("the limit is"),
              std::string::npos);
}

TEST(ComposeCheck, NothingWrittenIsNeitherRightNorWrong) {
    for (const char* text : {"", " \n\t "}) {
        EXPECT_TRUE(check(text).blank);
        EXPECT_FALSE(check(text).fault);
        EXPECT_FALSE(check(text).canBeSent());
    }
}

// The sizes are those of the engine's own encoding, whatever the settings.
TEST(ComposeCheck, SizesAreWhatTheEncoderMakes) {
    const std::string text = R"({"event": {"header": {"thread_id": "a", "message_id": "AAAAAAAAAAAAAAAAAAAAAA==",
        "timestamp_us": "1800000000000000"}, "node_id": ")" +
                             std::string(2000, 'x') + "\"}}";
    for (const auto& [compression, threshold] : {std::pair{config::MessageCompression::Message, std::size_t{512}},
                                                 {config::MessageCompression::Message, std::size_t{5000}},
                                                 {config::MessageCompression::Off, std::size_t{512}}}) {
        ComposeTerms terms;
        terms.message.compression = compression;
        terms.message.compressionThreshold = threshold;
        terms.message.tenant = "acme";

        const ComposeCheck checked = check(text, terms);

        wire::v1::DashStreamMessage message;
        wire::TraceContext trace;
        ASSERT_TRUE(wire::parseJsonLine(text, message, trace));
        MessageIdGenerator ids;
        flow::fillHeader(message, "acme", SequenceNo{1}, kNow, ids);
        ByteArena arena;
        const auto value = wire::Encoder(flow::encodeSettingsOf(terms.message)).encode(message, arena);
        wire::v1::DashStreamMessage decoded;
        const auto info = wire::Decoder().decode(value.value(), decoded);
        ASSERT_TRUE(checked.canBeSent());
        EXPECT_EQ(checked.preview->framedBytes, value->size());
        EXPECT_EQ(checked.preview->encodedBytes, info.value().encodedBytes);
        EXPECT_EQ(checked.preview->compressed, info->compressed);
        EXPECT_EQ(checked.preview->compressed, compression == config::MessageCompression::Message && threshold < 2000);
        EXPECT_EQ(checked.preview->jsonBytes, text.size());
        EXPECT_EQ(checked.preview->type, "event");
        EXPECT_EQ(checked.preview->thread, "a");
        EXPECT_EQ(checked.preview->tenant, "acme");
        EXPECT_TRUE(checked.preview->tenantFilledIn);
    }
}

TEST(ComposeCheck, TellsASizeAboveTheLimitAndStillShowsIt) {
    ComposeTerms terms;
    terms.message.maxBytes = 1024;
    const ComposeCheck checked =
        check(R"({"event": {"header": {"thread_id": "a"}, "node_id": ")" + std::string(2000, 'x') + "\"}}", terms);

    ASSERT_TRUE(checked.preview);
    EXPECT_FALSE(checked.canBeSent());
    EXPECT_GT(checked.preview->encodedBytes, 2000U);
    EXPECT_LT(checked.preview->framedBytes, 200U) << "compressed; the limit is of both phases";
    EXPECT_EQ(checked.preview->limitBytes, 1024U);
    EXPECT_NE(checked.preview->tooLarge.find("the limit is 1024 bytes"), std::string::npos)
        << checked.preview->tooLarge;
}

TEST(ComposeCheck, KnowsTheTopicsOwnLimit) {
    ComposeTerms terms;
    terms.topicLimit = 150;
    const std::string text =
        R"({"event": {"header": {"thread_id": "a"}, "node_id": ")" + std::string(200, 'x') + "\"}}";

    const ComposeCheck checked = check(text, terms);

    ASSERT_TRUE(checked.preview);
    EXPECT_NE(checked.preview->tooLarge.find("too large for topic dashstream-events"), std::string::npos);
    terms.topicLimit = 1500;
    EXPECT_TRUE(check(text, terms).canBeSent());
}

TEST(ComposeCheck, SaysWhatWillBeReplacedOrLeftOut) {
    const std::string text = R"({"event": {"header": {"thread_id": "a", "tenant_id": "acme", "sequence": 12,
        "message_id": "AAAAAAAAAAAAAAAAAAAAAA=="}}, "traceparent": "nonsense"})";

    const ComposeCheck checked = check(text);

    ASSERT_TRUE(checked.canBeSent());
    EXPECT_EQ(checked.preview->tenant, "acme");
    EXPECT_FALSE(checked.preview->tenantFilledIn);
    ASSERT_EQ(checked.preview->notes.size(), 3U);
    EXPECT_NE(checked.preview->notes[0].find("message_id"), std::string::npos);
    EXPECT_NE(checked.preview->notes[1].find("sequence 12 is replaced"), std::string::npos);
    EXPECT_NE(checked.preview->notes[2].find("traceparent"), std::string::npos);
}

TEST(ComposeCheck, EveryTemplateCanBeSentAsItIs) {
    std::set<std::string> types;
    for (const source::MessageTemplate& one : source::messageTemplates()) {
        const ComposeCheck checked = check(one.text);

        ASSERT_TRUE(checked.canBeSent()) << one.type << ": " << (checked.fault ? checked.fault->text : "");
        EXPECT_EQ(checked.preview->type, one.type);
        EXPECT_EQ(checked.preview->thread, source::kTemplateThread);
        EXPECT_TRUE(checked.preview->notes.empty());
        types.insert(checked.preview->type);
    }
    EXPECT_EQ(types.size(), 9U);
}

} // namespace
} // namespace dashstream::engine
