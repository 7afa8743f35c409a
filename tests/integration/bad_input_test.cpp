// Whatever is wrong gets one clear message with what, where and what to do; the rest goes on; the counts say so.
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

#include <algorithm>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;
using BadInputOnKafka = OnKafka;

void expectSays(const ProgramResult& result, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        EXPECT_NE(result.err.find(word), std::string::npos) << "no \"" << word << "\" in: " << result.describe();
    }
}

TEST_F(BadInputOnKafka, BadLineIsRejectedWithItsNumberAndTheRestGoesOn) {
    makeTopic(topic());
    const Ctl ctl(settings());
    const std::string blankThread = R"({"event":{"header":{"thread_id":"  "}}})";
    writeFile(ctl.file("lines.jsonl"), telemetryLine(1, 1) + "{\"event\":{\"header\":\n" + blankThread + "\n" +
                                           telemetryLine(1, 2) + "not json\n" + telemetryLine(1, 3));

    const ProgramResult result = ctl.run(
        {"--json", "produce", "--rejects", ctl.file("rejects").string(), "jsonl:" + ctl.file("lines.jsonl").string()});

    EXPECT_EQ(result.exitCode, kFound) << result.describe();
    const auto accounting = lastObject(result);
    expectAccounting(accounting, {{"accepted", 3}, {"delivered", 3}, {"rejected", 3}});
    EXPECT_EQ(accounting["rejected_by"].value("invalid", 0), 3) << accounting;
    const std::string rejects = readFile(ctl.file("rejects"));
    EXPECT_EQ(std::count(rejects.begin(), rejects.end(), '\n'), 3) << rejects;
    expectSays(result, {"line 2", "line 3", "line 5"});
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, 3U);
}

TEST_F(BadInputOnKafka, TruncatedFrameLeavesTheFramesBeforeIt) {
    makeTopic(topic());
    const Ctl ctl(settings());
    const std::string lines = telemetryLine(1, 1) + telemetryLine(1, 2) + telemetryLine(1, 3);
    const ProgramResult encoded = ctl.run({"encode", "-"}, lines);
    ASSERT_EQ(encoded.exitCode, kDone) << encoded.describe();
    writeFile(ctl.file("cut.frames"), encoded.out.substr(0, encoded.out.size() - 5));

    const ProgramResult result = ctl.run({"--json", "produce", "frames:" + ctl.file("cut.frames").string()});

    EXPECT_EQ(result.exitCode, kFound) << result.describe();
    expectAccounting(lastObject(result), {{"accepted", 2}, {"delivered", 2}, {"rejected", 1}});
    expectSays(result, {"cut.frames"});
}

TEST_F(BadInputOnKafka, MissingFileIsNamed) {
    makeTopic(topic());
    const Ctl ctl(settings());

    const ProgramResult result = ctl.run({"produce", "jsonl:" + ctl.file("nowhere.jsonl").string()});

    EXPECT_EQ(result.exitCode, kUsage) << result.describe();
    expectSays(result, {"nowhere.jsonl"});
}

TEST_F(BadInputOnKafka, FolderInsteadOfAFileIsNamed) {
    makeTopic(topic());
    const Ctl ctl(settings());
    std::filesystem::create_directory(ctl.file("a-folder"));

    const ProgramResult result = ctl.run({"produce", "jsonl:" + ctl.file("a-folder").string()});

    EXPECT_EQ(result.exitCode, kUsage) << result.describe();
    expectSays(result, {"a-folder", "folder"});
}

TEST_F(BadInputOnKafka, UnreachableBrokerIsExitCodeThree) {
    Ctl ctl(settings());
    const std::string nobody = "127.0.0.1:" + std::to_string(freeLoopbackPorts(1).front());
    ctl.set("kafka.bootstrap_servers", nobody);

    const ProgramResult result = ctl.run({"--json", "produce", "--connect-timeout", "2s", "-"}, telemetryLine(1, 1));

    EXPECT_EQ(result.exitCode, kUnreachable) << result.describe();
    expectSays(result, {nobody});
    EXPECT_EQ(ctl.run({"health", "--timeout", "2s"}).exitCode, kUnreachable);
    EXPECT_EQ(ctl.run({"brokers", "--timeout", "2s"}).exitCode, kUnreachable);
}

TEST_F(BadInputOnKafka, UnknownTopicIsNamed) {
    const Ctl ctl(settings()); // the topic is not made, and the node makes none by itself

    const ProgramResult result = ctl.run({"--json", "produce", "--connect-timeout", "5s", "-"}, telemetryLine(1, 1));

    EXPECT_EQ(result.exitCode, kUnreachable) << result.describe();
    expectSays(result, {topic()});
}

TEST_F(BadInputOnKafka, UnknownTopicInBoundedModeMakesDeadLetters) {
    Ctl ctl(settings());
    ctl.set("delivery.mode", "bounded");
    ctl.set("delivery.send_timeout_ms", "3s");
    ctl.set("retry.attempts", "2");
    ctl.set("retry.base_ms", "50ms");
    ctl.set("dlq.enabled", "false");

    const ProgramResult result = ctl.run({"--json", "produce", "-"}, telemetryLine(1, 1));

    EXPECT_EQ(result.exitCode, kFound) << result.describe();
    expectAccounting(lastObject(result), {{"accepted", 1}, {"dead", 1}});
}

TEST_F(BadInputOnKafka, SecondProcessOnTheSameStoreIsRefusedOrServed) {
    // given: one process holds the store
    makeTopic(topic());
    const Ctl ctl(settings());
    const auto first = ctl.start({"--json", "produce", "-"}, true);
    ASSERT_TRUE(first);
    ASSERT_TRUE(first->feed(telemetryLine(1, 1)));
    ASSERT_TRUE(waitUntil([] { return countRecords(servers(), topic()).value_or(0) == 1; }, kPatience)) << first->err();

    // when
    const ProgramResult second = ctl.run({"--json", "produce", "--connect-timeout", "10s", "-"}, telemetryLine(2, 1));
    const ProgramResult status = ctl.run({"--json", "status"});

    // then: nothing is mixed up, and the first one goes on
    if (second.exitCode != kDone) {
        EXPECT_EQ(second.exitCode, kUsage) << second.describe();
        expectSays(second, {ctl.dataFolder().string()});
    }
    EXPECT_EQ(status.exitCode, kDone) << status.describe();
    ASSERT_TRUE(first->feed(telemetryLine(1, 2)));
    const ProgramResult ended = first->wait(kPatience);
    EXPECT_EQ(ended.exitCode, kDone) << ended.describe();
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, second.exitCode == kDone ? 3U : 2U);
}

} // namespace
} // namespace dashstream::testing
