#include "core/decode/json_tree.h"
#include "tests/core/decode/trees.h"

#include <gmock/gmock.h>

namespace dashstream::decode {
namespace {

using test::child;
using testing::HasSubstr;

TEST(JsonTree, MembersKeepOrderDoubledNamesAndTypes) {
    const JsonTree json = readJsonTree(R"({"b":1,"a":"ä\n","b":[true,null,{}],"c":-1.50e3})");

    ASSERT_EQ(json.problem, "");
    EXPECT_TRUE(json.complete);
    EXPECT_EQ(json.root.type, "object");
    EXPECT_EQ(json.root.value, "4 members");
    ASSERT_EQ(json.root.children.size(), 4U);
    EXPECT_EQ(json.root.children[0].name, "b");
    EXPECT_EQ(json.root.children[0].type, "integer");
    EXPECT_EQ(json.root.children[1].value, "ä ") << "control characters never reach a view";
    EXPECT_EQ(json.root.children[2].name, "b");
    EXPECT_EQ(json.root.children[2].value, "3 entries");
    EXPECT_EQ(json.root.children[2].children[0].name, "[0]");
    EXPECT_EQ(json.root.children[2].children[0].type, "boolean");
    EXPECT_EQ(json.root.children[2].children[1].value, "null");
    EXPECT_EQ(json.root.children[2].children[2].value, "0 members");
    EXPECT_EQ(json.root.children[3].value, "-1.50e3") << "as it stands in the text";
    EXPECT_EQ(json.root.children[3].type, "number");
}

TEST(JsonTree, LongIntegersAreExact) {
    const std::string longer = "123456789012345678901234567890123456789";
    const JsonTree json = readJsonTree(
        "[9007199254740993, -9223372036854775808, 18446744073709551615, 18446744073709551616, -" + longer + ", 0.1]");

    ASSERT_EQ(json.problem, "");
    EXPECT_EQ(json.root.children[0].value, "9007199254740993");
    EXPECT_EQ(json.root.children[1].value, "-9223372036854775808");
    EXPECT_EQ(json.root.children[2].value, "18446744073709551615");
    EXPECT_EQ(json.root.children[3].value, "18446744073709551616");
    EXPECT_EQ(json.root.children[3].type, "integer");
    EXPECT_EQ(json.root.children[4].value, "-" + longer);
    EXPECT_EQ(json.root.children[5].value, "0.1");
}

TEST(JsonTree, WhatIsNoJsonSaysWhere) {
    EXPECT_THAT(readJsonTree(R"({"a":1,})").problem, HasSubstr("at byte 7 is not allowed"));
    EXPECT_THAT(readJsonTree(R"({"a":1)").problem, HasSubstr("ends too early, after 6 bytes"));
    EXPECT_THAT(readJsonTree("").problem, HasSubstr("ends too early"));
    EXPECT_THAT(readJsonTree("\"\xFF\"").problem, HasSubstr("at byte 1 is not allowed"));
    EXPECT_THAT(readJsonTree("{} {}").problem, HasSubstr("at byte 3"));
    EXPECT_THAT(readJsonTree("[1e400]").problem, HasSubstr("larger than a reader of JSON takes"));
    EXPECT_THAT(readJsonTree(std::string(kMaxJsonBytes + 1, ' ')).problem, HasSubstr("16777217 bytes long"));
}

TEST(JsonTree, DeepNestingIsCutInTheTreeAndReadToTheEnd) {
    const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
    const JsonTree json = readJsonTree(deep);
    const JsonTree open = readJsonTree(std::string(1'000'000, '['));

    ASSERT_EQ(json.problem, "");
    EXPECT_FALSE(json.complete);
    const test::TreeSize size = test::sizeOf(json.root);
    EXPECT_EQ(size.depth, 64U);
    const TreeNode* node = &json.root;
    while (!node->children.empty()) {
        node = &node->children[0];
    }
    EXPECT_EQ(node->value, "nested deeper than is shown");
    EXPECT_THAT(open.problem, HasSubstr("ends too early"));
}

TEST(JsonTree, ManyEntriesAndLongTextsAreCutAndCounted) {
    std::string many = "[0";
    for (int index = 1; index < 200'000; ++index) {
        many += ",1";
    }
    const JsonTree wide = readJsonTree(many + "]");
    const JsonTree text = readJsonTree(R"({"a":")" + std::string(5U * 1024 * 1024, 'x') + R"(","b":1})");

    EXPECT_EQ(wide.root.value, "200000 entries");
    EXPECT_EQ(test::sizeOf(wide.root).nodes, 10'001U);
    EXPECT_THAT(wide.root.children.back().value, HasSubstr("more is not shown (10000 entries are)"));
    EXPECT_FALSE(wide.complete);
    EXPECT_THAT(child(text.root, "a").value, HasSubstr("(5242880 bytes in all)"));
    EXPECT_LE(child(text.root, "a").value.size(), 66'000U);
    EXPECT_EQ(child(text.root, "b").value, "1");
    EXPECT_FALSE(text.complete);
}

TEST(JsonTree, AllTextsTogetherHoldTheTotal) {
    const TreeLimits limits{.totalBytes = 1000};
    std::string json = "[";
    for (int index = 0; index < 100; ++index) {
        json += (index == 0 ? "\"" : ",\"") + std::string(100, 'x') + "\"";
    }

    const JsonTree tree = readJsonTree(json + "]", limits);

    EXPECT_EQ(tree.root.children[9].value, std::string(100, 'x'));
    EXPECT_EQ(tree.root.children[10].value, " … (100 bytes in all)");
    EXPECT_FALSE(tree.complete);
}

} // namespace
} // namespace dashstream::decode
