// The dead letter topic read back: what the console copies there, what the Rust family writes there, and bytes that are
// neither.
#include "core/wire/base64.h"
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace dashstream::testing {
namespace {

constexpr const char* kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr const char* kState = "rojo=00f067aa0ba902b7 , congo=t61rcWkgMzE";

/// Bob may not write to the test's topic, but to that of the dead letters.
class DeadLetterTopic : public OnKafkaAsBob {
protected:
    void SetUp() override {
        OnKafka::SetUp();
        makeTopic(topic(), 2);
        makeTopic(letters(), 2);
        grant(Right::Describe, topic());
        grant(Right::Write, letters());
    }
    static std::string letters() { return topic() + "-dlq"; }
    static std::map<std::string, std::string> asBob() {
        std::map<std::string, std::string> result = OnKafkaAsBob::asBob();
        result["dlq.topic"] = letters();
        return result;
    }
    static std::string vectorFile(const std::string& name) {
        const char* root = std::getenv("DASHSTREAM_SOURCE_DIR");
        return readFile(std::filesystem::path(root == nullptr ? "." : root) / "tests/data/wire-vectors" / name);
    }
    /// One record, by another client.
    static void put(const Ctl& ctl, const std::string& key, const std::string& value) {
        const auto file = ctl.file("record");
        std::ofstream(file, std::ios::binary) << value;
        ProgramSpec kcat;
        kcat.program = "/usr/bin/kcat";
        kcat.arguments = {"-b", servers(), "-P", "-t", letters(), "-k", key, file.string()};
        const ProgramResult sent = runProgram(kcat, kPatience);
        ASSERT_EQ(sent.exitCode, 0) << sent.describe();
    }
    static ProgramResult consume(const Ctl& ctl, const std::vector<std::string>& more = {}) {
        std::vector<std::string> command{"consume", "--topic", letters(), "--until-end"};
        command.insert(command.end(), more.begin(), more.end());
        return ctl.run(command);
    }
    static std::map<std::string, nlohmann::json> byTrace(const ProgramResult& result) {
        std::map<std::string, nlohmann::json> found;
        std::istringstream text(result.out);
        for (std::string line; std::getline(text, line);) {
            auto json = nlohmann::json::parse(line, nullptr, false);
            EXPECT_TRUE(json.is_object()) << line;
            if (json.is_object()) {
                const std::string trace = json.value("trace_id", "");
                found[trace] = std::move(json);
            }
        }
        return found;
    }
};

TEST_F(DeadLetterTopic, LetterComesBackAsItWasCopied) {
    // given: two that died, one with a trace
    const Ctl producer(asBob());
    std::string traced = telemetryLine(1, 1);
    traced.resize(traced.rfind('}'));
    traced += std::string(R"(,"traceparent":")") + kParent + R"(","tracestate":")" + kState + "\"}\n";
    ASSERT_EQ(producer.run({"produce", "-"}, traced + telemetryLine(2, 1)).exitCode, kFound);

    // when
    const Ctl reader(settings());
    const ProgramResult read = consume(reader);

    // then: what the store says of each stands in what is read
    EXPECT_EQ(read.exitCode, kDone) << read.describe();
    auto found = byTrace(read);
    ASSERT_EQ(found.size(), 2U) << read.describe();
    for (int id = 1; id <= 2; ++id) {
        const auto stored = lastObject(producer.run({"--json", "dead", "show", std::to_string(id)}));
        const auto& letter = found[stored["trace_id"]];
        EXPECT_EQ(letter["error"], stored["error"]);
        EXPECT_EQ(letter["error_type"], "kafka_send_error");
        EXPECT_EQ(letter["source_topic"], topic());
        EXPECT_EQ(letter["source_partition"], -1);
        EXPECT_EQ(letter["source_offset"], -1);
        EXPECT_EQ(letter["timestamp"], stored["died_at"]);
        EXPECT_EQ(letter["thread_id"], stored["thread"]);
        EXPECT_EQ(letter["tenant_id"], stored["tenant"]);
        EXPECT_EQ(letter["sequence"], stored["sequence"]);
        EXPECT_EQ(letter["original_payload_base64"], stored["value_base64"]);
        EXPECT_EQ(letter["payload"], "whole");
        EXPECT_EQ(letter["read_from"]["topic"], letters());
        EXPECT_EQ(letter["read_from"]["key"], stored["trace_id"]);
        const bool hasTrace = !stored["traceparent"].get<std::string>().empty();
        EXPECT_EQ(letter["read_from"].contains("traceparent"), hasTrace);
        auto message = letter["message"];
        if (hasTrace) {
            EXPECT_EQ(letter["read_from"]["traceparent"], kParent);
            EXPECT_EQ(letter["read_from"]["tracestate"], kState);
            EXPECT_EQ(message["traceparent"], kParent);
            message.erase("traceparent");
            message.erase("tracestate");
        }
        EXPECT_EQ(message, stored["message"]);
    }

    // then: for a person too, and no copy has a wrong key
    const ProgramResult text = consume(reader, {"--format", "text"});
    EXPECT_NE(text.out.find("sequence 1, tenant "), std::string::npos) << text.describe();
    EXPECT_NE(text.out.find(std::string("tracestate ") + kState), std::string::npos) << text.describe();
    const ProgramResult checked = consume(reader, {"--check"});
    EXPECT_EQ(checked.exitCode, kDone) << checked.describe();
    EXPECT_NE(checked.out.find("dead letters 2"), std::string::npos) << checked.describe();
}

TEST_F(DeadLetterTopic, RecordsOfTheRustFamilyAreRead) {
    const Ctl ctl(settings());
    put(ctl, "5f17cd8c-6d98-4530-b1bb-cdc051887a3a", vectorFile("dlq_small.json"));
    put(ctl, "11111111-2222-3333-4444-555555555555", vectorFile("dlq_truncated.json"));

    const ProgramResult read = consume(ctl);

    EXPECT_EQ(read.exitCode, kDone) << read.err;
    auto found = byTrace(read);
    ASSERT_EQ(found.size(), 2U);
    const auto& small = found["5f17cd8c-6d98-4530-b1bb-cdc051887a3a"];
    EXPECT_EQ(small["thread_id"], "thread-1");
    EXPECT_EQ(small["attempts"], 3);
    EXPECT_EQ(wire::fromBase64(small["original_payload_base64"].get<std::string>()),
              vectorFile("event_nested_big.on.framed"));
    EXPECT_TRUE(small["message"].contains("event")) << small["message"];
    const auto& cut = found["11111111-2222-3333-4444-555555555555"];
    EXPECT_FALSE(cut.contains("message"));
    EXPECT_NE(cut["payload"].get<std::string>().find("first 524288 of 700001 bytes"), std::string::npos);
    EXPECT_EQ(cut["source_offset"], 77);

    // then: what consume prints, decode reads
    const ProgramResult again = ctl.run({"decode"}, read.out);
    EXPECT_EQ(again.exitCode, kDone) << again.err;
    EXPECT_EQ(byTrace(again).size(), 2U);
}

TEST_F(DeadLetterTopic, WhatIsNoRecordIsNamedWithItsPlaceAndTheRestIsRead) {
    const Ctl ctl(settings());
    put(ctl, "a", "{\"error\":");
    put(ctl, "b", "{\"error\":\"x\",\"source_offset\":1e99}");
    put(ctl, "c", "plain words");
    put(ctl, "d", std::string(500'000, '{'));
    put(ctl, "e", "{\"error\":" + std::string(400'000, '['));
    put(ctl, "f", vectorFile("dlq_small.json"));

    const ProgramResult read = consume(ctl);

    EXPECT_EQ(read.exitCode, kFound) << read.err;
    EXPECT_EQ(byTrace(read).size(), 1U);
    std::size_t named = 0;
    for (std::size_t at = read.err.find("partition "); at != std::string::npos;
         at = read.err.find("partition ", at + 1)) {
        ++named;
    }
    EXPECT_EQ(named, 5U) << read.err;
    const ProgramResult checked = consume(ctl, {"--check"});
    EXPECT_EQ(checked.exitCode, kFound);
    EXPECT_NE(checked.err.find("its key is not its trace id"), std::string::npos) << checked.err;
}

} // namespace
} // namespace dashstream::testing
