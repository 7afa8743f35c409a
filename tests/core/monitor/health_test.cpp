// What makes a producer live and ready, part by part.
#include "core/monitor/health.h"
#include "tests/core/monitor/snapshots.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::monitor {
namespace {

using test::goodSnapshot;
using test::kNow;
using ::testing::HasSubstr;

const HealthPart& part(const Health& health, std::string_view name) {
    return *std::find_if(health.parts.begin(), health.parts.end(),
                         [name](const HealthPart& one) { return one.name == name; });
}

engine::Condition condition(const std::string& id, engine::Urgency urgency = engine::Urgency::Critical) {
    engine::Condition made;
    made.id = id;
    made.urgency = urgency;
    made.title = "It is broken";
    made.advice = "Mend it";
    return made;
}

TEST(Health, WorkingProducerIsLiveAndReady) {
    const Health health = judgeHealth(goodSnapshot(), kNow);
    EXPECT_TRUE(health.live);
    EXPECT_TRUE(health.ready);
    EXPECT_EQ(health.reason(), "");
    ASSERT_EQ(health.parts.size(), 5U);
    EXPECT_THAT(toLine(health), HasSubstr("ready: engine ok (running), cluster ok (1 of 1 broker connected)"));
}

TEST(Health, OldSnapshotMeansThatTheEngineHangs) {
    EXPECT_TRUE(judgeHealth(goodSnapshot(), kNow + kFrozenAfter).live);

    const Health health = judgeHealth(goodSnapshot(), kNow + kFrozenAfter + milliseconds{1000});

    EXPECT_FALSE(health.live);
    EXPECT_FALSE(health.ready);
    EXPECT_THAT(health.reason(), HasSubstr("engine: It has not moved for 6 s"));
    EXPECT_THAT(toLine(health), HasSubstr("not live: "));
}

TEST(Health, DrainingIsLiveForLongerButNotReady) {
    engine::Snapshot snapshot = goodSnapshot();
    snapshot.phase = engine::Phase::Draining;
    EXPECT_TRUE(judgeHealth(snapshot, kNow + kFrozenAfterWhenEnding).live);
    EXPECT_FALSE(judgeHealth(snapshot, kNow).ready);
    EXPECT_FALSE(judgeHealth(snapshot, kNow + kFrozenAfterWhenEnding + milliseconds{1}).live);
    snapshot.phase = engine::Phase::Closed;
    EXPECT_FALSE(judgeHealth(snapshot, kNow).live);
}

TEST(Health, ClusterFailsWithWhatTheConditionSays) {
    for (const char* id : {"brokers.down", "producer.lost", "topic.unusable"}) {
        engine::Snapshot snapshot = goodSnapshot();
        snapshot.conditions.push_back(condition(id));
        const Health health = judgeHealth(snapshot, kNow);
        EXPECT_TRUE(health.live) << id;
        EXPECT_FALSE(health.ready) << id;
        EXPECT_EQ(health.reason(), "cluster: It is broken. Mend it") << id;
    }
}

TEST(Health, ClusterThatAcknowledgesNothingIsNotReady) {
    engine::Snapshot snapshot = goodSnapshot();
    snapshot.partitions[1].stalled = 3;
    snapshot.oldestAge = milliseconds{12'000};
    EXPECT_THAT(judgeHealth(snapshot, kNow).reason(), HasSubstr("cluster: Nothing is acknowledged; the oldest"));

    snapshot.rates.delivered = 5; // other partitions go on
    EXPECT_TRUE(judgeHealth(snapshot, kNow).ready);
}

TEST(Health, SomeBrokersDownNeedsAttentionButIsReady) {
    engine::Snapshot snapshot = goodSnapshot();
    snapshot.connection = engine::ConnectionState::Degraded;
    const Health health = judgeHealth(snapshot, kNow);
    EXPECT_TRUE(health.ready);
    EXPECT_EQ(part(health, "cluster").state, PartState::Attention);
}

TEST(Health, StoreThatFailsIsNotReady) {
    engine::Snapshot snapshot = goodSnapshot();
    snapshot.conditions.push_back(condition("store.failed"));
    EXPECT_EQ(judgeHealth(snapshot, kNow).reason(), "store: It is broken. Mend it");
}

TEST(Health, LimiterThatCannotDecideIsNotReadyUnlessItFallsBack) {
    engine::Snapshot snapshot = goodSnapshot();
    snapshot.limiter.state = limit::LimiterState::Refusing;
    snapshot.limiter.lastError = "connection refused";
    EXPECT_THAT(judgeHealth(snapshot, kNow).reason(), HasSubstr("limiter: Redis cannot decide, nothing is admitted: "
                                                                "connection refused"));
    snapshot.limiter.state = limit::LimiterState::FallenBack;
    EXPECT_TRUE(judgeHealth(snapshot, kNow).ready);
    EXPECT_EQ(part(judgeHealth(snapshot, kNow), "limiter").state, PartState::Attention);
    snapshot.limiter.state = limit::LimiterState::Off;
    EXPECT_EQ(part(judgeHealth(snapshot, kNow), "limiter").state, PartState::Off);
}

TEST(Health, FailedSourceIsNotReadyUntilItIsOpenAgain) {
    engine::Snapshot snapshot = goodSnapshot();
    snapshot.sources[0].state = engine::SourceState::Failed;
    snapshot.sources[0].stateText = "The file is gone";
    EXPECT_EQ(judgeHealth(snapshot, kNow).reason(), "sources: 1 source failed: The file is gone");

    engine::SourceView again = snapshot.sources[0];
    again.id = SourceId(2);
    again.state = engine::SourceState::Running;
    snapshot.sources.push_back(again);
    EXPECT_TRUE(judgeHealth(snapshot, kNow).ready);
}

TEST(Health, TroublesMakeTheirPartFail) {
    const std::vector<HealthTrouble> troubles{{"sources", "Source feed is not open"}};
    const Health health = judgeHealth(goodSnapshot(), kNow, troubles);
    EXPECT_EQ(health.reason(), "sources: Source feed is not open");
    EXPECT_EQ(toJson(health)["parts"]["sources"]["state"], "failing");
    EXPECT_EQ(toJson(health)["ready"], false);
    EXPECT_EQ(toJson(health)["live"], true);
}

} // namespace
} // namespace dashstream::monitor
