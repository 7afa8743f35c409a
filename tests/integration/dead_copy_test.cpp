// Copies of dead letters in a real topic: made once the store has the letter, through outages, refusals and crashes.
#include "core/wire/base64.h"
#include "core/wire/dead_letter_json.h"
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

#include <csignal>
#include <set>

namespace dashstream::testing {
namespace {

constexpr const char* kTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr const char* kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr const char* kState = "rojo=00f067aa0ba902b7 , congo=t61rcWkgMzE";

/// Bob may not write to the test's topic, so everything dies; what he may do with the dead letter topic differs.
class DeadCopiesOnKafka : public OnKafkaAsBob {
protected:
    void SetUp() override {
        OnKafkaAsBob::SetUp();
        makeTopic(topic(), 2);
        grantSomething();
        grant(Right::Describe, topic());
    }

    static std::string copies() { return topic() + "-dlq"; }
    static std::map<std::string, std::string> withCopies() {
        std::map<std::string, std::string> result = asBob();
        result["dlq.topic"] = copies();
        return result;
    }
    static std::vector<nlohmann::json> letters(const Ctl& ctl, const std::vector<std::string>& more = {}) {
        std::vector<std::string> command{"--json", "dead", "list", "--every-state"};
        command.insert(command.end(), more.begin(), more.end());
        const ProgramResult listed = ctl.run(command);
        EXPECT_EQ(listed.exitCode, kDone) << listed.describe();
        const auto rows = nlohmann::json::parse(listed.out, nullptr, false);
        if (!rows.is_array()) {
            ADD_FAILURE() << "no list: " << listed.describe();
            return {};
        }
        return rows.get<std::vector<nlohmann::json>>();
    }
    static std::set<std::string> keysOf(const std::vector<TopicRecord>& records) {
        std::set<std::string> keys;
        for (const TopicRecord& record : records) {
            keys.insert(record.key);
        }
        return keys;
    }
    static std::string traced(std::size_t thread) {
        std::string line = telemetryLine(thread, 1);
        line.resize(line.rfind('}'));
        return line + R"(,"traceparent":")" + kParent + R"(","tracestate":")" + kState + "\"}\n";
    }
};

TEST_F(DeadCopiesOnKafka, LetterIsCopiedWithItsTraceAndResentWithIt) {
    makeTopic(copies(), 2);
    grant(Right::Write, copies());
    const Ctl ctl(withCopies());

    const ProgramResult died = ctl.run({"--json", "produce", "-"}, traced(1) + telemetryLine(2, 1));

    // then: the topic has each letter, and the store says so
    EXPECT_EQ(died.exitCode, kFound) << died.describe();
    const auto rows = letters(ctl);
    ASSERT_EQ(rows.size(), 2U);
    const auto copied = records(copies());
    ASSERT_EQ(copied.size(), 2U);
    for (const auto& row : rows) {
        EXPECT_EQ(row["copy"], "copied") << row;
        const auto found = std::ranges::find(copied, row["trace_id"].get<std::string>(), &TopicRecord::key);
        ASSERT_NE(found, copied.end()) << row;
        const auto record = wire::parseDeadLetterJson(found->value);
        ASSERT_TRUE(record) << record.error().text();
        EXPECT_EQ(record->threadId, row["thread"].get<std::string>());
        EXPECT_EQ(record->traceId, found->key);
        EXPECT_EQ(record->errorType, "kafka_send_error");
        EXPECT_EQ(record->sourcePartition, -1);
        EXPECT_EQ(record->sourceTopic, topic());
        EXPECT_EQ(found->headers.contains("traceparent"), row["trace"] == kTraceId);
        if (row["trace"] == kTraceId) {
            EXPECT_EQ(found->headers.at("traceparent"), kParent);
            EXPECT_EQ(found->headers.at("tracestate"), kState);
        }
    }
    // then: the trace finds its letter, and only that
    EXPECT_EQ(letters(ctl, {"--trace", kTraceId}).size(), 1U);
    EXPECT_EQ(letters(ctl, {"--trace", kParent}).size(), 1U);
    EXPECT_EQ(letters(ctl, {"--where", "4bf92f3577b34da6"}).size(), 1U);
    EXPECT_EQ(letters(ctl, {"--trace", "11111111111111111111111111111111"}).size(), 0U);

    // when it is sent again, then its headers are what they were, byte for byte
    grant(Right::Write, topic());
    EXPECT_EQ(ctl.run({"dead", "resend", "--all", "--yes"}).exitCode, kDone);
    const auto sent = records();
    ASSERT_EQ(sent.size(), 2U);
    const auto withTrace = std::ranges::find(sent, threadName(1), &TopicRecord::key);
    ASSERT_NE(withTrace, sent.end());
    auto headers = withTrace->headers;
    EXPECT_EQ(headers.erase("dashstream-resend-id"), 1U) << "a second reader can tell it from the first";
    EXPECT_EQ(headers, (std::map<std::string, std::string>{{"traceparent", kParent}, {"tracestate", kState}}));
    EXPECT_EQ(records(copies()).size(), 2U) << "nothing is copied twice";
}

TEST_F(DeadCopiesOnKafka, RefusedCopyIsMadeOnceTheRightIsGranted) {
    makeTopic(copies(), 2);
    grant(Right::Describe, copies());
    const Ctl ctl(withCopies());

    const ProgramResult died = ctl.run({"--json", "produce", "-"}, telemetryLine(1, 1));

    EXPECT_EQ(died.exitCode, kFound) << died.describe();
    auto rows = letters(ctl, {"--copy", "refused"});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_NE(rows[0]["copy_error"].get<std::string>().find("uthoriz"), std::string::npos) << rows[0];
    const ProgramResult status = ctl.run({"status"});
    EXPECT_NE(status.out.find("1 refused"), std::string::npos) << status.describe();
    const ProgramResult still = ctl.run({"--json", "dead", "copy", "--retry"});
    EXPECT_EQ(still.exitCode, kFound) << still.describe();
    EXPECT_EQ(lastObject(still)["refused"], 1) << still.describe();

    grant(Right::Write, copies());
    const ProgramResult retried = ctl.run({"--json", "dead", "copy", "--retry"});

    EXPECT_EQ(retried.exitCode, kDone) << retried.describe();
    EXPECT_EQ(lastObject(retried)["copied"], 1) << retried.describe();
    rows = letters(ctl);
    EXPECT_EQ(rows[0]["copy"], "copied");
    EXPECT_EQ(keysOf(records(copies())), std::set{rows[0]["trace_id"].get<std::string>()});
}

TEST_F(DeadCopiesOnKafka, TopicThatIsMissingIsWaitedForByARunningProcess) {
    // given: a process that holds the store, and no dead letter topic
    const Ctl ctl(withCopies());
    const auto holder = ctl.start({"--json", "produce", "-"}, true);
    ASSERT_TRUE(holder);
    ASSERT_TRUE(holder->feed(telemetryLine(1, 1)));
    const auto copyOf = [&ctl](const char* state) {
        return ctl.run({"--json", "dead", "list", "--copy", state}).out.find("trace_id") != std::string::npos;
    };
    ASSERT_TRUE(waitUntil([&] { return copyOf("refused"); }, kPatience)) << holder->err();

    // when: somebody makes it and gives the right
    makeTopic(copies(), 1);
    grant(Right::Write, copies());

    // then: nobody needs to ask
    EXPECT_TRUE(waitUntil([&] { return copyOf("copied"); }, kPatience));
    holder->closeInput();
    EXPECT_EQ(holder->wait(kPatience).exitCode, kFound);
    EXPECT_EQ(records(copies()).size(), 1U);
}

TEST_F(DeadCopiesOnKafka, LetterLargerThanItsTopicTakesIsRefusedAndWholeInTheStore) {
    ASSERT_TRUE(createTopic(servers(), {copies(), 1, 1, {{"max.message.bytes", "20000"}}}));
    grant(Right::Write, copies());
    const Ctl ctl(withCopies());
    std::string text;
    for (std::uint32_t i = 0, state = 1; i < 60'000; ++i) { // what zstd cannot shrink below the limit
        state = state * 1'664'525U + 1'013'904'223U;
        text += static_cast<char>('!' + (state >> 24U) % 90U);
    }
    std::erase_if(text, [](char c) { return c == '"' || c == '\\'; });
    const std::string large = R"({"token_chunk":{"header":{"thread_id":"large"},"text":")" + text + "\"}}\n";

