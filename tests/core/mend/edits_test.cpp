#include "core/mend/difference.h"
#include "core/mend/edits.h"

#include <gtest/gtest.h>

namespace dashstream::mend {
namespace {

Json sample() {
    return Json::parse(R"({"event":{"header":{"tenant_id":"acme","sequence":"7"},"node_id":"planner",
        "attributes":{"a.b":{"string_value":"x"},"email":{"string_value":"ann@example.org, bob@example.org"}},
        "list":[{"n":1},{"n":2},{"n":3}]}})");
}

/// One edit of the sample.
Json after(Edit edit) {
    Json json = sample();
    const auto edits = Edits::of({std::move(edit)});
    EXPECT_TRUE(edits) << edits.error().text();
    if (edits) {
        const auto applied = edits->apply(json);
        EXPECT_TRUE(applied) << applied.error().text();
    }
    return json;
}

/// What it changed, "PATH: BEFORE -> AFTER" each.
std::vector<std::string> changes(Edit edit) {
    std::vector<std::string> texts;
    for (const Difference& each : differences(sample(), after(std::move(edit)), 100)) {
        texts.push_back(each.path + ": " + each.before.value_or("none") + " -> " + each.after.value_or("none"));
    }
    return texts;
}

using Texts = std::vector<std::string>;

TEST(Edits, SetAFieldThatIsThereAndMakeOneThatIsNot) {
    EXPECT_EQ(changes({EditKind::Set, "event.node_id", "critic", {}, {}}),
              Texts{R"(event.node_id: "planner" -> "critic")"});
    EXPECT_EQ(changes({EditKind::Set, "event.new.deeper", 5, {}, {}}), Texts{R"(event.new: none -> {"deeper":5})"});
    EXPECT_EQ(changes({EditKind::Set, R"(event.attributes."a.b".string_value)", "y", {}, {}}),
              Texts{R"(event.attributes."a.b".string_value: "x" -> "y")"});
    EXPECT_EQ(changes({EditKind::Set, "event.list[1].n", 9, {}, {}}), Texts{"event.list[1].n: 2 -> 9"});
}

TEST(Edits, AWildcardChangesOnlyWhatIsThere) {
    EXPECT_EQ(changes({EditKind::Set, "*.header.tenant_id", "other", {}, {}}),
              Texts{R"(event.header.tenant_id: "acme" -> "other")"});
    EXPECT_EQ(changes({EditKind::Set, "*.header.absent", "other", {}, {}}), Texts{});
    EXPECT_EQ(changes({EditKind::Set, "event.list[*].n", 0, {}, {}}).size(), 3U);
    EXPECT_EQ(changes({EditKind::Set, "**.n", 0, {}, {}}).size(), 3U);
    EXPECT_EQ(after({EditKind::Set, "**.event", 1, {}, {}}).dump(), R"({"event":1})") << "no level at all counts, too";
}

TEST(Edits, RemoveTakesAwayMembersAndElements) {
    EXPECT_EQ(changes({EditKind::Remove, "event.node_id", {}, {}, {}}), Texts{R"(event.node_id: "planner" -> none)"});
    EXPECT_EQ(after({EditKind::Remove, "event.list[1]", {}, {}, {}})["event"]["list"].dump(), R"([{"n":1},{"n":3}])");
    EXPECT_EQ(after({EditKind::Remove, "event.list[*]", {}, {}, {}})["event"]["list"].dump(), "[]");
    EXPECT_EQ(after({EditKind::Remove, "**.n", {}, {}, {}})["event"]["list"].dump(), "[{},{},{}]");
    EXPECT_EQ(changes({EditKind::Remove, "event.absent.deeper", {}, {}, {}}), Texts{});
}

TEST(Edits, ReplaceChangesEachMatchInTexts) {
    EXPECT_EQ(changes({EditKind::Replace, "**.string_value", {}, R"((\w+)@example\.org)", R"(\1@example.com)"}),
              Texts{R"(event.attributes.email.string_value: "ann@example.org, bob@example.org" -> )"
                    R"("ann@example.com, bob@example.com")"});
    EXPECT_EQ(changes({EditKind::Replace, "event.list[0].n", {}, "1", "2"}), Texts{}) << "a number is no text";
}

