// The line of a dead letter: what goes in comes out, and what is no such line is told with its place.
#include "core/exchange/letter_line.h"
#include "core/wire/base64.h"
#include "tests/core/exchange/random_letter.h"
#include "tests/core/store/same_rows.h"
#include "tests/core/store/sample_rows.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace dashstream::exchange::test {
namespace {

using nlohmann::json;

void expectSameLetter(const store::DeadLetter& left, const store::DeadLetter& right) {
    store::test::expectSame(left, right);
    EXPECT_EQ(left.copyState, right.copyState);
    EXPECT_EQ(left.copyCode, right.copyCode);
    EXPECT_EQ(left.copyError, right.copyError);
    EXPECT_EQ(left.copyAt, right.copyAt);
    EXPECT_EQ(left.errorClass, right.errorClass);
    EXPECT_EQ(left.settledAt, right.settledAt);
    EXPECT_EQ(left.settledBy, right.settledBy);
    EXPECT_EQ(left.settleReason, right.settleReason);
}

store::DeadLetter sample() {
    store::DeadLetter letter = store::test::sampleDead(7);
    letter.message.entry = 0;
    return letter;
}

json sampleJson() {
    return json::parse(toLine(sample()));
}

std::string problemOf(const std::string& line) {
    const auto letter = readLine(line);
    EXPECT_FALSE(letter) << line.substr(0, 300);
    return letter ? "" : letter.error().code + ": " + letter.error().text();
}

void expectProblem(const std::string& line, const std::string& code, const std::string& part) {
    const std::string problem = problemOf(line);
    EXPECT_TRUE(problem.starts_with(code + ":")) << problem << "\n" << line.substr(0, 300);
    EXPECT_NE(problem.find(part), std::string::npos) << problem;
}

TEST(LetterLine, AnyLetterComesBackFromItsLineAndMakesTheSameLineAgain) {
    source::Random random(20261130);
    for (int round = 0; round < 3'000; ++round) {
        SCOPED_TRACE(round);
        const store::DeadLetter letter = randomLetter(random);

        const std::string line = toLine(letter);
        const auto back = readLine(line);

        ASSERT_TRUE(back) << back.error().text() << "\n" << line;
        expectSameLetter(*back, letter);
        ASSERT_EQ(toLine(*back), line);
        ASSERT_EQ(line.find_first_of("\r\n"), std::string::npos) << "one letter is one line";
    }
}

TEST(LetterLine, SaysWhatItIsFirstAndLeavesOutWhatBelongsToOneStore) {
    store::DeadLetter letter = sample();
    letter.message.entry = 77;
    const std::string line = toLine(letter);

    EXPECT_TRUE(line.starts_with(R"({"format":"dashstream-dead-letter","version":1,"message_id":")")) << line;
    const auto back = readLine(line);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(back->id.value, 0);
    EXPECT_EQ(back->message.entry, 0U) << "it would settle a message of this store's journal";
}

TEST(LetterLine, TheLargestMessageFits) {
    store::DeadLetter letter = sample();
    letter.message.value = std::string(64U * 1024 * 1024 + 64, '\xff');

    const auto back = readLine(toLine(letter));

    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(back->message.value, letter.message.value);
}

TEST(LetterLine, ALineThatIsTooLongIsRefusedUnread) {
    expectProblem(std::string(kMaxLineBytes + 1, ' '), "exchange.too_long", std::to_string(kMaxLineBytes));
}

TEST(LetterLine, WhatIsNoJsonObjectIsRefusedWithThePlace) {
    expectProblem("{\"format\":", "exchange.json", "from byte 11 on");
    expectProblem("[1]", "exchange.json", "no object");
    expectProblem(toLine(sample()) + "x", "exchange.json", "from byte");
    expectProblem("{\"format\":\"\xff\"}", "exchange.json", "from byte");
    expectProblem(R"({"a":1e999})", "exchange.json", "too large");
    expectProblem(std::string(100'000, '['), "exchange.json", "");
    expectProblem(R"({"a":[{"b":[]}]})", "exchange.json", "nested more deeply");
    std::string many = R"({"attempts":[0)";
    for (std::size_t i = 0; i < kMaxAttempts * 8; ++i) {
        many += ",0";
    }
    expectProblem(many + "]}", "exchange.json", "more than");
}

TEST(LetterLine, AnotherFormatOrVersionIsRefusedWithARemedy) {
    json other = sampleJson();
    other["version"] = 2;
    expectProblem(other.dump(), "exchange.version", "reads version 1. Import it with");
    other["version"] = "1";
    expectProblem(other.dump(), "exchange.version", "\"version\" is \"1\"");
    other.erase("version");
    expectProblem(other.dump(), "exchange.version", "none");
    other["format"] = "else";
    expectProblem(other.dump(), "exchange.version", "'dead export'");
    expectProblem("{}", "exchange.version", "it is no dead letter");
}

TEST(LetterLine, EveryFieldMustBeThereOnceAndNoOther) {
    const json whole = sampleJson();
    for (const auto& item : whole.items()) {
        if (item.key() == "format" || item.key() == "version") {
            continue;
        }
        json without = sampleJson();
        without.erase(item.key());
        expectProblem(without.dump(), "exchange.field", "\"" + item.key() + "\" ");
    }
    json more = sampleJson();
    more["id"] = 7;
    expectProblem(more.dump(), "exchange.field", "\"id\" is no field");
    std::string twice = toLine(sample());
    twice.insert(1, R"("thread":"x",)");
    expectProblem(twice, "exchange.field", "\"thread\" is there twice");
    json inside = sampleJson();
    inside["attempts"][1]["more"] = 1;
    expectProblem(inside.dump(), "exchange.field", "\"attempts[1].more\"");
}

struct Damage {
    const char* field;
    json value;
    const char* code;
    const char* part;
};

TEST(LetterLine, EachFieldIsCheckedAndNamed) {
    const std::vector<Damage> damages{
        {"/message_id", "00000000-0000-0000-0000-000000000000", "exchange.field", "\"message_id\""},
        {"/message_id", "4BF92F35-77B3-4DA6-A3CE-929D0E0E4736", "exchange.field", "\"message_id\""},
        {"/message_id", 5, "exchange.field", "\"message_id\""},
        {"/thread", "", "exchange.field", "\"thread\""},
        {"/thread", nullptr, "exchange.field", "\"thread\""},
        {"/sequence", -1, "exchange.field", "\"sequence\""},
        {"/sequence", 1.5, "exchange.field", "\"sequence\""},
        {"/type", "unheard", "exchange.field", "\"type\""},
        {"/type", 3, "exchange.field", "\"type\""},
        {"/type", 99999999999, "exchange.field", "\"type\""},
        {"/traceparent", "00-xyz", "exchange.field", "\"traceparent\""},
        {"/traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nx: y", "exchange.field",
         "\"traceparent\""},
        {"/tracestate", "=", "exchange.field", "\"tracestate\""},
        {"/timestamp_ms", -1, "exchange.field", "\"timestamp_ms\""},
        {"/accepted_at_us", 253402300800000000, "exchange.field", "\"accepted_at_us\""},
        {"/died_at_us", "2026", "exchange.field", "\"died_at_us\""},
        {"/state", "half", "exchange.field", "open, resending, resent, discarded"},
        {"/error_class", "bad", "exchange.field", "\"error_class\""},
        {"/rounds", -1, "exchange.field", "\"rounds\""},
        {"/attempts", json::object(), "exchange.field", "\"attempts\""},
        {"/attempts/0", 5, "exchange.field", "\"attempts[0]\""},
        {"/attempts/2/at_us", -5, "exchange.field", "\"attempts[2].at_us\""},
        {"/attempts/0/partition", -2, "exchange.field", "\"attempts[0].partition\""},
        {"/attempts/0/possibly_persisted", 1, "exchange.field", "\"attempts[0].possibly_persisted\""},
        {"/copy", nullptr, "exchange.field", "\"copy\""},
        {"/copy/state", "lost", "exchange.field", "\"copy.state\""},
        {"/discard", 7, "exchange.field", "\"discard\""},
        {"/discard", json::object(), "exchange.field", "\"discard.at_us\""},
        {"/value", "AA", "exchange.base64", "\"value\""},
        {"/value", "AAA\n", "exchange.base64", "\"value\""},
        {"/value", "AAAB*===", "exchange.base64", "\"value\""},
        {"/value", "AB==", "exchange.base64", "\"value\""}, // stray bits
        {"/tenant_base64", "QQ==", "exchange.field", "\"tenant\""},
    };
    for (const Damage& damage : damages) {
        SCOPED_TRACE(std::string(damage.field) + " = " + damage.value.dump());
        json line = sampleJson();
        line[json::json_pointer(damage.field)] = damage.value;
        expectProblem(line.dump(), damage.code, damage.part);
    }
}

TEST(LetterLine, ATextThatIsNotUtf8StandsInBase64) {
    store::DeadLetter letter = sample();
    letter.message.source = "jsonl:/data/\xff.jsonl";

    const json line = json::parse(toLine(letter));

    EXPECT_FALSE(line.contains("source"));
    EXPECT_EQ(line["source_base64"], wire::toBase64(letter.message.source));
}

} // namespace
} // namespace dashstream::exchange::test
