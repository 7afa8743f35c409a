// Dead letter topics of others on real Kafka: records as Spring, Kafka Connect and Kafka Streams write them, by a Java
// producer, are listed, understood and sent again; killed at random moments, each arrives exactly once.
// DASHSTREAM_KILL_ROUNDS says how many kills, DASHSTREAM_REMOTE_RECORDS of how many records.
#include "tests/integration/fault_rig.h"
#include "tests/support/topic_changes.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::uint64_t kRounds = 10;

class RemoteDeadLetters : public OnKafka {
protected:
    static std::string letters() { return topic() + "-dlt"; }
    static std::string orders() { return topic() + "-orders"; }
    void SetUp() override {
        OnKafka::SetUp();
        makeTopic(letters(), 3);
        makeTopic(orders(), 4);
    }
    /// Java's own client, with the headers of a framework.
    static void writeForeign(const std::string& kind, std::size_t count, std::size_t bytes = 100) {
        ProgramSpec spec;
        spec.program = "/usr/bin/java";
        const char* libraries = std::getenv("DASHSTREAM_KAFKA_LIBS");
        const char* sources = std::getenv("DASHSTREAM_SOURCE_DIR");
        ASSERT_TRUE(libraries != nullptr && sources != nullptr);
        spec.arguments = {"-XX:TieredStopAtLevel=1",
                          "-Xmx256m",
                          "-cp",
                          std::string(libraries) + "/*",
                          std::string(sources) + "/tests/integration/java/ForeignLetters.java",
                          servers(),
                          letters(),
                          kind,
                          orders(),
                          std::to_string(count),
                          std::to_string(bytes)};
        const ProgramResult written = runProgram(spec, kPatience);
        ASSERT_EQ(written.exitCode, 0) << written.describe();
        ASSERT_NE(written.out.find("wrote " + std::to_string(count)), std::string::npos) << written.describe();
    }
    static json remote(const Ctl& ctl, std::vector<std::string> more) {
        std::vector<std::string> command{"--json", "dead", "list", "--topic", letters()};
        command.insert(command.end(), more.begin(), more.end());
        return listOf(ctl.run(command));
    }
};

TEST_F(RemoteDeadLetters, OfThreeFrameworksAreFoundUnderstoodAndSentAgain) {
    writeForeign("spring", 5);
    writeForeign("connect", 4);
    writeForeign("streams", 3);
    const Ctl ctl(settings());

    // Found.
    EXPECT_EQ(remote(ctl, {}).size(), 12U);
    const json payable = remote(ctl, {"--where", "error ~ payable and topic = " + orders()});
    ASSERT_EQ(payable.size(), 5U);
    EXPECT_EQ(payable[0]["origin"], "Spring for Apache Kafka");
    EXPECT_EQ(remote(ctl, {"--where", "\"connect-2\""}).size(), 1U);
    EXPECT_EQ(remote(ctl, {"--where", "time < -1h"}).size(), 0U);
    EXPECT_EQ(remote(ctl, {"--limit", "7"}).size(), 7U);
    const json causes = lastObject(ctl.run({"--json", "dead", "groups", "--topic", letters()}));
    ASSERT_EQ(causes["groups"].size(), 3U) << causes;
    EXPECT_EQ(causes["groups"][0]["count"], 5);
    EXPECT_NE(causes["groups"][0]["group"].get<std::string>().find("order <n> is not payable"), std::string::npos);

    // Understood.
    const ProgramResult shown = ctl.run({"dead", "show", "--topic", letters(), payable[0]["id"].get<std::string>()});
    EXPECT_EQ(shown.exitCode, kDone) << shown.describe();
    for (const char* text : {"Spring for Apache Kafka", "java.lang.IllegalStateException", "billing", "B.java:7"}) {
        EXPECT_NE(shown.out.find(text), std::string::npos) << text << "\n" << shown.describe();
    }
    EXPECT_NE(shown.out.find("failed in topic " + orders() + ", partition "), std::string::npos) << shown.describe();

    // Sent again: where it failed, with its own headers and without those of the failure.
    const ProgramResult dry =
        ctl.run({"--json", "dead", "resend", "--topic", letters(), "--where", "error ~ payable", "--dry-run"});
    EXPECT_EQ(lastObject(dry)["total"], 5) << dry.describe();
    EXPECT_EQ(lastObject(dry)["to"], orders()) << dry.describe();
    EXPECT_TRUE(records(orders()).empty());
    const ProgramResult sent = ctl.run({"--json", "dead", "resend", "--topic", letters(), "--all", "--yes"});
    EXPECT_EQ(sent.exitCode, kDone) << sent.describe();
    EXPECT_EQ(lastObject(sent)["delivered"], 12) << sent.describe();
    const auto arrived = records(orders());
    ASSERT_EQ(arrived.size(), 12U);
    std::map<std::string, std::string> keys;
    for (const TopicRecord& record : arrived) {
        keys[record.value.substr(0, record.value.find(';'))] = record.key;
        std::set<std::string> names;
        for (const auto& header : record.headers) {
            names.insert(header.first);
        }
        EXPECT_EQ(names, (std::set<std::string>{"app", "dashstream-resend-id"}));
    }
    EXPECT_EQ(keys.size(), 12U);
    EXPECT_EQ(keys["connect-2"], "k2");
    EXPECT_EQ(records(letters()).size(), 12U) << "they stay where they were";
    const auto status = lastObject(ctl.run({"--json", "status"}));
    EXPECT_EQ(status["accounting"]["balanced"], true) << status.dump();
    const auto audit = listOf(ctl.run({"--json", "audit", "list"}));
    EXPECT_NE(audit.dump().find("from topic " + letters()), std::string::npos) << audit.dump();
    EXPECT_EQ(ctl.run({"audit", "verify"}).exitCode, kDone);
}