TEST(Edits, AValueThatMatchesItsOwnPathIsSetOnce) {
    Json json = Json::parse(R"({"a":{"a":1,"b":2},"c":[{"a":3}]})");
    const auto edits = Edits::of({{EditKind::Set, "**.a", Json::parse(R"({"a":9})"), {}, {}}});
    ASSERT_TRUE(edits && edits->apply(json));
    EXPECT_EQ(json.dump(), R"({"a":{"a":9},"c":[{"a":{"a":9}}]})");
    EXPECT_EQ(after({EditKind::Set, "**.*", Json::parse(R"({"x":1})"), {}, {}}).dump(), R"({"event":{"x":1}})");
}

TEST(Edits, EachPlaceComesOnceHoweverOftenThePathFitsIt) {
    Json json = Json::parse(R"({"a":{"a":{"a":{"label":"^x"}}},"list":[[1],[2]]})");
    const auto edits = Edits::of(
        {{EditKind::Replace, "**.a.**.label", {}, R"(\^)", "^v2-"}, {EditKind::Remove, "**.**[0]", {}, {}, {}}});
    ASSERT_TRUE(edits && edits->apply(json));
    EXPECT_EQ(json.dump(), R"({"a":{"a":{"a":{"label":"^v2-x"}}},"list":[[]]})");

    Json deep = 1;
    for (int level = 0; level < 150; ++level) {
        deep = Json{{"a", std::move(deep)}};
    }
    const auto many = Edits::of({{EditKind::Set, "**.**.**.**.**.**.**.nowhere", 1, {}, {}}});
    ASSERT_TRUE(many && many->apply(deep)) << "in no time that anybody could wait for, were each way gone";
}

