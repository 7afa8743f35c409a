// Three nodes, three copies, two of them needed: what the loss of a leader may do to what is being sent, nothing.
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

namespace dashstream::testing {
namespace {

class ProduceOnThreeNodes : public OnKafka {
protected:
    static void SetUpTestSuite() {
        options = {};
        options.nodes = 3;
        OnKafka::SetUpTestSuite();
    }
};

TEST_F(ProduceOnThreeNodes, KilledLeaderCostsNothing) {
    // given: a producer in the middle of its work
    constexpr std::int64_t kMessages = 60'000;
    makeTopic(topic(), 6, 3);
    const Ctl ctl(settings());
    const auto producer =
        ctl.start({"--json", "produce", "generate:count=60000,rate=6000,threads=200,types=event,seed=1"});
    ASSERT_TRUE(producer);
    ASSERT_TRUE(waitUntil([] { return countRecords(servers(), topic()).value_or(0) > 6000; }, kPatience))
        << producer->err();
    const auto leader = leaderOf(servers(), topic(), 0);
    ASSERT_TRUE(leader) << leader.error().text();

    // when
    kafka().killNode(*leader);
    const ProgramResult sent = producer->wait(kPatience);

    // then
    EXPECT_EQ(sent.exitCode, kDone) << sent.describe();
    expectFitForPerson(sent);
    expectAccounting(lastObject(sent), {{"accepted", kMessages}, {"delivered", kMessages}});
    const TopicReport report = checkTopic(records(), Content::Any);
    EXPECT_TRUE(report.problems.empty()) << report.describe();
    EXPECT_EQ(report.records, static_cast<std::size_t>(kMessages));
}

} // namespace
} // namespace dashstream::testing
