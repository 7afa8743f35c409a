// What is read, and what counts as found.
#include "tests/core/engine/inquiry_rig.h"

#include <gmock/gmock.h>

namespace dashstream::engine::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Told = InquiryRig::Told;
using Verdicts = std::map<std::uint64_t, Told>;

TEST(Inquiry, WithoutMessagesIsDoneAtOnce) {
    InquiryRig inquiry(std::vector<UnknownMessage>{});
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_THAT(inquiry.verdicts(), IsEmpty());
}

TEST(Inquiry, ReadsFromTheBoundToTheHighWatermarkAndAsksOnce) {
    InquiryRig inquiry({unknown("a", 1)});

    const Read read = inquiry.expectWant<Read>();

    EXPECT_EQ(read.from, Offset(10));
    EXPECT_FALSE(read.upTo);
    (void)inquiry.expectWant<Nothing>();
}

TEST(Inquiry, AllFoundNeedsNoBarrier) {
    // given
    InquiryRig inquiry({unknown("a", 1), unknown("b", 4), unknown("a", 2)});
    (void)inquiry.expectWant<Read>();
    // when: each is read, the first one settles while reading goes on
    inquiry.record(0, 11);
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::Found, 11}}}));
    inquiry.record(2, 15);
    EXPECT_EQ(inquiry->progress().undecided, 1U);
    inquiry.record(1, 16);
    inquiry.readEnded(20);
    // then
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry->counts().barriers, 0);
    EXPECT_EQ(inquiry->counts().duplicatesAvoided, 3U);
    EXPECT_EQ(inquiry->counts().duplicatesPossible, 0U);
}

TEST(Inquiry, MatchNeedsIdThreadAndSequence) {
    // given
    InquiryRig inquiry({unknown("a", 1)});
    const UnknownMessage message = unknown("a", 1);
    (void)inquiry.expectWant<Read>();
    // when: records that agree in two of the three
    inquiry->onRecord({idOf(99), message.thread, message.sequence}, Offset(11));
    inquiry->onRecord({message.id, "b", message.sequence}, Offset(12));
    inquiry->onRecord({message.id, message.thread, SequenceNo(2)}, Offset(13));
    // then
    EXPECT_THAT(inquiry.verdicts(), IsEmpty());
    inquiry->onRecord({message.id, message.thread, message.sequence}, Offset(14));
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::Found, 14}}}));
}

TEST(Inquiry, SameIdFedTwiceIsToldApartBySequence) {
    // given: a file that was fed twice
    UnknownMessage second = unknown("a", 2);
    second.id = unknown("a", 1).id;
    InquiryRig inquiry({unknown("a", 1), second});
    (void)inquiry.expectWant<Read>();
    // when
    inquiry.record(1, 12);
    inquiry.readEnded(20);
    // then
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1002, {Finding::Found, 12}}}));
    EXPECT_EQ(inquiry->progress().undecided, 1U);
}

TEST(Inquiry, LaterMessageThatWasFoundProvesNothingOfAnEarlierOne) {
    // given: the broker refused the first batch of an instance and took the next
    InquiryRig inquiry({unknown("a", 5), unknown("b", 6), unknown("a", 7), unknown("a", 8)});
    (void)inquiry.expectWant<Read>();
    // when
    inquiry.record(2, 12);
    inquiry.record(3, 13);
    inquiry.readEnded(20);
    inquiry.passWait();
    inquiry.readNothing(20);
    EXPECT_EQ(inquiry.expectWant<SendBarrier>().token, 1005U);
    inquiry->onBarrierAcknowledged(Offset(20));
    inquiry.readNothing(21);
    // then: only what was seen itself is delivered
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1005, {Finding::SentAsBarrier, 20}},
                                            {1006, {Finding::Absent, -1}},
                                            {1007, {Finding::Found, 12}},
                                            {1008, {Finding::Found, 13}}}));
    EXPECT_EQ(inquiry->counts().duplicatesAvoided, 2U);
}

