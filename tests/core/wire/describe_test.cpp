#include "core/wire/describe.h"
#include "core/wire/utf8.h"
#include "tests/core/wire/vector_files.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

namespace dashstream::wire {
namespace {

using testing::HasSubstr;

const TreeNode& child(const TreeNode& node, const std::string& name) {
    const auto found = std::find_if(node.children.begin(), node.children.end(),
                                    [&](const TreeNode& candidate) { return candidate.name == name; });
    if (found == node.children.end()) {
        ADD_FAILURE() << node.name << " has no " << name;
        static const TreeNode kNone;
        return kNone;
    }
    return *found;
}

std::size_t countNodes(const TreeNode& node) {
    std::size_t count = 1;
    for (const TreeNode& inner : node.children) {
        count += countNodes(inner);
    }
    return count;
}

std::size_t depthOf(const TreeNode& node) {
    std::size_t depth = 0;
    for (const TreeNode& inner : node.children) {
        depth = std::max(depth, depthOf(inner));
    }
    return depth + 1;
}

TEST(Describe, NamesEnumsTimesIdsAndBytes) {
    const TreeNode root = describe(test::messageOf("event_nested_big"));

    const TreeNode& event = child(root, "event");
    EXPECT_EQ(child(event, "event_type").value, "EVENT_TYPE_OPTIMIZATION_END");
    EXPECT_EQ(child(event, "node_id").value, "node-α");
    EXPECT_EQ(child(child(event, "header"), "timestamp_us").value, "1764000000000003 (2025-11-24T16:00:00.000003Z)");
    EXPECT_EQ(child(child(event, "header"), "message_id").value, "0e0f1011-1213-1415-1617-18191a1b1c1d");
    const TreeNode& deep = child(child(child(child(child(event, "attributes"), "m"), "map_value"), "values"), "deep");
    const TreeNode& values = child(child(deep, "array_value"), "values");
    ASSERT_EQ(values.children.size(), 4U);
    EXPECT_EQ(child(values.children[0], "int_value").value, "-1");
    EXPECT_EQ(child(values.children[1], "float_value").value, "2.5");
    EXPECT_EQ(child(values.children[3], "bytes_value").value, "3 bytes: 00ff07");
}

TEST(Describe, EveryVectorBecomesATree) {
    for (const std::string& name : test::vectorNames()) {
        const TreeNode root = describe(test::messageOf(name));
        ASSERT_EQ(root.children.size(), 1U) << name;
        EXPECT_FALSE(root.children[0].children.empty()) << name;
    }
}

TEST(Describe, HoldsItsLimitsOnAHugeMessage) {
    v1::DashStreamMessage message;
    for (int index = 0; index < 50'000; ++index) {
        message.mutable_token_chunk()->add_token_ids(1);
    }
    message.mutable_token_chunk()->set_model(std::string(100'000, 'm'));

    const TreeNode root = describe(message);

    EXPECT_LE(countNodes(root), 10'001U) << "the limit and the note that says so";
    EXPECT_EQ(child(child(root, "token_chunk"), "token_ids").value, "50000 entries");
    const TreeNode& list = child(child(root, "token_chunk"), "token_ids");
    EXPECT_THAT(list.children.back().value, HasSubstr("more is not shown"));
}

TEST(Describe, CutsLongTextAndBytesAndSaysSo) {
    v1::DashStreamMessage message;
    message.mutable_checkpoint()->set_state_type(std::string(100'000, 's'));
    message.mutable_checkpoint()->set_state(std::string(100'000, '\x7f'));

    const TreeNode root = describe(message);

    const TreeNode& checkpoint = child(root, "checkpoint");
    EXPECT_THAT(child(checkpoint, "state_type").value, HasSubstr("100000 bytes in all"));
    EXPECT_LT(child(checkpoint, "state_type").value.size(), 66'000U);
    EXPECT_THAT(child(checkpoint, "state").value, testing::StartsWith("100000 bytes: 7f7f7f7f 7f"));
    EXPECT_LT(child(checkpoint, "state").value.size(), 3U * 65'536U);
}

TEST(Describe, StopsAtTheDepthLimit) {
    v1::DashStreamMessage message;
    v1::AttributeValue* value = &(*message.mutable_event()->mutable_attributes())["k"];
    for (int level = 0; level < 200; ++level) {
        value = value->mutable_array_value()->add_values();
    }
    value->set_int_value(1);

    const TreeNode root = describe(message);

    EXPECT_LE(depthOf(root), 3U * 64U);
    EXPECT_GT(depthOf(root), 30U);
}

TEST(Describe, TextIsAlwaysValidUtf8) {
    v1::DashStreamMessage message;
    (*message.mutable_error()->mutable_context())["a\x1b[0m"] = "\x01\x02";

    const TreeNode root = describe(message);

    const TreeNode& context = child(child(root, "error"), "context");
    ASSERT_EQ(context.children.size(), 1U);
    EXPECT_EQ(context.children[0].name, "a [0m");
    EXPECT_EQ(context.children[0].value, "  ");
}

TEST(Describe, TypesAreNamedWithTheUnitThatTheNameTells) {
    const TreeNode root = describe(test::messageOf("event_nested_big"));

    EXPECT_EQ(root.name, "DashStreamMessage");
    const TreeNode& event = child(root, "event");
    EXPECT_EQ(event.type, "Event");
    EXPECT_EQ(child(event, "event_type").type, "EventType");
    EXPECT_EQ(child(event, "attributes").type, "map");
    EXPECT_EQ(child(child(event, "header"), "timestamp_us").type, "int64, µs");
    EXPECT_EQ(child(child(event, "header"), "message_id").type, "bytes");
}

TEST(Describe, FieldsOfANewerSchemaAreShown) {
    v1::DashStreamMessage message;
    ASSERT_TRUE(message.ParseFromString(std::string("\x0A\x08\xA0\x06\x05\xA2\x06\x02hi", 10)));

    const TreeNode root = describe(message);

    const TreeNode& event = child(root, "event");
    ASSERT_EQ(event.children.size(), 2U);
    EXPECT_EQ(event.children[0].name, "field 100");
    EXPECT_EQ(event.children[0].value, "5");
    EXPECT_EQ(event.children[1].value, "2 bytes: 6869");
    EXPECT_EQ(event.children[1].type, "not in the schema");
}

TEST(Describe, AllContentsTogetherHoldTheTotal) {
    v1::DashStreamMessage message;
    for (int index = 0; index < 100; ++index) {
        message.mutable_error()->add_suggestions(std::string(1000, 's'));
    }

    const TreeNode root = describe(message, {.totalBytes = 2500});

    const TreeNode& list = child(child(root, "error"), "suggestions");
    EXPECT_EQ(list.children[1].value, std::string(1000, 's'));
    EXPECT_EQ(list.children[2].value, std::string(500, 's') + " … (1000 bytes in all)");
    EXPECT_EQ(list.children[99].value, " … (1000 bytes in all)");
}

TEST(Describe, SaturatedDurationIsSaidInWords) {
    v1::DashStreamMessage message;
    message.mutable_event()->set_duration_us(std::numeric_limits<std::int64_t>::max());
    EXPECT_THAT(child(child(describe(message), "event"), "duration_us").value, HasSubstr("longer than can be said"));
    message.mutable_event()->set_duration_us(1500);
    EXPECT_EQ(child(child(describe(message), "event"), "duration_us").value, "1500 (1.5 ms)");
}

} // namespace
} // namespace dashstream::wire