    const ProgramResult died = ctl.run({"--json", "produce", "-"}, telemetryLine(1, 1) + large + telemetryLine(2, 1));

    EXPECT_EQ(died.exitCode, kFound) << died.describe();
    EXPECT_EQ(letters(ctl, {"--copy", "copied"}).size(), 2U) << "one that is too large must not hold up the others";
    const auto refused = letters(ctl, {"--copy", "refused"});
    ASSERT_EQ(refused.size(), 1U);
    const auto shown = lastObject(ctl.run({"--json", "dead", "show", std::to_string(refused[0]["id"].get<int>())}));
    EXPECT_EQ(shown["copy"]["code"], "MSG_SIZE_TOO_LARGE") << shown["copy"];
    EXPECT_EQ(shown["message"]["token_chunk"]["text"], text);
}

TEST_F(DeadCopiesOnKafka, OutageLeavesCopiesPendingAndTheyAreMadeAfterwards) {
    makeTopic(copies(), 2);
    grant(Right::Write, copies());
    auto impatient = withCopies();
    impatient["delivery.send_timeout_ms"] = "1s";
    impatient["dlq.timeout_ms"] = "500ms";
    const Ctl ctl(impatient);
    kafka().killNode(1);

    const ProgramResult died = ctl.run({"--json", "produce", "-"}, telemetryLine(1, 1) + telemetryLine(2, 1));

    EXPECT_EQ(died.exitCode, kFound) << died.describe();
    expectAccounting(lastObject(died), {{"accepted", 2}, {"dead", 2}});
    EXPECT_EQ(letters(ctl, {"--copy", "pending"}).size(), 2U);
    const auto back = kafka().startNode(1);
    ASSERT_TRUE(back) << back.error().text();

    const ProgramResult copied = ctl.run({"--json", "dead", "copy", "--all", "--timeout", "60s"});

    EXPECT_EQ(copied.exitCode, kDone) << copied.describe();
    EXPECT_EQ(letters(ctl, {"--copy", "copied"}).size(), 2U);
    EXPECT_EQ(keysOf(records(copies())).size(), 2U);
}

