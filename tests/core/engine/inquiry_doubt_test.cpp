// Where the topic cannot tell: recreated, not allowed, deleted, compacted, an end that went back.
#include "tests/core/engine/inquiry_rig.h"

#include <gmock/gmock.h>

namespace dashstream::engine::test {
namespace {

using ::testing::HasSubstr;
using Told = InquiryRig::Told;
using Verdicts = std::map<std::uint64_t, Told>;

TEST(Inquiry, UnknownBoundIsUndecidable) {
    InquiryRig inquiry({unknown("a", 1)}, Offset(-1));
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::Undecidable, -1}}}));
    EXPECT_EQ(inquiry->counts().duplicatesPossible, 1U);
    EXPECT_THAT(inquiry->counts().doubt, HasSubstr("before they were sent"));
}

class InquiryEndsWithDoubt : public ::testing::TestWithParam<kafka::SearchEnd> {};

TEST_P(InquiryEndsWithDoubt, WhereTheTopicCannotTell) {
    // given: one was found before
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2), unknown("a", 3)});
    (void)inquiry.expectWant<Read>();
    inquiry.record(0, 12);
    // when
    inquiry.readEnded(-1, GetParam());
    // then: no barrier, no wait
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::Found, 12}},
                                            {1002, {Finding::Undecidable, -1}},
                                            {1003, {Finding::Undecidable, -1}}}));
    EXPECT_EQ(inquiry->counts().duplicatesPossible, 2U);
    EXPECT_EQ(inquiry->counts().duplicatesAvoided, 1U);
    EXPECT_EQ(inquiry->counts().doubt, "so the reader says");
}

INSTANTIATE_TEST_SUITE_P(Ends, InquiryEndsWithDoubt,
                         ::testing::Values(kafka::SearchEnd::Recreated, kafka::SearchEnd::NotAllowed));

TEST(Inquiry, DeletedOffsetsLeaveDoubtAboutWhatIsNotFound) {
    // given
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2), unknown("b", 3)});
    (void)inquiry.expectWant<Read>();
    inquiry.record(1, 15);
    kafka::SearchOutcome outcome;
    outcome.readTo = Offset(20);
    outcome.deleted = 4;
    // when
    inquiry.readEnded(outcome);
    inquiry.passWait();
    inquiry.readNothing(20);
    EXPECT_EQ(inquiry.expectWant<SendBarrier>().token, 1001U);
    inquiry->onBarrierAcknowledged(Offset(20));
    (void)inquiry.expectWant<Read>();
    inquiry.record(0, 20);
    inquiry.readEnded(21);
    // then: the one that is not found may have been deleted, and the barrier may have been a repeat
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1002, {Finding::Found, 15}},
                                            {1001, {Finding::SentAsBarrier, 20}},
                                            {1003, {Finding::Undecidable, -1}}}));
    EXPECT_EQ(inquiry->counts().duplicatesPossible, 2U);
    EXPECT_THAT(inquiry->counts().doubt, HasSubstr("4 offsets of partition 3 were deleted"));
}

TEST(Inquiry, SkippedOffsetsOfACompactedTopicLeaveDoubt) {
    for (const auto compacts : {std::optional<bool>(true), std::optional<bool>(), std::optional<bool>(false)}) {
        InquiryRig inquiry({unknown("a", 1), unknown("b", 2)});
        kafka::SearchOutcome outcome;
        outcome.readTo = Offset(20);
        outcome.skipped = 2;
        outcome.compacts = compacts;
        (void)inquiry.expectWant<Read>();
        inquiry.readEnded(outcome);
        inquiry.passWait();
        inquiry.readNothing(20);
        (void)inquiry.expectWant<SendBarrier>();
        inquiry->onBarrierAcknowledged(Offset(20));
        inquiry.readNothing(21);

        const bool sure = compacts == false; // a transaction's markers, then
        EXPECT_EQ(inquiry.verdicts().at(1002).finding, sure ? Finding::Absent : Finding::Undecidable);
        EXPECT_EQ(inquiry->counts().duplicatesPossible, sure ? 0U : 2U);
    }
}

TEST(Inquiry, EndThatWentBackIsWaitedForAndThenDoubted) {
    // given
    InquiryRig inquiry({unknown("a", 1)});
    const SteadyTime begun = inquiry.now;
    (void)inquiry.expectWant<Read>();
    // when: the partition keeps ending before the bound
    while (inquiry.now - begun < Inquiry::kEndPatience) {
        inquiry.readEnded(-1, kafka::SearchEnd::EndsBefore);
        EXPECT_FALSE(inquiry->done());
        inquiry.passWait();
        (void)inquiry.expectWant<Read>();
    }
    inquiry.readEnded(-1, kafka::SearchEnd::EndsBefore);
    // then
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::Undecidable, -1}}}));
}

TEST(Inquiry, LeaderThatWasAwayHasItsTimeAgain) {
    InquiryRig inquiry({unknown("a", 1)});
    (void)inquiry.expectWant<Read>();
    inquiry.readEnded(-1, kafka::SearchEnd::EndsBefore);
    inquiry.passWait();
    (void)inquiry.expectWant<Read>();
    inquiry.readFailed();
    inquiry.now += Inquiry::kEndPatience;
    (void)inquiry.expectWant<Read>();
    inquiry.readEnded(-1, kafka::SearchEnd::EndsBefore);
    EXPECT_FALSE(inquiry->done());
}

TEST(Inquiry, EndThatComesBackInTimeIsRead) {
    InquiryRig inquiry({unknown("a", 1)});
    (void)inquiry.expectWant<Read>();
    inquiry.readEnded(-1, kafka::SearchEnd::EndsBefore);
    inquiry.passWait();
    (void)inquiry.expectWant<Read>();
    inquiry.record(0, 11);
    inquiry.readEnded(12);
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::Found, 11}}}));
    EXPECT_EQ(inquiry->counts().doubt, "");
}

TEST(Inquiry, BarrierBelowWhatWasReadShowsLostRecords) {
    InquiryRig inquiry({unknown("a", 1), unknown("a", 2)});
    inquiry.missAll(20);
    (void)inquiry.expectWant<SendBarrier>();
    inquiry->onBarrierAcknowledged(Offset(15));
    EXPECT_TRUE(inquiry.isDone());
    EXPECT_EQ(inquiry.verdicts(), (Verdicts{{1001, {Finding::SentAsBarrier, 15}}, {1002, {Finding::Undecidable, -1}}}));
    EXPECT_EQ(inquiry->counts().duplicatesPossible, 2U);
    EXPECT_THAT(inquiry->counts().doubt, HasSubstr("lost records"));
}

} // namespace
} // namespace dashstream::engine::test
