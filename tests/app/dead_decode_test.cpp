// decode on records of the dead letter topic, the Rust family's and damaged ones, through the program itself.
#include "tests/app/ctl_program.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

namespace dashstream::testing {
namespace {

std::string vectorFile(const std::string& name) {
    const char* root = std::getenv("DASHSTREAM_SOURCE_DIR");
    return readFile(std::filesystem::path(root == nullptr ? "." : root) / "tests/data/wire-vectors" / name);
}

std::vector<nlohmann::json> linesOf(const ProgramResult& result) {
    std::vector<nlohmann::json> lines;
    std::istringstream text(result.out);
    for (std::string line; std::getline(text, line);) {
        lines.push_back(nlohmann::json::parse(line, nullptr, false));
    }
    return lines;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(DeadDecode, ShowsTheFamilysRecordsWithTheMessageInside) {
    const CtlProgram ctl;
    const std::string small = vectorFile("dlq_small.json");

    const ProgramResult shown = ctl.run({"decode", "-"}, small + "\n" + vectorFile("dlq_truncated.json") + "\n");

    EXPECT_EQ(shown.exitCode, 0) << shown.describe();
    const auto lines = linesOf(shown);
    ASSERT_EQ(lines.size(), 2U);
    const auto given = nlohmann::json::parse(small);
    for (const auto& [name, value] : given.items()) {
        EXPECT_EQ(lines[0][name], value) << name;
    }
    const auto inside = jsonOf(ctl.run({"decode", "--single", "-"}, vectorFile("event_nested_big.on.framed")));
    EXPECT_EQ(lines[0]["message"], inside);
    EXPECT_EQ(lines[0]["payload"], "whole");
    EXPECT_EQ(lines[0]["sequence"], 3);
    EXPECT_EQ(lines[0]["attempts"], 3);
    // the other one was cut
    EXPECT_FALSE(lines[1].contains("message"));
    EXPECT_TRUE(has(lines[1]["payload"], "not whole here")) << lines[1]["payload"];
    EXPECT_EQ(lines[1]["original_payload_size_bytes"], 700'001);
    EXPECT_EQ(lines[1]["source_partition"], 3);
    EXPECT_EQ(lines[1]["source_offset"], 77);
    EXPECT_EQ(lines[1]["span_id"], "s");
}

TEST(DeadDecode, WhatItPrintsIsARecordAgain) {
    const CtlProgram ctl;
    const ProgramResult once = ctl.run({"decode"}, vectorFile("dlq_small.json"));
    const ProgramResult twice = ctl.run({"decode"}, once.out);
    EXPECT_EQ(twice.exitCode, 0) << twice.describe();
    EXPECT_TRUE(jsonOf(once).is_object());
    EXPECT_EQ(jsonOf(twice), jsonOf(once)) << "the order of a map's entries is free";
}

TEST(DeadDecode, TextSaysItToAPerson) {
    const CtlProgram ctl;
    const ProgramResult small = ctl.run({"decode", "--single", "--format", "text"}, vectorFile("dlq_small.json"));
    EXPECT_EQ(small.exitCode, 0) << small.describe();
    for (const char* part :
         {"dead letter 5f17cd8c-6d98-4530-b1bb-cdc051887a3a", "kafka_send_error: Kafka send failed after 3 attempts",
          "topic dashstream-events, never written there", "told by producer:acme", "attempts 3", "thread thread-1",
          "sequence 3", "tenant acme", "content:", "\"node_id\": \"node-"}) {
        EXPECT_TRUE(has(small.out, part)) << part << " in " << small.out.substr(0, 600);
    }
    const ProgramResult cut = ctl.run({"decode", "--single", "--format", "text"}, vectorFile("dlq_truncated.json"));
    for (const char* part : {"partition 3, offset 77", "700 001 bytes framed", "not whole here",
                             "first 524288 of 700001 bytes", "span s", "parent trace p"}) {
        EXPECT_TRUE(has(cut.out, part)) << part << " in " << cut.out.substr(0, 600);
    }
    EXPECT_LT(cut.out.size(), 2000U);
}

TEST(DeadDecode, TakesOneRecordThatStandsOnSeveralLines) {
    const CtlProgram ctl;
    const std::string indented = nlohmann::json::parse(vectorFile("dlq_small.json")).dump(2) + "\n";
    for (const std::string& input : {indented, "\n " + indented}) {
        const ProgramResult shown = ctl.run({"decode"}, input);
        EXPECT_EQ(shown.exitCode, 0) << shown.describe();
        EXPECT_EQ(jsonOf(shown)["trace_id"], "5f17cd8c-6d98-4530-b1bb-cdc051887a3a");
    }
}

TEST(DeadDecode, BadRecordIsNamedWithItsLineAndTheRestGoesOn) {
    const CtlProgram ctl;
    const std::string good = vectorFile("dlq_small.json") + "\n";
    const std::string input = good + "{\"error\":\n" + "\n" + R"({"error":"x","trace_id":7})" + "\n" + "\x01\x02\n" +
                              std::string(100'000, '[') + "\n" + good;

    const ProgramResult shown = ctl.run({"decode"}, input);

    EXPECT_EQ(shown.exitCode, 1) << shown.describe();
    EXPECT_EQ(linesOf(shown).size(), 2U);
    for (const char* line : {"line 2: ", "line 4: ", "line 5: ", "line 6: "}) {
        EXPECT_TRUE(has(shown.err, line)) << line << shown.err;
    }
    EXPECT_FALSE(has(shown.err, "line 3: "));
}

TEST(DeadDecode, MessagesAsJsonLinesAreToldApart) {
    const CtlProgram ctl;
    const std::string line = R"({"event":{"header":{"thread_id":"t"},"node_id":"n"}})";
    const ProgramResult shown = ctl.run({"decode"}, line + "\n" + line + "\n");
    EXPECT_EQ(shown.exitCode, 1) << shown.describe();
    EXPECT_TRUE(has(shown.err, "line 2: ")) << shown.err;
    EXPECT_TRUE(has(shown.err, "'encode' makes frames of them")) << shown.err;
    EXPECT_EQ(shown.err.find("'encode'"), shown.err.rfind("'encode'")) << "said once\n" << shown.err;
}

TEST(DeadDecode, RecordAboveTheLimitIsRefusedAndTheNextOneRead) {
    const CtlProgram ctl;
    const std::string large = R"({"error":")" + std::string(17U << 20U, 'x') + "\"}\n";
    const ProgramResult shown = ctl.run({"decode"}, large + vectorFile("dlq_small.json"));
    EXPECT_EQ(shown.exitCode, 1) << shown.describe();
    EXPECT_TRUE(has(shown.err, "line 1: ")) << shown.err;
    EXPECT_TRUE(has(shown.err, "the limit is")) << shown.err;
    EXPECT_EQ(linesOf(shown).size(), 1U);
    EXPECT_EQ(ctl.run({"decode", "--single"}, large).exitCode, 1);
}

TEST(DeadDecode, TextOfARecordDoesNotSteerTheTerminal) {
    const CtlProgram ctl;
    auto record = nlohmann::json::parse(vectorFile("dlq_small.json"));
    for (const char* field : {"error", "error_type", "thread_id", "tenant_id", "source_topic", "timestamp",
                              "consumer_id", "trace_id", "node_id"}) {
        record[field] = "a\x1b[2J\xc2\x9b"
                        "b\nc";
    }
    record["original_payload_base64"] = "AnhcG1sySg=="; // no message
    for (const char* format : {"json", "text"}) {
        const ProgramResult shown = ctl.run({"decode", "--format", format}, record.dump() + "\n");
        EXPECT_EQ(shown.exitCode, 0) << shown.describe();
        EXPECT_EQ(shown.out.find('\x1b'), std::string::npos);
        EXPECT_EQ(shown.out.find("\xc2\x9b"), std::string::npos);
        EXPECT_TRUE(has(shown.out, "What died is no DashStream message")) << shown.out;
    }
}

TEST(DeadDecode, FramesWhoseLengthLooksLikeABraceStayFrames) {
    // given: a frame of 123 bytes, whose length byte is '{'
    const CtlProgram ctl;
    std::string frame;
    for (std::size_t length = 1; length < 123 && (frame.empty() || frame.front() != '{'); ++length) {
        frame = ctl.run({"encode"},
                        R"({"event":{"header":{"thread_id":"t"},"node_id":")" + std::string(length, 'n') + "\"}}\n")
                    .out;
    }
    ASSERT_EQ(frame.front(), '{');
    const ProgramResult shown = ctl.run({"decode"}, frame + frame);
    EXPECT_EQ(shown.exitCode, 0) << shown.describe();
    EXPECT_EQ(linesOf(shown).size(), 2U);
}

} // namespace
} // namespace dashstream::testing
