#include "core/engine/settlement.h"
#include "tests/core/engine/watch_rig.h"
#include "tests/support/temp_dir.h"

namespace dashstream::engine {
namespace {

using namespace std::chrono_literals;

struct SettlementRig : test::WatchRig {
    explicit SettlementRig(milliseconds sendTimeout) : WatchRig(config::DeliveryMode::Bounded, sendTimeout) {}

    void report(Message& message, int errorCode, kafka::Persistence persistence) {
        kafka::DeliveryReport given;
        given.token = &message;
        given.errorCode = errorCode;
        given.persistence = persistence;
        settlement.onReports(std::span(&given, 1));
    }

    dashstream::testing::TempDir folder;
    std::unique_ptr<store::Store> store = store::Store::open(folder.path()).value();
    std::unique_ptr<store::StoreReader> reader = store::StoreReader::open(folder.path()).value();
    Dispatcher dispatcher{state};
    ThreadLoader loader{state, *reader};
    HandOver handOver{state};
    JournalFeed feed{state, dispatcher, loader, handOver};
    Settlement settlement{state, dispatcher, feed, handOver, inquiries, watch};
};

TEST(Settlement, AnInstanceThatGoesForOthersDoesNotLengthenATry) {
    SettlementRig rig(8s);
    Message& silent = rig.send(0);
    rig.pass(7s);
    Message& held = rig.send(1);
    rig.pass(2s);
    ASSERT_TRUE(rig.watch.overdue(silent));
    rig.state.lanes.leftInside(silent);
    rig.report(held, -152, kafka::Persistence::NotPersisted); // RD_KAFKA_RESP_ERR__PURGE_QUEUE
    ASSERT_TRUE(rig.watch.replaced(rig.clock.steadyNow()));
    rig.pump();
    EXPECT_EQ(held.sends, 2);
    EXPECT_EQ(held.place, Place::Inside);

    rig.pass(7s); // it was first handed over nine seconds ago
    EXPECT_TRUE(rig.watch.overdue(held));
}

} // namespace
} // namespace dashstream::engine
