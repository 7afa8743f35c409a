#include "tests/core/engine/watch_rig.h"

namespace dashstream::engine {
namespace {

using namespace std::chrono_literals;
using test::WatchRig;

TEST(InstanceWatch, UntilDeliveredNoTryTakesTooLong) {
    WatchRig rig(config::DeliveryMode::UntilDelivered, 1s);
    rig.send(0);
    rig.pass(24h);
    EXPECT_FALSE(rig.watch.lost());
}

TEST(InstanceWatch, ATryThatTakesTooLongEndsTheInstanceOnceTheOthersAreOut) {
    WatchRig rig(config::DeliveryMode::Bounded, 8s);
    const Message& silent = rig.send(0);
    rig.pass(7'900ms);
    Message& busy = rig.send(1);
    EXPECT_FALSE(rig.watch.lost());
    rig.pass(1s);

    ASSERT_TRUE(rig.watch.lost());
    EXPECT_TRUE(rig.watch.overdue(silent));
    EXPECT_FALSE(rig.watch.overdue(busy));
    EXPECT_FALSE(rig.watch.mayReplace(rig.clock.steadyNow())) << "partition 1 answers soon";
    rig.state.lanes.leftInside(busy);
    EXPECT_TRUE(rig.watch.mayReplace(rig.clock.steadyNow()));
    const auto why = rig.watch.replaced(rig.clock.steadyNow());
    ASSERT_TRUE(why);
    EXPECT_NE(why->find("partition 0 within 8000 ms"), std::string::npos) << *why;
    EXPECT_FALSE(rig.watch.lost());
}

TEST(InstanceWatch, WhoIsSlowDoesNotKeepTheInstanceForLong) {
    WatchRig rig(config::DeliveryMode::Bounded, 8s);
    rig.send(0);
    rig.pass(7'900ms);
    rig.send(1);
    rig.pass(1s);

    EXPECT_FALSE(rig.watch.mayReplace(rig.clock.steadyNow()));
    EXPECT_TRUE(rig.watch.mayReplace(rig.clock.steadyNow() + InstanceWatch::kDrainPatience));
    EXPECT_EQ(rig.watch.nextStep(), rig.clock.steadyNow() + InstanceWatch::kDrainPatience);
}

TEST(InstanceWatch, SilentPartitionsEndInstancesOnlyNowAndThen) {
    WatchRig rig(config::DeliveryMode::Bounded, 8s);
    rig.send(0);
    rig.pass(1s);
    rig.send(0);
    rig.pass(7s);
    ASSERT_TRUE(rig.watch.lost());
    for (Message* given : rig.state.lanes.takeInside()) {
        given->tryGoesOn = true;
        rig.state.lanes.requeue(*given);
    }
    ASSERT_TRUE(rig.watch.replaced(rig.clock.steadyNow()));
    rig.pump();

    rig.pass(1'500ms); // the second try is at its end now
    EXPECT_FALSE(rig.watch.lost()) << "the last one ended less than a quarter of the time before";
    rig.pass(500ms);
    EXPECT_TRUE(rig.watch.lost());
    EXPECT_TRUE(rig.watch.overdue(rig.messages[1])) << "its try went on where the first instance left it";
    EXPECT_FALSE(rig.watch.replaced(rig.clock.steadyNow())) << "nobody wants to read this every two seconds";
}

TEST(InstanceWatch, AFatalErrorEndsItAtOnceAndTheNextOneNotBeforeThreeSeconds) {
    WatchRig rig(config::DeliveryMode::UntilDelivered, 8s);
    rig.send(1);
    rig.watch.fatal();
    ASSERT_TRUE(rig.watch.mayReplace(rig.clock.steadyNow()));
    ASSERT_TRUE(rig.watch.replaced(rig.clock.steadyNow()));
    rig.watch.fatal();
    EXPECT_TRUE(rig.watch.lost());
    EXPECT_FALSE(rig.watch.mayReplace(rig.clock.steadyNow() + 2'999ms));
    EXPECT_TRUE(rig.watch.mayReplace(rig.clock.steadyNow() + 3s));
    rig.watch.notReplaced(rig.clock.steadyNow() + 3s);
    EXPECT_FALSE(rig.watch.mayReplace(rig.clock.steadyNow() + 5s));
    EXPECT_TRUE(rig.watch.mayReplace(rig.clock.steadyNow() + 6s));
}

} // namespace
} // namespace dashstream::engine