TEST_F(RemoteDeadLetters, KilledAtRandomMomentsEachRecordArrivesExactlyOnce) {
    const std::uint64_t count = numberFrom("DASHSTREAM_REMOTE_RECORDS", 100'000);
    const std::uint64_t rounds = numberFrom("DASHSTREAM_KILL_ROUNDS", kRounds);
    Draws draws;
    SCOPED_TRACE(draws.text());
    writeForeign("spring", count);
    const Ctl ctl(quickToFindOut(settings()));
    const std::string rate = std::to_string(count / (rounds + 2) * 2);
    KilledJob jobToKill(
        ctl, {"dead", "resend", "--topic", letters(), "--all", "--yes", "--rate", rate, "--max-failed", "100"},
        [] { return !records(orders()).empty(); });
    const std::uint64_t kills = jobToKill.run(draws, rounds);

    std::set<std::string> there;
    std::size_t repeated = 0;
    for (const TopicRecord& record : records(orders())) {
        repeated += there.insert(record.value).second ? 0 : 1;
    }
    const auto job = lastObject(ctl.run({"--json", "jobs", "show", "1"}));
    std::printf("%llu kills; %llu records, %zu arrived, %zu more than once\n", static_cast<unsigned long long>(kills),
                static_cast<unsigned long long>(count), there.size(), repeated);
    EXPECT_EQ(there.size(), count);
    EXPECT_EQ(repeated, 0U);
    EXPECT_EQ(job["state"], "done");
    EXPECT_EQ(job["delivered"], count);
    EXPECT_EQ(job["source_topic"], letters());
    EXPECT_GE(kills, rounds / 2);
}

TEST_F(RemoteDeadLetters, ARecordThatItsTopicRefusesHoldsUpNobodyAfterACrash) {
    // given: five small ones, one that is too large for where it goes, ten small ones
    const std::string target = topic() + "-small";
    ASSERT_TRUE(createTopic(servers(), {target, 1, 1, {{"max.message.bytes", "20000"}}}));
    std::vector<SentRecord> chosen;
    for (int i = 0; i < 16; ++i) {
        chosen.push_back({"k", i == 5 ? std::string(60'000, 'x') : "small " + std::to_string(i), {}});
    }
    ASSERT_TRUE(sendRecords(servers(), letters(), 0, chosen));
    const Ctl ctl(quickToFindOut(settings()));

    // when: the program is killed while nothing behind the fifth has an outcome
    const auto process = ctl.start({"dead", "resend", "--topic", letters(), "--all", "--to", target, "--yes", "--rate",
                                    "0", "--canary", "5", "--canary-wait", "3s", "--max-failed", "100"});
    ASSERT_TRUE(process);
    ASSERT_TRUE(waitUntil([&] { return records(target).size() == 5; }, kPatience)) << process->err();
    kafka().pauseNode(1);
    std::this_thread::sleep_for(6s); // NOLINT: the canary's wait is over, the others are under way
    process->sendSignal(SIGKILL);
    static_cast<void>(process->wait(kPatience));
    kafka().resumeNode(1);
    const ProgramResult resumed = ctl.run({"--json", "jobs", "resume", "1"});

    // then: all but the large one arrive once, and the job ends
    EXPECT_EQ(resumed.exitCode, kFound) << resumed.describe();
    std::multiset<std::string> arrived;
    for (const TopicRecord& record : records(target)) {
        arrived.insert(record.value);
    }
    EXPECT_EQ(arrived.size(), 15U);
    EXPECT_EQ(std::set<std::string>(arrived.begin(), arrived.end()).size(), 15U);
    const auto job = lastObject(ctl.run({"--json", "jobs", "show", "1"}));
    EXPECT_EQ(job["state"], "done") << job;
    EXPECT_EQ(job["failed"], 1) << job;
}

TEST_F(RemoteDeadLetters, ARecordThatIsNoLongerTheOneThatWasChosenIsNotSent) {
    // given: a job of three records that is held by its canary
    const std::vector<SentRecord> chosen{{"a", "first", {}}, {"b", "second", {}}, {"c", "third", {}}};
    ASSERT_TRUE(sendRecords(servers(), letters(), 0, chosen));
    const Ctl ctl(settings());
    const auto process = ctl.start({"dead", "resend", "--topic", letters(), "--all", "--to", orders(), "--yes",
                                    "--canary", "1", "--canary-wait", "10s", "--max-failed", "100"});
    ASSERT_TRUE(process);
    ASSERT_TRUE(waitUntil([] { return !records(orders()).empty(); }, kPatience)) << process->err();
    process->sendSignal(SIGKILL);
    static_cast<void>(process->wait(kPatience));

    // when: one is deleted, the topic is made anew with another record at the other's place
    ASSERT_TRUE(deleteTopic(servers(), letters()));
    makeTopic(letters(), 3);
    ASSERT_TRUE(sendRecords(servers(), letters(), 0, {{"a", "first", {}}, {"b", "another", {}}}));
    const ProgramResult resumed = ctl.run({"--json", "jobs", "resume", "1"});

    // then
    EXPECT_EQ(resumed.exitCode, kFound) << resumed.describe();
    const auto arrived = records(orders());
    ASSERT_EQ(arrived.size(), 1U);
    EXPECT_EQ(arrived[0].value, "first");
    const std::string job = ctl.run({"jobs", "show", "1"}).out;
    EXPECT_NE(job.find("partition 0, offset 1: another record stands at its place"), std::string::npos) << job;
    EXPECT_NE(job.find("partition 0, offset 2: is not in topic"), std::string::npos) << job;
}

TEST_F(RemoteDeadLetters, WhatCannotBeDoneIsSaidAndNothingIsSent) {
    ASSERT_TRUE(sendRecords(servers(), letters(), 0, {{"a", "first", {}}}));
    const Ctl ctl(settings());

    const ProgramResult untold = ctl.run({"dead", "resend", "--topic", letters(), "--all", "--yes"});
    EXPECT_EQ(untold.exitCode, kUsage) << untold.describe();
    EXPECT_NE(untold.err.find("--to"), std::string::npos) << untold.describe();
    const ProgramResult own = ctl.run({"dead", "resend", "--topic", letters(), "--all", "--yes", "--to", letters()});
    EXPECT_EQ(own.exitCode, kUsage) << own.describe();
    const ProgramResult unknown = ctl.run({"dead", "list", "--topic", topic() + "-absent"});
    EXPECT_EQ(unknown.exitCode, kUnreachable) << unknown.describe();
    EXPECT_EQ(ctl.run({"dead", "show", "--topic", letters(), "0:5"}).exitCode, kUsage);
    EXPECT_EQ(ctl.run({"dead", "list", "--topic", letters(), "--id", "5"}).exitCode, kUsage);
    EXPECT_EQ(ctl.run({"dead", "list", "--id", "0:5"}).exitCode, kUsage);
    EXPECT_EQ(ctl.run({"dead", "list", "--topic", letters(), "--where", "colour = red"}).exitCode, kUsage);
    EXPECT_EQ(ctl.run({"dead", "resend", "--topic", letters(), "--yes"}).exitCode, kUsage);
    EXPECT_EQ(records(letters()).size(), 1U);
}

} // namespace
} // namespace dashstream::testing