TEST(Inquiry, LostInstanceDoesNotDisturbReading) {
    InquiryRig inquiry({unknown("a", 1)});
    (void)inquiry.expectWant<Read>();
    inquiry->onInstanceLost(inquiry.now);
    inquiry.record(0, 12);
    inquiry.readEnded(20);
    EXPECT_TRUE(inquiry.isDone());
}

TEST(Inquiry, InterruptedReadingGoesOnWhereItStopped) {
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2)});
    (void)inquiry.expectWant<Read>();
    inquiry.record(0, 15);
    inquiry.readEnded(17, kafka::SearchEnd::Interrupted);
    inquiry.passWait();
    EXPECT_EQ(inquiry.expectWant<Read>().from, Offset(17));
}

TEST(Inquiry, InterruptedReadingWithSkippedOffsetsAsksWhetherTheTopicIsCompacted) {
    for (const bool compacts : {true, false}) {
        // given
        InquiryRig inquiry({unknown("a", 1), unknown("b", 2)});
        EXPECT_FALSE(inquiry.expectWant<Read>().askPolicy);
        kafka::SearchOutcome cut;
        cut.end = kafka::SearchEnd::Interrupted;
        cut.readTo = Offset(17);
        cut.skipped = 3;
        inquiry.readEnded(cut);
        EXPECT_EQ(inquiry->counts().doubt, "");
        inquiry.passWait();
        // when
        EXPECT_TRUE(inquiry.expectWant<Read>().askPolicy);
        kafka::SearchOutcome rest;
        rest.readTo = Offset(20);
        rest.compacts = compacts;
        inquiry.readEnded(rest);
        // then
        EXPECT_EQ(inquiry->counts().doubt.empty(), !compacts);
        inquiry.passWait();
        EXPECT_FALSE(inquiry.expectWant<Read>().askPolicy) << "it is known now";
    }
}

TEST(Inquiry, ReadingWithoutAnOutcomeBeginsAgainAndCountsNothingTwice) {
    // given
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2)});
    (void)inquiry.expectWant<Read>();
    inquiry.record(0, 12);
    inquiry.record(0, 15); // a repeat
    // when
    inquiry.readFailed();
    inquiry.passWait();
    EXPECT_EQ(inquiry.expectWant<Read>().from, Offset(10));
    inquiry.record(0, 12);
    inquiry.record(0, 15);
    inquiry.record(1, 16);
    inquiry.readEnded(20);
    // then
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry->counts().duplicatesSeen, 1U);
    EXPECT_EQ(inquiry->counts().duplicatesAvoided, 2U);
}

TEST(Inquiry, FailedReadingIsTriedAgainWithGrowingWaitsWithoutLimit) {
    // given
    InquiryRig inquiry({unknown("a", 1)});
    (void)inquiry.expectWant<Read>();
    milliseconds longest{0};
    // when: brokers are away for long
    for (int i = 0; i < 50; ++i) {
        inquiry.readFailed();
        const SteadyTime before = inquiry.now;
        inquiry.passWait();
        longest = std::max(longest, std::chrono::duration_cast<milliseconds>(inquiry.now - before));
        EXPECT_EQ(inquiry.expectWant<Read>().from, Offset(10));
    }
    // then: every 10 s at last, plus jitter
    EXPECT_GE(longest, milliseconds(10'000));
    EXPECT_LE(longest, milliseconds(12'500));
    EXPECT_EQ(inquiry->progress().failuresInARow, 50);
    EXPECT_THAT(inquiry->progress().text(), HasSubstr("no broker answered"));
    inquiry->onReadProgress(Offset(18), Offset(30));
    EXPECT_EQ(inquiry->progress().failuresInARow, 0) << "it goes on";
    EXPECT_EQ(inquiry->progress().lastFailure, "");
    EXPECT_THAT(inquiry->progress().text(), HasSubstr("read 8 of 20 records"));
}

TEST(Inquiry, VisitorThatStopsEndsItOnlyWhenAllAreFound) {
    InquiryRig inquiry({unknown("a", 1), unknown("b", 2)});
    (void)inquiry.expectWant<Read>();
    inquiry.record(0, 12);
    inquiry.readEnded(13, kafka::SearchEnd::Stopped);
    EXPECT_EQ(inquiry.expectWant<Read>().from, Offset(13));
    inquiry.record(1, 14);
    inquiry.readEnded(15, kafka::SearchEnd::Stopped);
    EXPECT_TRUE(inquiry.isDone());
}

TEST(Inquiry, WithdrawnMessageGetsNoVerdictAndIsNoBarrier) {
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2), unknown("a", 3)});
    inquiry.missAll(20);
    inquiry->withdraw(1001);
    inquiry->withdraw(1001);
    inquiry->withdraw(77); // none of them
    EXPECT_EQ(inquiry.expectWant<SendBarrier>().token, 1002U);

    inquiry->withdraw(1002); // while it is out
    inquiry->onBarrierAcknowledged(Offset(20));
    inquiry.readNothing(21);

    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1003, {Finding::Absent, -1}}}));
}

