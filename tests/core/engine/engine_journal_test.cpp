// The journal through a running engine: what waits on disk, what outlives a restart, and the way back to memory.
#include "core/engine/pipeline_state.h"
#include "tests/core/engine/engine_rig.h"

#include <algorithm>

namespace dashstream::engine::test {
namespace {

bool brokersDown(kafka::DemoCluster& demo, bool down) {
    bool done = true;
    for (const auto& broker : demo.switches().brokers) {
        done = demo.setBrokerDown(broker.id, down).has_value() && done;
    }
    return done;
}

bool has(const Snapshot& shown, std::string_view id) {
    return std::any_of(shown.conditions.begin(), shown.conditions.end(),
                       [id](const Condition& condition) { return condition.id == id; });
}

class EngineJournal : public testing::Test {
protected:
    void SetUp() override {
        rig.config.delivery.durability = config::Durability::Journal;
        rig.start();
        rig.source("generate:count=10,threads=4,seed=1");
        ASSERT_TRUE(rig.waitUntilSettled(10)) << "the partitions are known before they are lost";
        ASSERT_TRUE(brokersDown(*rig.demo, true));
    }
    Engine::SnapshotPtr untilAccepted(std::uint64_t count) {
        return rig.waitFor([=](const Snapshot& shown) { return shown.accounting.accepted == count; });
    }

    EngineRig rig;
};

TEST_F(EngineJournal, WhatMemoryHasNoRoomForWaitsOnDiskAndGoesInOrder) {
    constexpr std::uint64_t kMany = 600'000;
    rig.source("generate:count=600000,threads=40,bytes=10,types=event,seed=2");
    const auto waiting = untilAccepted(10 + kMany);
    ASSERT_TRUE(waiting);
    EXPECT_GT(waiting->journal.onDisk, 0U);
    EXPECT_EQ(waiting->journal.live, kMany);
    EXPECT_LT(waiting->backlogBytes, kBufferedBytes);

    ASSERT_TRUE(brokersDown(*rig.demo, false));
    const auto settled = rig.waitUntilSettled(10 + kMany);

    ASSERT_TRUE(settled);
    EXPECT_TRUE(settled->accounting.balanced());
    EXPECT_EQ(settled->accounting.reordersPossible, 0U);
    EXPECT_EQ(settled->accounting.duplicatesPossible, 0U);
    EXPECT_EQ(settled->journal.live, 0U);
    EXPECT_EQ(settled->journal.onDisk, 0U);
}

TEST_F(EngineJournal, WhatIsAcceptedOutlivesTheProgramWithItsNumbers) {
    rig.source("generate:count=500,threads=4,seed=3");
    ASSERT_TRUE(untilAccepted(510));
    const Accounting books = rig.stop(milliseconds{0});
    EXPECT_EQ(books.delivered + books.unsettled(), 510U);
    ASSERT_TRUE(brokersDown(*rig.demo, false));

    rig.start();
    rig.source("generate:count=100,threads=4,seed=4");

    ASSERT_TRUE(rig.waitUntilSettled(600));
    expectGapless(rig.readTopic(610));
}

TEST_F(EngineJournal, BackInMemoryModeWhatTheJournalHoldsGoesFirst) {
    rig.source("generate:count=200,threads=4,seed=5");
    ASSERT_TRUE(untilAccepted(210));
    const Accounting books = rig.stop(milliseconds{0});
    ASSERT_GT(books.unsettled(), 0U);
    rig.config.delivery.durability = config::Durability::Memory;

    rig.start();
    rig.source("generate:count=50,threads=4,seed=6");
    const auto held = rig.waitFor([](const Snapshot& shown) { return has(shown, "journal.left"); });
    ASSERT_TRUE(held);
    EXPECT_EQ(held->accounting.accepted, 0U) << "new ones wait, or threads would lose their order";
    ASSERT_TRUE(brokersDown(*rig.demo, false));

    ASSERT_TRUE(rig.waitUntilSettled(250));
    expectGapless(rig.readTopic(260));
}

TEST_F(EngineJournal, AtItsLimitOnDiskSourcesWaitAndGoOnByThemselves) {
    (void)rig.stop(milliseconds{0});
    rig.config.store.maxBytes = 16U * 1024 * 1024;
    rig.start();
    rig.source("generate:count=200000,threads=4,bytes=400,types=event,seed=7");
    const auto full = rig.waitFor([](const Snapshot& shown) { return has(shown, "journal.full"); });
    ASSERT_TRUE(full);
    EXPECT_LT(full->accounting.accepted, 200'000U);
    ASSERT_TRUE(full->journal.trouble);
    EXPECT_NE(full->journal.trouble->message.find("store.max_bytes"), std::string::npos);

    ASSERT_TRUE(brokersDown(*rig.demo, false));

    const auto settled = rig.waitUntilSettled(200'000);
    ASSERT_TRUE(settled);
}

} // namespace
} // namespace dashstream::engine::test