TEST_F(DeadCopiesOnKafka, KilledBetweenSendingAndMarkingNothingIsLost) {
    // given: letters die and are copied at the same time
    makeTopic(copies(), 2);
    grant(Right::Write, copies());
    const Ctl ctl(withCopies());
    const auto producer =
        ctl.start({"produce", "generate:count=4000,rate=2000,threads=50,types=event,bytes=50,seed=1"});
    ASSERT_TRUE(producer);
    ASSERT_TRUE(waitUntil([] { return countRecords(servers(), copies()).value_or(0) > 500; }, kPatience))
        << producer->err();

    // when
    producer->sendSignal(SIGKILL);
    static_cast<void>(producer->wait(kPatience));
    const auto atTheKill = countRecords(servers(), copies());
    const ProgramResult copied = ctl.run({"--json", "dead", "copy", "--all", "--timeout", "60s"});

    // then: whatever the store holds is in the topic, and nothing is in the topic that the store does not hold
    EXPECT_EQ(copied.exitCode, kDone) << copied.describe();
    std::set<std::string> held;
    for (const auto& row : letters(ctl)) {
        EXPECT_EQ(row["copy"], "copied");
        held.insert(row["trace_id"].get<std::string>());
    }
    EXPECT_GE(held.size(), 500U);
    const auto inTopic = records(copies());
    EXPECT_EQ(keysOf(inTopic), held);
    RecordProperty("copies_made_twice", static_cast<int>(inTopic.size() - held.size()));
    EXPECT_GE(static_cast<std::int64_t>(inTopic.size()), atTheKill.value_or(0));
}

TEST_F(DeadCopiesOnKafka, SwitchedOffNoneIsMade) {
    auto off = withCopies();
    off["dlq.enabled"] = "false";
    const Ctl ctl(off);

    EXPECT_EQ(ctl.run({"produce", "-"}, telemetryLine(1, 1)).exitCode, kFound);

    EXPECT_EQ(letters(ctl, {"--copy", "none"}).size(), 1U);
    const ProgramResult asked = ctl.run({"dead", "copy", "--all"});
    EXPECT_EQ(asked.exitCode, kUsage) << asked.describe();
    EXPECT_NE(asked.err.find("dlq.enabled"), std::string::npos) << asked.describe();
}

} // namespace
} // namespace dashstream::testing
