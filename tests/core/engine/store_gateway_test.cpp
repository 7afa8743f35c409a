#include "core/engine/store_gateway.h"

#include <gtest/gtest.h>

namespace dashstream::engine {
namespace {

const SteadyTime kNow{std::chrono::hours(1)};

struct GatewayRig {
    std::vector<store::WriteBatch> submitted;
    StoreGateway gateway{[this](store::WriteBatch batch) { submitted.push_back(std::move(batch)); }};
};

TEST(StoreGateway, OneBatchIsOnItsWayAtATimeAndTheNextHoldsAllThatCameMeanwhile) {
    GatewayRig rig;
    rig.gateway.add(store::op::DropRetry{RetryId{1}});
    rig.gateway.flush(kNow);
    rig.gateway.add(store::op::DropRetry{RetryId{2}});
    rig.gateway.add(store::op::DropRetry{RetryId{3}});
    rig.gateway.flush(kNow);
    ASSERT_EQ(rig.submitted.size(), 1U);

    rig.gateway.finished({}, kNow);
    rig.gateway.flush(kNow);

    ASSERT_EQ(rig.submitted.size(), 2U);
    EXPECT_EQ(rig.submitted[1].ops.size(), 2U);
}

TEST(StoreGateway, TellsWhichRetryEntriesAreNotDurable) {
    GatewayRig rig;
    const auto put = [&](std::int64_t id) {
        store::op::PutRetry operation;
        operation.entry.id = RetryId{id};
        rig.gateway.add(std::move(operation));
    };
    put(1);
    rig.gateway.flush(kNow);
    rig.gateway.finished({}, kNow);
    put(2);
    rig.gateway.flush(kNow);
    rig.gateway.finished(fail(ErrorClass::Local, "store.full", "no space"), kNow);
    put(3);

    EXPECT_EQ(rig.gateway.unwrittenRetries(), (std::vector{RetryId{2}, RetryId{3}}));
}

TEST(StoreGateway, WhoeverWaitsIsToldOnlyAfterItsOwnBatch) {
    GatewayRig rig;
    int told = 0;
    rig.gateway.add(store::op::DropRetry{RetryId{1}});
    rig.gateway.flush(kNow);
    rig.gateway.add(store::op::DropRetry{RetryId{2}});
    rig.gateway.whenDurable([&] { ++told; });

    rig.gateway.finished({}, kNow);
    EXPECT_EQ(told, 0) << "the first batch does not hold it";
    rig.gateway.flush(kNow);
    rig.gateway.finished({}, kNow);

    EXPECT_EQ(told, 1);
    EXPECT_TRUE(rig.gateway.idle());
}

TEST(StoreGateway, OneOperationThatCanNeverBeStoredIsLeftOutAloneAndToldOf) {
    GatewayRig rig;
    std::vector<std::string> defects;
    int told = 0;
    rig.gateway.setDefectListener([&](const Error& error) { defects.push_back(error.code); });
    rig.gateway.add(store::op::DropRetry{RetryId{1}});
    rig.gateway.add(store::op::DropRetry{RetryId{2}});
    rig.gateway.whenDurable([&] { ++told; });
    rig.gateway.flush(kNow);

    rig.gateway.finished(fail(ErrorClass::Local, "store.no_such_entry", "defect"), kNow);
    ASSERT_EQ(rig.submitted.size(), 2U) << "the first one alone";
    rig.gateway.finished(fail(ErrorClass::Local, "store.no_such_entry", "defect"), kNow);
    ASSERT_EQ(rig.submitted.size(), 3U);
    EXPECT_EQ(std::get<store::op::DropRetry>(rig.submitted[2].ops[0]).id, RetryId{2});
    EXPECT_EQ(told, 0);
    rig.gateway.finished({}, kNow);

    EXPECT_EQ(defects.size(), 1U);
    EXPECT_EQ(told, 1);
    EXPECT_TRUE(rig.gateway.idle());
    EXPECT_FALSE(rig.gateway.trouble());
}

TEST(StoreGateway, AFailedBatchIsRepeatedWholeAndFirst) {
    GatewayRig rig;
    int told = 0;
    rig.gateway.add(store::op::DropRetry{RetryId{1}});
    rig.gateway.whenDurable([&] { ++told; });
    rig.gateway.flush(kNow);
    rig.gateway.add(store::op::DropRetry{RetryId{2}});

    rig.gateway.finished(fail(ErrorClass::Local, "store.full", "no room"), kNow);
    ASSERT_TRUE(rig.gateway.trouble());
    rig.gateway.flush(kNow);
    EXPECT_EQ(rig.submitted.size(), 1U) << "not before the pause is over";
    rig.gateway.flush(kNow + StoreGateway::kRepeatAfter);

    ASSERT_EQ(rig.submitted.size(), 2U);
    ASSERT_EQ(rig.submitted[1].ops.size(), 1U);
    EXPECT_EQ(std::get<store::op::DropRetry>(rig.submitted[1].ops[0]).id, RetryId{1});
    EXPECT_EQ(told, 0);
    rig.gateway.finished({}, kNow + StoreGateway::kRepeatAfter);
    EXPECT_EQ(told, 1);
    EXPECT_FALSE(rig.gateway.trouble());
}

} // namespace
} // namespace dashstream::engine
