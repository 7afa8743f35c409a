// A right that is missing, the dead letters that come of it, and their second life once it is granted.
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

namespace dashstream::testing {
namespace {

class DeadLettersOnKafka : public OnKafkaAsBob {
protected:
    void SetUp() override {
        OnKafkaAsBob::SetUp();
        makeTopic(topic());
        grantSomething();
    }
    static std::map<std::string, std::string> triedTwice() {
        std::map<std::string, std::string> result = asBob();
        result["delivery.send_timeout_ms"] = "10s";
        result["retry.attempts"] = "2";
        result["retry.base_ms"] = "50ms";
        result["retry.max_ms"] = "100ms";
        return result;
    }
};

TEST_F(DeadLettersOnKafka, ResentOnceTheRightIsGranted) {
    // given: bob may see the topic but not write to it
    grant(Right::Describe, topic());
    const Ctl ctl(triedTwice());
    writeTelemetry(ctl.file("lines.jsonl"), 3, 2);
    const ProgramResult refused = ctl.run({"--json", "produce", "jsonl:" + ctl.file("lines.jsonl").string()});
    EXPECT_EQ(refused.exitCode, kFound) << refused.describe();
    expectAccounting(lastObject(refused), {{"accepted", 6}, {"dead", 6}});
    EXPECT_EQ(refused.err.find("bobs-word"), std::string::npos);
    ASSERT_TRUE(records().empty());
    const ProgramResult listed = ctl.run({"dead", "list"});
    EXPECT_EQ(listed.exitCode, kDone) << listed.describe();
    EXPECT_NE(listed.out.find(threadName(2)), std::string::npos) << listed.describe();
    EXPECT_NE(listed.out.find("TOPIC_AUTHORIZATION_FAILED"), std::string::npos) << listed.describe();

    // then: each says the class of its error, and why
    const ProgramResult shown = ctl.run({"dead", "show", "1"});
    EXPECT_NE(shown.out.find("Class: permanent, of the topic. The broker refuses every message for this topic"),
              std::string::npos)
        << shown.describe();
    const auto letter = lastObject(ctl.run({"--json", "dead", "show", "1"}));
    EXPECT_EQ(letter["error_class"], "permanent, of the topic");
    EXPECT_NE(letter["error_class_reason"].get<std::string>().find("rights or settings"), std::string::npos);

    // when
    grant(Right::Write, topic());
    const ProgramResult resent = ctl.run({"--json", "dead", "resend", "--all", "--yes"});

    // then: they arrive as they were, with their numbers, in order
    EXPECT_EQ(resent.exitCode, kDone) << resent.describe();
    const TopicReport report = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, 6U);

    // then: nobody waits any more, and the threads go on
    writeTelemetry(ctl.file("more.jsonl"), 3, 1, 3);
    const ProgramResult more = ctl.run({"--json", "produce", "jsonl:" + ctl.file("more.jsonl").string()});
    EXPECT_EQ(more.exitCode, kDone) << more.describe();
    const TopicReport after = checkTopic(records(), Content::Ordinals);
    EXPECT_TRUE(after.problems.empty()) << after.describe();
    EXPECT_EQ(after.records, 9U);
}

TEST_F(DeadLettersOnKafka, ResendIsRefusedWithoutConsent) {
    grant(Right::Describe, topic());
    const Ctl ctl(triedTwice());
    ASSERT_EQ(ctl.run({"produce", "-"}, telemetryLine(1, 1)).exitCode, kFound);
    grant(Right::Write, topic());

    // no terminal and no --yes
    const ProgramResult refused = ctl.run({"dead", "resend", "--all"});

    EXPECT_EQ(refused.exitCode, kUsage) << refused.describe();
    EXPECT_NE(refused.err.find("--yes"), std::string::npos) << refused.describe();
    EXPECT_TRUE(records().empty());
}

TEST_F(DeadLettersOnKafka, RightToSeeTheTopicMayBeMissingToo) {
    const Ctl ctl(triedTwice());

    const ProgramResult refused = ctl.run({"--json", "produce", "-"}, telemetryLine(1, 1) + telemetryLine(2, 1));

    EXPECT_EQ(refused.exitCode, kFound) << refused.describe();
    expectAccounting(lastObject(refused), {{"accepted", 2}, {"dead", 2}});
}

} // namespace
} // namespace dashstream::testing
