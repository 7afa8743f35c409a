// Lanes, a watch over their instance and a producer that takes everything: a test says what leaves it, and when.
#pragma once

#include "core/engine/instance_watch.h"
#include "tests/support/hand_clock.h"

#include <gtest/gtest.h>

#include <deque>

namespace dashstream::engine::test {

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

} // namespace dashstream::engine::test
