// The message that is sent alone: when, which one, and what its acknowledgement, failure or loss says.
#include "tests/core/engine/inquiry_rig.h"

#include <gmock/gmock.h>

namespace dashstream::engine::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Told = InquiryRig::Told;
using Verdicts = std::map<std::uint64_t, Told>;

TEST(Inquiry, MissingIsReadForOnceMoreAfterTheSettleTime) {
    // given
    InquiryRig inquiry({unknown("a", 1)});
    const SteadyTime begun = inquiry.now;
    // when
    inquiry.readNothing(20);
    // then: waits, and the record that became visible meanwhile is found without a barrier
    EXPECT_EQ(inquiry.expectWant<WaitUntil>().time, begun + InquiryRig::kSettle);
    inquiry.passWait();
    EXPECT_EQ(inquiry.expectWant<Read>().from, Offset(20)) << "what was read is not read again";
    inquiry.record(0, 21);
    inquiry.readEnded(22);
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry->counts().barriers, 0);
}

TEST(Inquiry, BarrierIsTheFirstMissingOfThePartition) {
    InquiryRig inquiry({unknown("a", 1), unknown("b", 2), unknown("c", 3)});
    (void)inquiry.expectWant<Read>();
    inquiry.record(0, 12);
    inquiry.readEnded(20);
    inquiry.passWait();
    inquiry.readNothing(20);

    EXPECT_EQ(inquiry.expectWant<SendBarrier>().token, 1002U);
    (void)inquiry.expectWant<Nothing>();
}

TEST(Inquiry, NothingIsAbsentBeforeTheRangeUpToTheBarrierIsRead) {
    // given
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2), unknown("a", 3)});
    inquiry.missAll(20);
    (void)inquiry.expectWant<SendBarrier>();
    EXPECT_THAT(inquiry.verdicts(), IsEmpty());
    // when: acknowledged
    inquiry->onBarrierAcknowledged(Offset(25));
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::SentAsBarrier, 25}}}));
    const Read read = inquiry.expectWant<Read>();
    EXPECT_EQ(read.from, Offset(20));
    EXPECT_EQ(read.upTo, Offset(25));
    inquiry.record(0, 25);
    inquiry.readEnded(26);
    // then: the rest, in order
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts().at(1002), (Told{Finding::Absent, -1}));
    EXPECT_THAT(inquiry.order, ElementsAre(1001, 1002, 1003));
    EXPECT_EQ(inquiry->counts().duplicatesSeen, 0U);
    EXPECT_EQ(inquiry->counts().duplicatesPossible, 0U);
}

TEST(Inquiry, LateRecordsBelowTheBarrierAreFoundAndItsOwnRepeatIsCounted) {
    // given
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2)});
    inquiry.missAll(20);
    (void)inquiry.expectWant<SendBarrier>();
    inquiry->onBarrierAcknowledged(Offset(25));
    (void)inquiry.expectWant<Read>();
    // when: a stalled broker took both before the barrier
    inquiry.record(0, 20);
    inquiry.record(1, 21);
    inquiry.record(0, 25);
    inquiry.readEnded(26);
    // then
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::SentAsBarrier, 25}}, {1002, {Finding::Found, 21}}}));
    EXPECT_EQ(inquiry->counts().duplicatesSeen, 1U);
    EXPECT_EQ(inquiry->counts().duplicatesAvoided, 1U);
}

TEST(Inquiry, BarrierWithoutAnOffsetBoundsNothingAndAnotherFollows) {
    // given: a broker that knew the batch already does not tell where it stands
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2), unknown("a", 3)});
    inquiry.missAll(20);
    (void)inquiry.expectWant<SendBarrier>();
    // when
    inquiry->onBarrierAcknowledged(Offset(-1));
    // then: delivered; reads on, and the next missing one is sent alone
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::SentAsBarrier, -1}}}));
    EXPECT_FALSE(inquiry.expectWant<Read>().upTo);
    inquiry.record(0, 22); // its own
    inquiry.readEnded(23);
    EXPECT_EQ(inquiry.expectWant<SendBarrier>().token, 1002U);
    inquiry->onBarrierAcknowledged(Offset(23));
    EXPECT_EQ(inquiry.expectWant<Read>().upTo, Offset(23));
    inquiry.readEnded(24);
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry->counts().duplicatesSeen, 0U);
    EXPECT_EQ(inquiry.verdicts().at(1003), (Told{Finding::Absent, -1}));
}

TEST(Inquiry, LastMissingNeedsNoOffset) {
    InquiryRig inquiry({unknown("a", 1)});
    inquiry.missAll(20);
    (void)inquiry.expectWant<SendBarrier>();
    inquiry->onBarrierAcknowledged(Offset(-1));
    inquiry.readNothing(23);
    EXPECT_TRUE(inquiry.isDone());
}

TEST(Inquiry, BarrierThatSurelyFailedIsSentAgainAfterAWait) {
    InquiryRig inquiry({unknown("a", 1)});
    inquiry.missAll(20);
    (void)inquiry.expectWant<SendBarrier>();

    inquiry->onBarrierFailed(true, "not enough replicas", inquiry.now);

    EXPECT_THAT(inquiry->progress().text(), HasSubstr("not enough replicas"));
    inquiry.passWait();
    EXPECT_EQ(inquiry.expectWant<SendBarrier>().token, 1001U);
    EXPECT_EQ(inquiry->counts().barriers, 2);
}

TEST(Inquiry, BarrierOfUnknownOutcomeIsLookedForToo) {
    // given
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2)});
    inquiry.missAll(20);
    (void)inquiry.expectWant<SendBarrier>();
    // when
    inquiry->onBarrierFailed(false, "timed out", inquiry.now);
    inquiry.passWait();
    // then: it reads on, and finds it; that was no duplicate avoided, for it was sent twice
    EXPECT_EQ(inquiry.expectWant<Read>().from, Offset(20));
    inquiry.record(0, 21);
    inquiry.readEnded(22);
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::Found, 21}}}));
    EXPECT_EQ(inquiry->counts().duplicatesAvoided, 0U);
    inquiry.passWait();
    inquiry.readNothing(22);
    EXPECT_EQ(inquiry.expectWant<SendBarrier>().token, 1002U);
}

TEST(Inquiry, LostInstanceMakesTheBarrierUnknown) {
    InquiryRig inquiry({unknown("a", 1)});
    inquiry.missAll(20);
    (void)inquiry.expectWant<SendBarrier>();

    inquiry->onInstanceLost(inquiry.now);
    inquiry->onBarrierAcknowledged(Offset(30)); // a report that comes too late for the instance

    inquiry.passWait();
    EXPECT_EQ(inquiry.expectWant<Read>().from, Offset(20));
    EXPECT_THAT(inquiry.verdicts(), IsEmpty());
}

} // namespace
} // namespace dashstream::engine::test
