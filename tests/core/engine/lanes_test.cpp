#include "core/engine/lanes.h"

#include <gtest/gtest.h>

#include <deque>

namespace dashstream::engine {
namespace {

const SteadyTime kNow{std::chrono::hours(1)};

/// Takes what it is given, as far as it has room; the test writes the reports.
class RecordingProducer final : public kafka::Producer {
public:
    kafka::SendResult send(const kafka::Record& record) override {
        if (room == 0) {
            return {kafka::SendStatus::Full, 0};
        }
        --room;
        sent.push_back(static_cast<Message*>(record.token));
        return {};
    }
    PartitionId partitionFor(std::string_view, std::int32_t) const override { return PartitionId{0}; }
    void poll(kafka::ProducerEvents&, milliseconds) override {}
    void purge() override {}
    std::size_t outstanding() const override { return sent.size(); }
    void refreshMetadata() override {}

    std::size_t room = 1'000'000;
    std::vector<Message*> sent;
};

struct LanesRig {
    explicit LanesRig(std::int32_t partitions) {
        lanes.setPartitionCount(partitions, [](Message& message) { return message.partition; });
        pump();
    }
    Message& message(std::int32_t partition, std::size_t bytes = 10) {
        Message& made = messages.emplace_back();
        made.partition = PartitionId{partition};
        made.ordinal = messages.size();
        made.value = ByteView(buffer.data(), bytes);
        return made;
    }
    void pump() {
        lanes.pump(producer, kNow, [this](Message& refused, int) { refusals.push_back(&refused); });
    }

