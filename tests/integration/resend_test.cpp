// Resend jobs on real Kafka: killed at random moments, each dead letter arrives exactly once; refused in the middle,
// the job stops itself and goes on when it is told to. DASHSTREAM_KILL_ROUNDS says how many kills.
#include "core/wire/codec.h"
#include "core/wire/message_access.h"
#include "tests/integration/fault_rig.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

#include <set>
#include <thread>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kShortRounds = 10;
constexpr std::uint64_t kFullRounds = 40;

/// Every value of the topic, and how many stand there more than once.
struct Counted {
    std::set<std::string> values;
    std::size_t repeated = 0;
};
Counted countOf(const std::vector<TopicRecord>& records) {
    Counted counted;
    for (const TopicRecord& record : records) {
        counted.repeated += counted.values.insert(record.value).second ? 0 : 1;
    }
    return counted;
}

class ResendJobs : public OnKafka {
protected:
    void SetUp() override {
        OnKafka::SetUp();
        makeTopic(topic());
    }
    /// So many dead letters in the store of `ctl`, of which no broker ever heard.
    static void letDie(const Ctl& ctl, std::size_t count) {
        const std::string number = std::to_string(count);
        const ProgramResult died =
            ctl.run({"--set", "kafka.bootstrap_servers=127.0.0.1:1", "--set", "delivery.mode=bounded", "--set",
                     "delivery.send_timeout_ms=300ms", "--set", "retry.attempts=1", "--set", "dlq.enabled=false",
                     "--json", "produce", "generate:count=" + number + ",threads=" + number + ",bytes=200,seed=3"});
        ASSERT_EQ(died.exitCode, kFound) << died.describe();
        ASSERT_EQ(lastObject(died)["dead"], count) << died.describe();
    }
};

TEST_F(ResendJobs, KilledAtRandomMomentsEachLetterArrivesExactlyOnce) {
    constexpr std::size_t kLetters = 6'000;
    Draws draws;
    SCOPED_TRACE(draws.text());
    auto settings = quickToFindOut(OnKafka::settings());
    settings["dlq.enabled"] = "false";
    const Ctl ctl(settings);
    letDie(ctl, kLetters);
    const std::uint64_t rounds = numberFrom("DASHSTREAM_KILL_ROUNDS", fullForm() ? kFullRounds : kShortRounds);
    const std::string rate = std::to_string(kLetters / (rounds + 2) * 2);
    KilledJob jobToKill(ctl, {"dead", "resend", "--all", "--yes", "--rate", rate, "--max-failed", "100"},
                        [] { return !records().empty(); });
    const std::uint64_t kills = jobToKill.run(draws, rounds);

    const Counted there = countOf(records());
    const auto job = lastObject(ctl.run({"--json", "jobs", "show", "1"}));
    std::printf("%llu kills; %zu letters, %zu records, %zu more than once; job: %s\n",
                static_cast<unsigned long long>(kills), kLetters, there.values.size() + there.repeated, there.repeated,
                job["state"].get<std::string>().c_str());
    EXPECT_EQ(there.values.size(), kLetters);
    EXPECT_EQ(there.repeated, 0U);
    EXPECT_EQ(job["state"], "done");
    EXPECT_EQ(job["delivered"], kLetters);
    EXPECT_GE(kills, rounds / 2);
    const auto status = lastObject(ctl.run({"--json", "status"}));
    EXPECT_EQ(status["accounting"]["dead"], 0) << status.dump();
    EXPECT_EQ(status["accounting"]["balanced"], true) << status.dump();
}

TEST_F(ResendJobs, ToAnotherTopicAtTheRateThatIsAskedFor) {
    const std::string other = topic() + "-other";
    makeTopic(other, 3);
    auto settings = OnKafka::settings();
    settings["dlq.enabled"] = "false";
    const Ctl ctl(settings);
    letDie(ctl, 40);

    const ProgramResult sent = ctl.run({"--json", "dead", "resend", "--where", "id <= 30", "--yes", "--to", other});

    EXPECT_EQ(sent.exitCode, kDone) << sent.describe();
    EXPECT_EQ(countOf(records(other)).values.size(), 30U);
    EXPECT_TRUE(records().empty());
    EXPECT_EQ(lastObject(ctl.run({"--json", "dead", "groups"}))["letters"], 10);
    const auto audit = listOf(ctl.run({"--json", "audit", "list"}));
    ASSERT_GE(audit.size(), 2U) << audit.dump();
    EXPECT_EQ(audit[1]["filter"], "id <= 30") << audit.dump();
    EXPECT_EQ(audit[0]["result"], "30 delivered, 0 failed") << audit.dump();
    EXPECT_EQ(ctl.run({"audit", "verify"}).exitCode, kDone);
}

TEST_F(ResendJobs, EditedLettersArriveChangedOnceWithTheirOldIdAsParent) {
    auto settings = OnKafka::settings();
    settings["dlq.enabled"] = "false";
    const Ctl ctl(settings);
    letDie(ctl, 30);

    const ProgramResult sent =
        ctl.run({"--json", "dead", "edit", "--all", "--set", "*.header.tenant_id=mended", "--yes", "--rate", "0"});

    EXPECT_EQ(sent.exitCode, kDone) << sent.describe();
    std::set<std::string> ids;
    for (const TopicRecord& record : records()) {
        wire::v1::DashStreamMessage message;
        ASSERT_TRUE(wire::Decoder().decode(asBytes(record.value), message));
        const wire::v1::Header& header = *wire::headerOf(message);
        EXPECT_EQ(header.tenant_id(), "mended");
        EXPECT_EQ(header.thread_id(), record.key);
        EXPECT_EQ(header.parent_id().size(), 16U);
        EXPECT_NE(header.parent_id(), header.message_id());
        ids.insert(header.message_id());
    }
    EXPECT_EQ(ids.size(), 30U);
    EXPECT_EQ(records().size(), 30U);
    const auto letter = lastObject(ctl.run({"--json", "dead", "show", "1"}));
    EXPECT_NE(letter["tenant"], "mended") << "the letter keeps the original";
    EXPECT_EQ(letter["state"], "resent");
}