TEST(Edits, AReplacementThatGrowsTooMuchOrCutsACharacterIsRefused) {
    const Json json{{"a", std::string(100'000, 'a')}, {"b", "\xc3\xa4"}};
    const auto codeOf = [&json](const Edit& edit) {
        Json copy = json;
        const auto edits = Edits::of({edit});
        const auto applied = edits ? edits->apply(copy) : Result<void>(fail(edits.error()));
        return applied ? std::string("none") : applied.error().code;
    };
    EXPECT_EQ(codeOf({EditKind::Replace, "a", {}, ".", std::string(1'000, 'x')}), "edit.growth");
    EXPECT_EQ(codeOf({EditKind::Replace, "a", {}, "a$", std::string(1'000, 'x')}), "none");
    EXPECT_EQ(codeOf({EditKind::Replace, "a", {}, "b*", "-"}), "none") << "matches that are empty";
    EXPECT_EQ(codeOf({EditKind::Replace, "b", {}, R"(^\C)", ""}), "edit.utf8");
    EXPECT_EQ(codeOf({EditKind::Replace, "a", {}, "a", "\xff"}), "edit.value");
    EXPECT_EQ(codeOf({EditKind::Remove, "\xff", {}, {}, {}}), "edit.value");
}

TEST(Edits, APlaceBelowATextIsRefused) {
    Json json = sample();
    const auto edits = Edits::of({{EditKind::Set, "event.node_id.deeper", 1, {}, {}}});
    ASSERT_TRUE(edits);
    const auto applied = edits->apply(json);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().code, "edit.place");
    EXPECT_NE(applied.error().message.find("event.node_id.deeper"), std::string::npos);
}

TEST(Edits, ComeBackFromTheirText) {
    const std::vector<Edit> all{{EditKind::Set, "a.b", Json::parse(R"({"x":[1,"two",null]})"), {}, {}},
                                {EditKind::Remove, R"("a.b"[0].*)", {}, {}, {}},
                                {EditKind::Replace, "**.c", {}, R"(\d+)", R"(<\0>)"},
                                {EditKind::Content, {}, Json::parse(R"({"z":1,"a":2})"), {}, {}}};
    const auto edits = Edits::of(all);
    ASSERT_TRUE(edits) << edits.error().text();
    const auto again = Edits::parse(edits->text());
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(again->text(), edits->text());
    EXPECT_EQ(again->all().size(), 4U);
    EXPECT_NE(edits->text().find(R"({"z":1,"a":2})"), std::string::npos) << "in the order in which it was written";
    EXPECT_EQ(edits->inWords(),
              R"(set a.b to {"x":[1,"two",null]}, remove "a.b"[0].*, in **.c replace /\d+/ by "<\0>", )"
              "written anew");
    EXPECT_TRUE(Edits::parse("")->empty());
    EXPECT_EQ(Edits().text(), "");
}

TEST(Edits, WhatCannotBeReadIsRefusedWithARemedy) {
    const auto codeOf = [](const Edit& edit) {
        const auto edits = Edits::of({edit});
        EXPECT_FALSE(edits || edits.error().remedy.empty());
        return edits ? std::string("none") : edits.error().code;
    };
    for (const char* path : {"", ".", "a.", "a..b", "a[", "a[x]", "a[-1]", "a]b[", "\"a", "a\"b\"", "a.**", "[1]x"}) {
        EXPECT_EQ(codeOf({EditKind::Remove, path, {}, {}, {}}), "edit.path") << path;
    }
    EXPECT_EQ(codeOf({EditKind::Replace, "a", {}, "(", ""}), "edit.pattern");
    EXPECT_EQ(codeOf({EditKind::Replace, "a", {}, "", "x"}), "edit.pattern");
    EXPECT_EQ(codeOf({EditKind::Replace, "a", {}, "x", R"(\1)"}), "edit.pattern");
    EXPECT_EQ(codeOf({EditKind::Set, "a", "\xff", {}, {}}), "edit.value");
    for (const char* text : {"x", "{}", "[1]", R"([{"set":"a"}])", R"([{"set":1,"to":2}])",
                             R"([{"remove":"a","more":1}])", R"([{"set":"a..b","to":2}])"}) {
        EXPECT_FALSE(Edits::parse(text)) << text;
    }
    EXPECT_FALSE(Edits::of(std::vector<Edit>(Edits::kMostEdits + 1, {EditKind::Remove, "a", {}, {}, {}})));
}

TEST(Edits, APatternThatOthersChokeOnTakesNoLongerThanItsText) {
    Json json{{"a", std::string(200'000, 'a') + "!"}};
    const auto edits = Edits::of({{EditKind::Replace, "a", {}, "(a*)*(a*)*$x", "y"}});
    ASSERT_TRUE(edits);
    ASSERT_TRUE(edits->apply(json));
    EXPECT_EQ(json["a"].get_ref<const std::string&>().size(), 200'001U);
}

TEST(Edits, AValueIsJsonOrAText) {
    EXPECT_EQ(*valueFrom("5"), Json(5));
    EXPECT_EQ(*valueFrom("\"5\""), Json("5"));
    EXPECT_EQ(*valueFrom("planner two"), Json("planner two"));
    EXPECT_EQ(*valueFrom(R"({"a":1})"), Json::parse(R"({"a":1})"));
    EXPECT_EQ(*valueFrom(""), Json(""));
    EXPECT_FALSE(valueFrom("123456789012345678901")) << "it would lose digits";
    EXPECT_FALSE(valueFrom(std::string(1'000, '[') + std::string(1'000, ']')));
}

TEST(Differences, NameEachPlaceThatIsOther) {
    const Json before = Json::parse(R"({"a":1,"b":{"c":[1,2,3],"d e":null},"gone":true})");
    const Json now = Json::parse(R"({"b":{"d e":{},"c":[1,9]},"a":1,"new":[]})");
    Texts texts;
    for (const Difference& each : differences(before, now, 100)) {
        texts.push_back(each.path + ":" + each.before.value_or("none") + ">" + each.after.value_or("none"));
    }
    EXPECT_EQ(texts, (Texts{"b.c[1]:2>9", "b.c[2]:3>none", R"(b."d e":null>{})", "gone:true>none", "new:none>[]"}));
    EXPECT_TRUE(differences(before, before, 100).empty());
    EXPECT_EQ(differences(Json(1), Json(2), 100).front().path, "");
}

} // namespace
} // namespace dashstream::mend
