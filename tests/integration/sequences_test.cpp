// A store made new on a topic that has messages takes over its numbers; idle threads are forgotten. On real Kafka,
// through the program, alone and through the process that holds the store.
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

#include <csignal>

namespace dashstream::testing {
namespace {

using SequencesOnKafka = OnKafka;

TEST_F(SequencesOnKafka, NewStoreGoesOnAfterTheTopicsNumbers) {
    // given a topic with 20 threads up to number 30
    makeTopic(topic());
    {
        const Ctl first(settings());
        writeTelemetry(first.file("first.jsonl"), 20, 30);
        ASSERT_EQ(first.run({"produce", "jsonl:" + first.file("first.jsonl").string()}).exitCode, kDone);
    }
    const Ctl fresh(settings()); // a data folder of its own

    // when
    const ProgramResult seeded = fresh.run({"--json", "sequences", "seed", "--from-topic"});
    const ProgramResult again = fresh.run({"--json", "sequences", "seed", "--from-topic"});
    writeTelemetry(fresh.file("second.jsonl"), 20, 25, 31);
    const ProgramResult sent = fresh.run({"--json", "produce", "jsonl:" + fresh.file("second.jsonl").string()});

    // then
    ASSERT_EQ(seeded.exitCode, kDone) << seeded.describe();
    EXPECT_EQ(lastObject(seeded)["records"], 600);
    EXPECT_EQ(lastObject(seeded)["raised"], 20);
    EXPECT_EQ(lastObject(again)["raised"], 0) << "a second time changes nothing";
    EXPECT_EQ(lastObject(again)["kept"], 20);
    EXPECT_EQ(sent.exitCode, kDone) << sent.describe();
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, 20U * 55U);
}

TEST_F(SequencesOnKafka, ForgottenThreadsBeginAtOneAlsoThroughTheHolder) {
    // given two threads, in a store that a process holds
    makeTopic(topic());
    const Ctl ctl(settings());
    writeTelemetry(ctl.file("lines.jsonl"), 2, 5);
    ASSERT_EQ(ctl.run({"produce", "jsonl:" + ctl.file("lines.jsonl").string()}).exitCode, kDone);
    const ProgramResult listed = ctl.run({"--json", "sequences", "list"});
    const auto threads = nlohmann::json::parse(listed.out);
    ASSERT_EQ(threads.size(), 2U) << listed.describe();
    const std::string name = threads[0]["thread"];
    auto holder = ctl.start({"produce", "-"}, true);
    ASSERT_TRUE(waitUntil([&ctl] { return std::filesystem::exists(ctl.dataFolder() / "control.sock"); }, kPatience));

    // when
    const ProgramResult dry = ctl.run({"--json", "sequences", "forget", "--thread", name, "--dry-run"});
    const ProgramResult unasked = ctl.run({"sequences", "forget", "--thread", name});
    const ProgramResult young = ctl.run({"--json", "sequences", "forget", "--idle", "30d", "--yes"});
    const ProgramResult held = ctl.run({"--json", "sequences", "forget", "--thread", name, "--yes"});
    const ProgramResult seeded = ctl.run({"--json", "sequences", "seed", "--from-topic"});
    holder->sendSignal(SIGTERM);
    static_cast<void>(holder->wait(kPatience));
    const ProgramResult alone = ctl.run({"--json", "sequences", "forget", "--idle", "0s", "--yes"});

    // then
    EXPECT_EQ(lastObject(dry)["dry_run"], true);
    EXPECT_EQ(unasked.exitCode, kUsage) << unasked.describe();
    EXPECT_EQ(lastObject(young)["threads"].size(), 0U) << young.describe();
    ASSERT_EQ(held.exitCode, kDone) << held.describe();
    EXPECT_EQ(lastObject(held)["forgotten"], 1);
    EXPECT_EQ(lastObject(seeded)["raised"], 1) << "the forgotten one only";
    ASSERT_EQ(alone.exitCode, kDone) << alone.describe();
    EXPECT_EQ(lastObject(alone)["forgotten"], 2);
    EXPECT_EQ(nlohmann::json::parse(ctl.run({"--json", "sequences", "list"}).out).size(), 0U);
}

} // namespace
} // namespace dashstream::testing