TEST(Inquiry, AllWithdrawnEndsIt) {
    InquiryRig inquiry({unknown("a", 1)});
    inquiry.readNothing(20);
    inquiry->withdraw(1001);
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_THAT(inquiry.verdicts(), IsEmpty());
}

TEST(Inquiry, AllWithdrawnWhileTheBarrierFailsEndsIt) {
    InquiryRig inquiry({unknown("a", 1)});
    inquiry.missAll(20);
    (void)inquiry.expectWant<SendBarrier>();
    inquiry->withdraw(1001);
    inquiry->onBarrierFailed(true, "too large", inquiry.now);
    inquiry.passWait();
    EXPECT_TRUE(inquiry.isDone());
}

TEST(Inquiry, AbandonedLeavesTheRestUndecidable) {
    InquiryRig inquiry({unknown("a", 1)});
    (void)inquiry.expectWant<Read>();
    inquiry->abandon("an operator gave up");
    inquiry->abandon("a second time");
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::Undecidable, -1}}}));
    EXPECT_EQ(inquiry->counts().doubt, "an operator gave up");
}

TEST(Inquiry, AnswersThatWereNotAskedForChangeNothing) {
    InquiryRig inquiry({unknown("a", 1)});
    inquiry.record(0, 12);
    inquiry.readEnded(20);
    inquiry->onReadProgress(Offset(15), Offset(20));
    inquiry->onBarrierAcknowledged(Offset(12));
    inquiry->onBarrierFailed(true, "?", inquiry.now);
    EXPECT_EQ(inquiry.expectWant<Read>().from, Offset(10));
    EXPECT_THAT(inquiry.verdicts(), IsEmpty());
    inquiry.record(0, 9); // below what was asked for
    EXPECT_THAT(inquiry.verdicts(), IsEmpty());
}

TEST(Inquiry, ProgressReadsLikeASentence) {
    InquiryProgress progress;
    progress.partition = PartitionId(3);
    progress.messages = 412;
    progress.undecided = 400;
    progress.from = Offset(100);
    progress.readTo = Offset(1'300);
    progress.end = Offset(5'100);
    EXPECT_EQ(progress.text(), "checking 412 messages against the topic: partition 3, read 1200 of 5000 records");

    progress.phase = InquiryPhase::Settling;
    EXPECT_THAT(progress.text(), HasSubstr("400 not found yet"));
    progress.phase = InquiryPhase::Barrier;
    progress.undecided = 1;
    EXPECT_THAT(progress.text(), HasSubstr("1 message not found: sending the first of them alone"));
    progress.phase = InquiryPhase::Done;
    EXPECT_THAT(progress.text(), HasSubstr("done"));
    progress.phase = InquiryPhase::Searching;
    progress.end = Offset(-1);
    EXPECT_THAT(progress.text(), HasSubstr("read 1200 records"));
}

} // namespace
} // namespace dashstream::engine::test