    std::vector<std::byte> buffer = std::vector<std::byte>(Lanes::kInsideBytes);
    std::deque<Message> messages;
    RecordingProducer producer;
    std::vector<Message*> refusals;
    Lanes lanes;
};

TEST(Lanes, ADeadPartitionFillsOnlyItsOwnWindow) {
    LanesRig rig(2);
    for (std::size_t i = 0; i < Lanes::kWindowMessages + 500; ++i) {
        rig.lanes.append(rig.message(0));
    }
    rig.pump();
    EXPECT_EQ(rig.lanes.inside(), Lanes::kWindowMessages);

    rig.lanes.append(rig.message(1));
    rig.pump();

    EXPECT_EQ(rig.producer.sent.back()->partition, PartitionId{1});
}

TEST(Lanes, LargeMessagesOfOnePartitionLeaveTheOthersTheirShareOfBytes) {
    LanesRig rig(4);
    const std::size_t large = Lanes::kInsideBytes / 8;
    for (int i = 0; i < 5; ++i) {
        rig.lanes.append(rig.message(0, large));
    }
    rig.pump();
    EXPECT_EQ(rig.lanes.inside(), 2U);

    rig.lanes.append(rig.message(1, large));
    rig.pump();

    EXPECT_EQ(rig.lanes.inside(), 3U);
}

TEST(Lanes, FailedOnesGoFirstAgainInOrderOnceTheLaneIsEmptyInside) {
    LanesRig rig(1);
    Message& first = rig.message(0);
    Message& second = rig.message(0);
    Message& third = rig.message(0);
    rig.lanes.append(first);
    rig.lanes.append(second);
    rig.pump();
    rig.lanes.append(third);
    rig.producer.sent.clear();

    rig.lanes.leftInside(first);
    rig.lanes.requeue(first);
    rig.pump();
    EXPECT_TRUE(rig.producer.sent.empty()) << "the second is still inside";
    rig.lanes.leftInside(second);
    rig.lanes.requeue(second);
    rig.pump();

    EXPECT_EQ(rig.producer.sent, (std::vector<Message*>{&first, &second, &third}));
}

TEST(Lanes, OneThatFailedInABatchIsSentAlone) {
    LanesRig rig(1);
    Message& suspect = rig.message(0);
    Message& next = rig.message(0);
    suspect.troubled().single = true;
    rig.lanes.append(suspect);
    rig.lanes.append(next);

    rig.pump();
    EXPECT_EQ(rig.producer.sent, (std::vector<Message*>{&suspect}));
    EXPECT_TRUE(suspect.sentAlone);
    rig.lanes.leftInside(suspect);
    rig.pump();

    EXPECT_EQ(rig.producer.sent.back(), &next);
}

TEST(Lanes, AFullProducerKeepsWhatItDidNotTake) {
    LanesRig rig(1);
    rig.producer.room = 1;
    rig.lanes.append(rig.message(0));
    rig.lanes.append(rig.message(0));

    rig.pump();
    EXPECT_EQ(rig.lanes.inside(), 1U);
    rig.producer.room = 10;
    rig.pump();

    EXPECT_EQ(rig.lanes.inside(), 2U);
}

TEST(Lanes, ANewPartitionCountTakesEffectWhenNothingIsInside) {
    LanesRig rig(1);
    Message& inside = rig.message(0);
    rig.lanes.append(inside);
    rig.pump();
    Message& waiting = rig.message(0);
    rig.lanes.append(waiting);

    rig.lanes.setPartitionCount(2, [](Message&) { return PartitionId{1}; });
    rig.pump();
    EXPECT_EQ(rig.lanes.partitionCount(), 1) << "one message is still inside";
    rig.lanes.leftInside(inside);
    rig.pump();

    EXPECT_EQ(rig.lanes.partitionCount(), 2);
    EXPECT_EQ(waiting.partition, PartitionId{1});
    EXPECT_EQ(rig.producer.sent.back(), &waiting);
}

TEST(Lanes, WhatComesBackFromAFindingOutStandsInOrderWithWhatFailedBefore) {
    LanesRig rig(1);
    Message& failed = rig.message(0);
    Message& unknown = rig.message(0);
    rig.lanes.append(failed);
    rig.lanes.append(unknown);
    rig.pump();
    rig.producer.sent.clear();
    for (Message* message : rig.lanes.takeInside()) {
        message->place = Place::Nowhere;
    }
    rig.lanes.requeue(failed);
    rig.lanes.all()[0].inquiring = true;
    rig.pump();
    EXPECT_TRUE(rig.producer.sent.empty());

    rig.lanes.requeue(unknown);
    rig.lanes.all()[0].inquiring = false;
    rig.pump();

    EXPECT_EQ(rig.producer.sent, (std::vector<Message*>{&failed, &unknown}));
}

TEST(Lanes, TheFirstMessageOfAnInstanceGoesAloneWhereThatIsWanted) {
    LanesRig rig(2);
    rig.lanes.sendFirstAlone(true);
    std::deque<Message*> waiting;
    for (int i = 0; i < 3; ++i) {
        rig.lanes.append(*waiting.emplace_back(&rig.message(0)));
    }
    rig.pump();
    EXPECT_EQ(rig.producer.sent.size(), 1U);

    rig.lanes.leftInside(*waiting[0]);
    rig.lanes.all()[0].acknowledged = true;
    rig.pump();
    EXPECT_EQ(rig.producer.sent.size(), 3U);

    for (Message* message : rig.lanes.takeInside()) { // with its instance
        rig.lanes.requeue(*message);
    }
    rig.pump();
    EXPECT_EQ(rig.producer.sent.size(), 4U);
}

TEST(Lanes, WhatWaitsBeforeThePartitionsAreKnownGoesOutInOrder) {
    Lanes lanes;
    RecordingProducer producer;
    Message first;
    Message second;
    first.ordinal = 1;
    second.ordinal = 2;
    lanes.append(first);
    lanes.append(second);

    lanes.setPartitionCount(3, [](Message&) { return PartitionId{2}; });
    lanes.pump(producer, kNow, [](Message&, int) {});

    EXPECT_EQ(producer.sent, (std::vector<Message*>{&first, &second}));
}

} // namespace
} // namespace dashstream::engine
