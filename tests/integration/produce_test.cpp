// The way of a message on real Kafka: from JSON Lines to records that everybody else can read.
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

#include <csignal>
#include <sstream>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;
using ProduceOnKafka = OnKafka;

std::map<std::string, int> countsOfLines(const std::string& text) {
    std::map<std::string, int> counts;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        ++counts[line];
    }
    return counts;
}

TEST_F(ProduceOnKafka, HundredThousandLinesArriveOnceAndInOrder) {
    // given
    constexpr std::size_t kThreads = 500;
    constexpr std::uint64_t kPerThread = 200;
    makeTopic(topic());
    const Ctl ctl(settings());
    writeTelemetry(ctl.file("lines.jsonl"), kThreads, kPerThread);

    // when
    const ProgramResult sent = ctl.run({"--json", "produce", "jsonl:" + ctl.file("lines.jsonl").string()});

    // then: the program's own account
    EXPECT_EQ(sent.exitCode, kDone) << sent.describe();
    expectAccounting(lastObject(sent), {{"accepted", kThreads * kPerThread}, {"delivered", kThreads * kPerThread}});

    // then: kcat sees every thread's key 200 times
    ProgramSpec kcat;
    kcat.program = "/usr/bin/kcat";
    kcat.arguments = {"-b", servers(), "-C", "-q", "-e", "-t", topic(), "-o", "beginning", "-f", "%k\\n"};
    const auto keys = countsOfLines(runProgram(kcat, kPatience).out);
    EXPECT_EQ(keys.size(), kThreads);
    for (const auto& [key, count] : keys) {
        EXPECT_EQ(count, static_cast<int>(kPerThread)) << key;
    }

    // then: the strict decoder reads each, in order
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, kThreads * kPerThread);
    EXPECT_EQ(report.lastSequence.size(), kThreads);

    // then: its own check agrees
    const ProgramResult checked = ctl.run({"consume", "--check", "--until-end", "--from", "beginning"});
    EXPECT_EQ(checked.exitCode, kDone) << checked.describe();
}

TEST_F(ProduceOnKafka, NextRunContinuesTheNumbers) {
    makeTopic(topic());
    const Ctl ctl(settings());
    writeTelemetry(ctl.file("first.jsonl"), 20, 30);
    writeTelemetry(ctl.file("second.jsonl"), 20, 25, 31);

    const ProgramResult first = ctl.run({"--json", "produce", "jsonl:" + ctl.file("first.jsonl").string()});
    const ProgramResult second = ctl.run({"--json", "produce", "jsonl:" + ctl.file("second.jsonl").string()});

    ASSERT_EQ(first.exitCode, kDone) << first.describe();
    EXPECT_EQ(second.exitCode, kDone) << second.describe();
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, 20U * 55U);
    for (const auto& [thread, last] : report.lastSequence) {
        EXPECT_EQ(last, 55U) << thread;
    }
}

TEST_F(ProduceOnKafka, CheckFindsWhatASecondProducerOfTheSameThreadsDoes) {
    makeTopic(topic());
    const Ctl ctl(settings());
    const Ctl stranger(settings()); // a store of its own, so it begins at 1 again
    writeTelemetry(ctl.file("lines.jsonl"), 3, 5);
    const std::string source = "jsonl:" + ctl.file("lines.jsonl").string();
    ASSERT_EQ(ctl.run({"produce", source}).exitCode, kDone);
    ASSERT_EQ(ctl.run({"consume", "--check", "--until-end"}).exitCode, kDone);

    ASSERT_EQ(stranger.run({"produce", source}).exitCode, kDone);

    const ProgramResult checked = ctl.run({"consume", "--check", "--until-end"});
    EXPECT_EQ(checked.exitCode, kFound) << checked.describe();
    EXPECT_NE(checked.out.find(threadName(1)), std::string::npos) << checked.describe();
}

TEST_F(ProduceOnKafka, FramesAndStdinArriveLikeAFile) {
    makeTopic(topic());
    const Ctl ctl(settings());
    writeTelemetry(ctl.file("lines.jsonl"), 4, 10);
    const ProgramResult encoded = ctl.run({"encode", ctl.file("lines.jsonl").string()});
    ASSERT_EQ(encoded.exitCode, kDone) << encoded.describe();
    writeFile(ctl.file("lines.frames"), encoded.out);
    writeTelemetry(ctl.file("more.jsonl"), 4, 5, 11);

    const ProgramResult frames = ctl.run({"produce", "frames:" + ctl.file("lines.frames").string()});
    const ProgramResult stdinRun = ctl.run({"produce", "-"}, readFile(ctl.file("more.jsonl")));

    EXPECT_EQ(frames.exitCode, kDone) << frames.describe();
    EXPECT_EQ(stdinRun.exitCode, kDone) << stdinRun.describe();
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, 60U);
}

TEST_F(ProduceOnKafka, InterruptDrainsAndSaysSo) {
    // given: a producer in the middle of an endless source
    makeTopic(topic());
    const Ctl ctl(settings());
    const auto producer = ctl.start({"--json", "produce", "generate:rate=2000,threads=50,types=event,seed=7"});
    ASSERT_TRUE(producer);
    ASSERT_TRUE(waitUntil([] { return countRecords(servers(), topic()).value_or(0) > 500; }, kPatience))
        << producer->err();

    // when
    producer->sendSignal(SIGINT);
    const ProgramResult result = producer->wait(kPatience);

    // then: nothing is left inside, and the account agrees with the topic
    EXPECT_EQ(result.exitCode, kInterrupted) << result.describe();
    expectFitForPerson(result);
    const auto accounting = lastObject(result);
    const TopicReport report = checkTopic(records(), Content::Any);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    const auto count = static_cast<std::int64_t>(report.records);
    // What was read and not accepted yet when the word came is counted as such.
    const auto stopped = accounting["rejected_by"].value("stopped", std::int64_t{-1});
    expectAccounting(accounting, {{"accepted", count}, {"delivered", count}, {"rejected", stopped}});
}

TEST_F(ProduceOnKafka, SecondInterruptStopsAtOnceAndSaysWhatRemains) {
    // given: a stalled cluster, so that nothing can drain, and all the time in the world to drain
    makeTopic(topic());
    const Ctl ctl(settings());
    const auto producer =
        ctl.start({"--json", "produce", "--drain-timeout", "1h", "generate:rate=2000,threads=50,seed=7"});
    ASSERT_TRUE(producer);
    ASSERT_TRUE(waitUntil([] { return countRecords(servers(), topic()).value_or(0) > 500; }, kPatience))
        << producer->err();
    kafka().pauseNode(1);
    const std::size_t said = producer->err().size();

    // when
    producer->sendSignal(SIGINT);
    EXPECT_TRUE(waitUntil([&] { return producer->err().size() > said; }, 30s)) << "it does not say that it drains";
    producer->sendSignal(SIGINT);
    const ProgramResult result = producer->wait(60s);
    kafka().resumeNode(1);

    // then
    EXPECT_EQ(result.exitCode, kInterrupted) << result.describe();
    expectFitForPerson(result);
    const auto accounting = lastObject(result);
    EXPECT_TRUE(accounting.value("balanced", false)) << accounting;
    EXPECT_GT(accounting.value("in_flight", 0) + accounting.value("retrying", 0), 0) << accounting;
}

} // namespace
} // namespace dashstream::testing
