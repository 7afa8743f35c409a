#include "core/filter/parse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

namespace dashstream::filter {
namespace {

TimeContext noonUtc() {
    return {utcFromMicros(1'796'040'000'000'000), {}}; // 2026-11-30T12:00:00Z
}

/// What was understood, in one spelling.
std::string shown(const Expression& e) {
    std::string out;
    switch (e.kind) {
    case Expression::Kind::Everything:
        return "everything";
    case Expression::Kind::Words:
        return "words:" + e.words;
    case Expression::Kind::Compare:
        out = std::string(infoOf(e.condition.field).name);
        out += std::array{" =", " !=", " ~", " !~", " <", " <=", " >", " >="}[static_cast<std::size_t>(e.condition.op)];
        for (const Operand& value : e.condition.values) {
            out += ' ' + value.text;
        }
        return out;
    case Expression::Kind::Not:
        return "not(" + shown(e.parts.at(0)) + ')';
    case Expression::Kind::All:
    case Expression::Kind::Any:
        break;
    }
    for (const Expression& part : e.parts) {
        out += (out.empty() ? "" : e.kind == Expression::Kind::All ? " & " : " | ") + shown(part);
    }
    return '(' + out + ')';
}

std::string understood(std::string_view text) {
    const auto parsed = parse(text, noonUtc());
    return parsed ? shown(*parsed) : "fault " + parsed.error().text();
}

TEST(FilterParse, ReadsWhatAPersonWouldGuess) {
    EXPECT_EQ(understood(""), "everything");
    EXPECT_EQ(understood("  "), "everything");
    EXPECT_EQ(understood("error ~ \"timed out\" and tenant = acme and time > -2h"),
              "(error ~ timed out & tenant = acme & time > -2h)");
    EXPECT_EQ(understood("timeout acme"), "(words:timeout & words:acme)");
    EXPECT_EQ(understood("a or b and c or d"), "(words:a | (words:b & words:c) | words:d)");
    EXPECT_EQ(understood("(a or b) c"), "((words:a | words:b) & words:c)");
    EXPECT_EQ(understood("not a b"), "(not(words:a) & words:b)");
    EXPECT_EQ(understood("NOT (a OR b)"), "not((words:a | words:b))");
    EXPECT_EQ(understood("! tenant==acme && size>=10KiB || id<>4"), "((not(tenant = acme) & size >= 10KiB) | id != 4)");
    EXPECT_EQ(understood("Type in (event, 'Metrics')"), "type = event metrics");
    EXPECT_EQ(understood("partition not in (1,2)"), "partition != 1 2");
    EXPECT_EQ(understood(R"(thread = "a \"b\" \\ \n")"), R"(thread = a "b" \ \n)");
    EXPECT_EQ(understood("error ~ x thread_id = y seq = 3"), "(error ~ x & thread = y & sequence = 3)");
    EXPECT_EQ(understood("message_id = 4BF92F35-77B3-4DA6-A3CE-929D0E0E4736"),
              "message_id = 4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(FilterParse, FaultsNameTheirPlaceAndWhatToDo) {
    EXPECT_EQ(understood("tennant = acme"), "fault at column 1: there is no field \"tennant\". Did you mean tenant");
    EXPECT_EQ(understood("a and size > 10 lbs and time > 2h"),
              "fault at column 32: \"2h\" is no time. Write -2h for that long ago");
    EXPECT_EQ(understood("size > lots"),
              "fault at column 8: \"lots\" is no size. Write bytes, or a size such as 10KiB");
    EXPECT_EQ(understood("type = evnt"), "fault at column 8: \"evnt\" is no type. Did you mean event");
    EXPECT_EQ(understood("tenant < acme"),
              "fault at column 8: tenant has no order, so < says nothing. Use = or ~ (contains)");
    EXPECT_EQ(understood("size ~ 4"),
              "fault at column 6: ~ looks for a part of a text, and size is none. Use =, <, <=, > or >=");
    EXPECT_EQ(understood("(a or b"),
              "fault at column 1: this parenthesis is not closed. Add ) behind what belongs together");
    EXPECT_EQ(understood("a)"), "fault at column 2: this parenthesis closes nothing");
    EXPECT_EQ(understood("error ~ \"x"),
              "fault at column 9: the quotation mark is not closed. Add \" behind the value");
    EXPECT_EQ(understood("tenant ="), "fault at column 9: a value for tenant is missing here");
    EXPECT_EQ(understood("tenant = and"),
              "fault at column 10: a value for tenant is missing here. Put it in quotation marks if it is \"and\"");
    EXPECT_EQ(understood("tenant in acme"), "fault at column 11: in needs its values in parentheses. Write in (a, b)");
    EXPECT_EQ(understood("tenant in (a b)"), "fault at column 14: a comma or ) is missing before this");
    EXPECT_EQ(understood("and"), "fault at column 1: \"and\" stands here alone. Write a condition such as error ~ "
                                 "timeout, or a word to search for");
    EXPECT_EQ(understood(std::string(20'000, 'a')),
              "fault at column 16385: the filter is longer than 16 KiB. Shorten it");
    EXPECT_EQ(understood(std::string(10'000, '(')), "fault at column 52: the expression is nested too deeply");
}

TEST(FilterParse, NeverFailsOtherwise) {
    constexpr std::array<std::string_view, 24> kPieces{"and", "or",     "not", "in",   "(",  ")",  ",",    "=",
                                                       "~",   "!",      "<",   "\"",   "'",  "\\", "time", "size",
                                                       "-2h", "tenant", "x",   "2026", "&&", "|",  "\xff", " "};
    std::mt19937 random(7); // NOLINT: the same texts each time
    int understoodWhole = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string text;
        for (std::size_t left = random() % 12; left > 0; --left) {
            text += kPieces[random() % kPieces.size()];
            text += random() % 4 == 0 ? "" : " ";
        }
        const auto parsed = parse(text, noonUtc());
        understoodWhole += parsed ? 1 : 0;
        if (!parsed) {
            ASSERT_LE(parsed.error().where.at + parsed.error().where.bytes, text.size()) << text;
            ASSERT_FALSE(parsed.error().what.empty());
        }
    }
    EXPECT_GT(understoodWhole, 1000);
}

TEST(FilterFields, EachHasItsRowAndNamesAreUnique) {
    std::vector<std::string_view> names;
    for (const FieldInfo& field : fields()) {
        EXPECT_EQ(&infoOf(field.field), &field);
        EXPECT_EQ(findField(field.name), &field);
        names.push_back(field.name);
        if (!field.alias.empty()) {
            EXPECT_EQ(findField(field.alias), &field);
            names.push_back(field.alias);
        }
        EXPECT_EQ(field.choices.empty(), field.kind != FieldKind::Choice);
    }
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
    EXPECT_EQ(fields().size(), static_cast<std::size_t>(Field::Source) + 1);
}

TEST(FilterValues, AreWrittenSoThatTheyAreReadBack) {
    for (const std::string text : {"acme", "a b", "", "and", "x=y", "\"", "\\", "a\\\"b", "-2h", "(", "'", "\xff\n"}) {
        const auto tokens = tokensOf("tenant = " + asValue(text));
        ASSERT_EQ(tokens.size(), 4U) << text;
        EXPECT_TRUE(tokens[2].isValue());
        EXPECT_EQ(tokens[2].text, text);
    }
}

} // namespace
} // namespace dashstream::filter
