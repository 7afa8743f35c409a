#include "core/engine/instance_watch.h"
#include "tests/support/hand_clock.h"

#include <gtest/gtest.h>

#include <deque>

namespace dashstream::engine {
namespace {

using namespace std::chrono_literals;

/// Takes everything; the test says what leaves.
class Taking final : public kafka::Producer {
public:
    kafka::SendResult send(const kafka::Record&) override { return {}; }
    PartitionId partitionFor(std::string_view, std::int32_t) const override { return PartitionId{0}; }
    void poll(kafka::ProducerEvents&, milliseconds) override {}
    void purge() override {}
    std::size_t outstanding() const override { return 0; }
    void refreshMetadata() override {}
};

struct WatchRig {
    explicit WatchRig(config::DeliveryMode mode, milliseconds sendTimeout) : config(make(mode, sendTimeout)) {
        state.lanes.setPartitionCount(2, [](Message& message) { return message.partition; });
        pump();
    }
    static config::Config make(config::DeliveryMode mode, milliseconds sendTimeout) {
        config::Config made;
        made.delivery.mode = mode;
        made.delivery.sendTimeout = sendTimeout;
        return made;
    }
    Message& send(std::int32_t partition) {
        Message& message = messages.emplace_back();
        message.partition = PartitionId{partition};
        message.ordinal = messages.size();
        state.lanes.append(message);
        pump();
        return message;
    }
    void pump() {
        state.lanes.pump(producer, clock.steadyNow(), [](Message&, int) { FAIL() << "refused"; });
    }
    void pass(milliseconds time) {
        clock.advance(time);
        watch.look(clock.steadyNow());
    }

    dashstream::testing::HandClock clock;
    config::Config config;
    store::StoreSummary found;
    std::deque<Message> messages;
    Taking producer;
    PipelineState state{config, clock, nullptr, found, [](store::WriteBatch) {}};
    Inquiries inquiries{state, [](Message&, const Inquiries::Outcome&) {}};
    InstanceWatch watch{state, inquiries};
};

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