class RefusedResends : public OnKafkaAsBob {
protected:
    void SetUp() override {
        OnKafkaAsBob::SetUp();
        makeTopic(topic());
        grantSomething();
    }
};

TEST_F(RefusedResends, TheJobStopsItselfAndGoesOnOnceTheRightIsThere) {
    // given: forty dead letters, for want of a right
    grant(Right::Describe, topic());
    auto settings = asBob();
    settings["retry.attempts"] = "1";
    const Ctl ctl(settings);
    writeTelemetry(ctl.file("lines.jsonl"), 10, 4);
    ASSERT_EQ(ctl.run({"produce", "jsonl:" + ctl.file("lines.jsonl").string()}).exitCode, kFound);

    // when
    const ProgramResult refused = ctl.run({"--json", "dead", "resend", "--all", "--yes", "--canary", "5"});

    // then: it is paused, says why, and nothing was burnt
    EXPECT_EQ(refused.exitCode, kFound) << refused.describe();
    EXPECT_EQ(lastObject(refused)["state"], "paused") << refused.describe();
    EXPECT_NE(refused.err.find("jobs resume 1"), std::string::npos) << refused.describe();
    EXPECT_NE(lastObject(refused)["why"].get<std::string>().find(topic()), std::string::npos) << refused.describe();
    EXPECT_EQ(lastObject(ctl.run({"--json", "jobs", "show", "1"}))["failed"], 0);
    EXPECT_EQ(lastObject(ctl.run({"--json", "dead", "show", "1"}))["rounds"], 0);

    // when
    grant(Right::Write, topic());
    grant(Right::Read, topic());
    const ProgramResult resumed = ctl.run({"--json", "jobs", "resume", "1"});

    // then
    EXPECT_EQ(resumed.exitCode, kDone) << resumed.describe();
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, 40U);
}

TEST_F(RefusedResends, ACanaryStopsTheJobWhoseRightIsTakenAwayInTheMiddle) {
    // given: two hundred dead letters, and the right that they died for want of
    grant(Right::Describe, topic());
    grant(Right::Read, topic());
    auto settings = asBob();
    settings["retry.attempts"] = "1";
    const Ctl ctl(settings);
    writeTelemetry(ctl.file("lines.jsonl"), 20, 10);
    ASSERT_EQ(ctl.run({"produce", "jsonl:" + ctl.file("lines.jsonl").string()}).exitCode, kFound);
    grant(Right::Write, topic());

    // when: it is taken away while the first ones go out
    const auto process = ctl.start({"--json", "dead", "resend", "--all", "--yes", "--rate", "40", "--canary", "150",
                                    "--canary-wait", "1s", "--max-failed", "10"});
    ASSERT_TRUE(process);
    ASSERT_TRUE(waitUntil([] { return records().size() >= 10; }, kPatience)) << process->err();
    revoke(Right::Write, topic());
    const ProgramResult refused = process->wait(kPatience);

    // then: it stopped by itself, said why, and burnt no attempt
    EXPECT_EQ(refused.exitCode, kFound) << refused.describe();
    const auto job = lastObject(ctl.run({"--json", "jobs", "show", "1"}));
    EXPECT_EQ(job["state"], "paused") << job;
    EXPECT_NE(job["why"].get<std::string>().find("uthoriz"), std::string::npos) << job;
    EXPECT_EQ(job["failed"], 0) << job;
    const std::size_t before = records().size();
    EXPECT_GE(before, 10U);
    EXPECT_LT(before, 150U);
    EXPECT_EQ(job["delivered"], before) << job;

    // when: it is given back
    grant(Right::Write, topic());
    const ProgramResult resumed = ctl.run({"--json", "jobs", "resume", "1"});

    // then: the rest arrives, each once
    EXPECT_EQ(resumed.exitCode, kDone) << resumed.describe();
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, 200U);
}

TEST_F(RefusedResends, APausedJobCanBeCancelledAndItsLettersStay) {
    grant(Right::Describe, topic());
    auto settings = asBob();
    settings["retry.attempts"] = "1";
    const Ctl ctl(settings);
    ASSERT_EQ(ctl.run({"produce", "-"}, telemetryLine(1, 1) + telemetryLine(2, 1)).exitCode, kFound);
    ASSERT_EQ(ctl.run({"dead", "resend", "--all", "--yes"}).exitCode, kFound);

    const ProgramResult cancelled = ctl.run({"jobs", "cancel", "1"});

    EXPECT_EQ(cancelled.exitCode, kDone) << cancelled.describe();
    EXPECT_EQ(listOf(ctl.run({"--json", "jobs", "list"}))[0]["state"], "cancelled");
    EXPECT_EQ(lastObject(ctl.run({"--json", "dead", "groups"}))["letters"], 2);
    EXPECT_EQ(ctl.run({"jobs", "resume", "1"}).exitCode, kUsage);
    EXPECT_EQ(ctl.run({"jobs", "show", "9"}).exitCode, kUsage);
}

} // namespace
} // namespace dashstream::testing
