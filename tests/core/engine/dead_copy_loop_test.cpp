// Copies of dead letters on a clock of the test's own: tries, pauses, refusals, outages, the end.
#include "core/engine/dead_copier.h"
#include "tests/core/engine/dead_copy_rig.h"

#include <numeric>

namespace dashstream::engine::test {
namespace {

using store::CopyState;

std::vector<std::int64_t> numbers(std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(last - first + 1));
    std::iota(all.begin(), all.end(), first);
    return all;
}

/// The longest that a pause of this length takes with its jitter.
milliseconds withJitter(milliseconds pause) {
    return pause + pause / 4 + milliseconds{1};
}

TEST(DeadCopyLoop, NoConnectionIsMadeBeforeThereIsSomethingToCopy) {
    CopyRig rig;
    rig.start();
    rig.advance(milliseconds{60'000});
    EXPECT_EQ(rig.cluster.producersMade, 0);

    rig.addLetters(1, 1);
    rig.loop->lettersDied();
    rig.settle();

    EXPECT_EQ(rig.cluster.producersMade, 1);
    EXPECT_TRUE(rig.cluster.sent.empty()) << "the topic is not known yet";
}

TEST(DeadCopyLoop, ACopyCountsOnceABrokerAcknowledgedIt) {
    CopyRig rig;
    rig.addLetters(1, 2);
    rig.startWithTopic();
    ASSERT_EQ(rig.cluster.sent.size(), 2U);
    EXPECT_EQ(rig.cluster.sent.front().key, "trace-1");
    EXPECT_NE(rig.cluster.sent.front().value.find("timed out"), std::string::npos);
    EXPECT_EQ(rig.stateOf(1), CopyState::Pending);

    rig.report(1, 0);

    EXPECT_EQ(rig.stateOf(1), CopyState::Copied);
    EXPECT_EQ(rig.stateOf(2), CopyState::Pending);
    EXPECT_EQ(rig.loop->view().copied, 1U);
    EXPECT_EQ(rig.cluster.sent.size(), 2U) << "what is inside is not sent twice";
}

TEST(DeadCopyLoop, PausesDoubleUpToTheLongestWhileTriesFail) {
    CopyRig rig;
    rig.addLetters(1, 1);
    rig.startWithTopic();
    ASSERT_EQ(rig.cluster.takeSent().size(), 1U);

    for (const int pause : {500, 1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000}) {
        rig.reportAll(kafka::kMessageTimedOut);
        rig.advance(milliseconds{pause - 1});
        EXPECT_TRUE(rig.cluster.takeSent().empty()) << "within " << pause << " ms";
        rig.advance(withJitter(milliseconds{pause}) - milliseconds{pause - 1});
        EXPECT_EQ(rig.cluster.takeSent(), numbers(1, 1)) << "after " << pause << " ms";
    }
    EXPECT_EQ(rig.loop->view().failures, 8U);
    EXPECT_EQ(rig.loop->view().retries, 8U);
    EXPECT_EQ(rig.loop->view().copied, 0U);
    EXPECT_NE(rig.loop->view().lastError, "");
    EXPECT_EQ(rig.stateOf(1), CopyState::Pending);

    rig.reportAll(0);

    EXPECT_EQ(rig.stateOf(1), CopyState::Copied);
    EXPECT_EQ(rig.loop->view().lastError, "");
}

TEST(DeadCopyLoop, AnOutageIsOnePauseAndEverythingIsCaughtUpAfterIt) {
    // given: more letters than fit inside, all of which fail together
    CopyRig rig;
    const auto window = static_cast<std::int64_t>(DeadCopier::kWindowCopies);
    rig.addLetters(1, 2 * window + 50);
    rig.startWithTopic();
    EXPECT_EQ(rig.cluster.takeSent(), numbers(1, window));
    rig.reportAll(kafka::kMessageTimedOut);
    rig.advance(DeadCopier::kFirstPause - milliseconds{1});
    EXPECT_TRUE(rig.cluster.takeSent().empty());
    rig.advance(withJitter(DeadCopier::kFirstPause));
    EXPECT_EQ(rig.cluster.takeSent(), numbers(1, 1)) << "one alone finds out whether the outage is over";

    // when
    rig.reportAll(0);
    EXPECT_EQ(rig.cluster.takeSent(), numbers(2, window + 1));
    for (int turns = 0; turns < 10 && !rig.cluster.inside.empty(); ++turns) {
        rig.reportAll(0);
    }

    // then
    rig.advance(milliseconds{1'000}); // counted now and then
    EXPECT_EQ(rig.counts().pending, 0);
    EXPECT_EQ(rig.loop->view().pending, 0U);
    EXPECT_EQ(rig.loop->view().copied, static_cast<std::uint64_t>(2 * window + 50));
    EXPECT_EQ(rig.loop->view().failures, static_cast<std::uint64_t>(window));
}

TEST(DeadCopyLoop, WhatWasPendingBeforeARestartIsCopiedAfterIt) {
    CopyRig rig;
    rig.addLetters(1, 3);
    rig.startWithTopic();
    rig.report(1, 0);
    rig.start(); // two were inside: nobody knows what became of them
    static_cast<void>(rig.cluster.takeSent());

    rig.settle();
    rig.cluster.topicIsThere();
    rig.settle();

    EXPECT_EQ(rig.cluster.takeSent(), numbers(2, 3));
}

TEST(DeadCopyLoop, OneLetterThatIsTooLargeDoesNotTakeItsBatchWithIt) {
    CopyRig rig;
    rig.addLetters(1, 3);
    rig.startWithTopic();
    static_cast<void>(rig.cluster.takeSent());

    rig.reportAll(kTooLarge); // a broker refuses whole batches
    EXPECT_EQ(rig.cluster.takeSent(), numbers(1, 1));
    rig.reportAll(0);
    EXPECT_EQ(rig.cluster.takeSent(), numbers(2, 2));
    rig.reportAll(kTooLarge);
    EXPECT_EQ(rig.cluster.takeSent(), numbers(3, 3));
    rig.reportAll(0);

    EXPECT_EQ(rig.stateOf(1), CopyState::Copied);
    EXPECT_EQ(rig.stateOf(2), CopyState::Refused);
    EXPECT_EQ(rig.stateOf(3), CopyState::Copied);
    rig.advance(milliseconds{600'000});
    EXPECT_TRUE(rig.cluster.takeSent().empty()) << "it stays refused";
    EXPECT_EQ(rig.loop->view().refused, 1U);
    EXPECT_NE(rig.loop->view().lastRefusal, "");
}

TEST(DeadCopyLoop, ATopicThatRefusesIsProbedEverMoreSeldomAndTakesTheRestOnceItDoes) {
    CopyRig rig;
    rig.addLetters(1, 3);
    rig.startWithTopic();
    static_cast<void>(rig.cluster.takeSent());
    rig.reportAll(kNotAuthorised);
    EXPECT_EQ(rig.counts().refused, 3);

    for (const int pause : {2'000, 4'000, 8'000, 16'000, 32'000, 60'000, 60'000}) {
        rig.advance(milliseconds{pause - 1});
        EXPECT_TRUE(rig.cluster.takeSent().empty()) << "within " << pause << " ms";
        rig.advance(withJitter(milliseconds{pause}) - milliseconds{pause - 1});
        EXPECT_EQ(rig.cluster.takeSent(), numbers(1, 1)) << "after " << pause << " ms";
        rig.reportAll(kNotAuthorised);
    }
    rig.advance(withJitter(DeadCopier::kLongestProbe));
    rig.reportAll(0); // the right was given
    EXPECT_EQ(rig.cluster.takeSent(), (std::vector<std::int64_t>{1, 2, 3}));
    rig.reportAll(0);

    EXPECT_EQ(rig.counts().refused, 0);
    EXPECT_EQ(rig.stateOf(3), CopyState::Copied);
}

TEST(DeadCopyLoop, CopyAgainTriesRefusedOnesAtOnce) {
    CopyRig rig;
    rig.addLetters(1, 2);
    rig.startWithTopic();
    rig.reportAll(kNotAuthorised);
    ASSERT_EQ(rig.counts().refused, 2);
    static_cast<void>(rig.cluster.takeSent());

    rig.loop->copyAgain({DeadLetterId(2)});
    rig.settle();
    EXPECT_EQ(rig.cluster.takeSent(), numbers(2, 2));
    rig.reportAll(0);

    EXPECT_EQ(rig.stateOf(1), CopyState::Refused);
    EXPECT_EQ(rig.stateOf(2), CopyState::Copied);
}

TEST(DeadCopyLoop, CopyAgainOfAllTriesThoseThatWereTooLargeToo) {
    CopyRig rig;
    rig.addLetters(1, 1);
    rig.startWithTopic();
    rig.reportAll(kTooLarge); // in a batch, then alone
    rig.reportAll(kTooLarge);
    ASSERT_EQ(rig.stateOf(1), CopyState::Refused);
    static_cast<void>(rig.cluster.takeSent());

    rig.loop->copyAgain({});
    rig.settle();

    EXPECT_EQ(rig.cluster.takeSent(), numbers(1, 1));
}

TEST(DeadCopyLoop, CopyAgainEndsAPause) {
    CopyRig rig;
    rig.addLetters(1, 1);
    rig.startWithTopic();
    rig.reportAll(kafka::kMessageTimedOut);
    static_cast<void>(rig.cluster.takeSent());

    rig.loop->copyAgain({DeadLetterId(1)});
    rig.settle();

    EXPECT_EQ(rig.cluster.takeSent(), numbers(1, 1));
}

TEST(DeadCopyLoop, AStartTriesWhatTheTopicRefusedAndTheTooLargeOnlyWithOtherSettings) {
    // given: 1 is too large, 2 was refused by the topic
    CopyRig rig;
    rig.addLetters(1, 1);
    rig.startWithTopic();
    rig.reportAll(kTooLarge);
    rig.reportAll(kTooLarge);
    rig.addLetters(2, 2);
    rig.loop->lettersDied();
    rig.settle();
    rig.reportAll(kNotAuthorised);
    ASSERT_EQ(rig.counts().refused, 2);
    static_cast<void>(rig.cluster.takeSent());

    rig.startWithTopic();
    EXPECT_EQ(rig.cluster.takeSent(), numbers(2, 2));
    rig.reportAll(kNotAuthorised);

    rig.config.dlq.topic = "another-topic";
    rig.startWithTopic();
    EXPECT_EQ(rig.cluster.takeSent(), numbers(1, 2));
}

TEST(DeadCopyLoop, AFatalErrorMakesANewProducerThatSendsWhatWasInside) {
    CopyRig rig;
    rig.addLetters(1, 2);
    rig.startWithTopic();
    static_cast<void>(rig.cluster.takeSent());

    rig.cluster.events.errors.push_back({kFatal, true, "fenced"});
    rig.settle();
    EXPECT_EQ(rig.cluster.producersAlive, 0);
    rig.advance(withJitter(DeadCopier::kFirstPause));
    EXPECT_EQ(rig.cluster.producersMade, 2);
    rig.cluster.topicIsThere();
    rig.settle();
    rig.reportAll(0);
    rig.reportAll(0);

    EXPECT_EQ(rig.stateOf(1), CopyState::Copied);
    EXPECT_EQ(rig.stateOf(2), CopyState::Copied);
}

TEST(DeadCopyLoop, AProducerThatCannotBeMadeIsToldAndTriedAgain) {
    CopyRig rig;
    rig.addLetters(1, 1);
    rig.producerError =
        Error{ErrorClass::Local, "kafka.producer", "No producer could be made", "Look at the settings."};
    rig.start();
    rig.settle();
    EXPECT_NE(rig.loop->view().lastError.find("No producer could be made"), std::string::npos);

    rig.producerError.reset();
    rig.settle();
    EXPECT_EQ(rig.cluster.producersMade, 0) << "not at once";
    rig.advance(milliseconds{3'000});

    EXPECT_EQ(rig.cluster.producersMade, 1);
}

TEST(DeadCopyLoop, TheEndComesAtOnceInAPauseAndTheLettersStayPending) {
    CopyRig rig;
    rig.addLetters(1, 2);
    rig.startWithTopic();
    rig.reportAll(kafka::kMessageTimedOut);
    EXPECT_FALSE(rig.loop->over());

    rig.loop->finish(rig.clock.steadyNow() + milliseconds{10'000}, {});
    rig.settle();

    EXPECT_TRUE(rig.loop->over());
    EXPECT_EQ(rig.counts().pending, 2);
}

TEST(DeadCopyLoop, TheEndWaitsForWhatIsInsideUntilItsDeadline) {
    CopyRig rig;
    rig.addLetters(1, 2);
    rig.startWithTopic();
    rig.loop->finish(rig.clock.steadyNow() + milliseconds{10'000}, {});
    rig.report(1, 0);
    EXPECT_FALSE(rig.loop->over());
    rig.advance(milliseconds{9'999});
    EXPECT_FALSE(rig.loop->over());

    rig.advance(milliseconds{1});

    EXPECT_TRUE(rig.loop->over());
    EXPECT_EQ(rig.stateOf(1), CopyState::Copied);
    EXPECT_EQ(rig.stateOf(2), CopyState::Pending);
}

TEST(DeadCopyLoop, TheEndComesOnceAllIsCopiedAndAtOnceInAHurry) {
    CopyRig rig;
    rig.addLetters(1, 2);
    rig.startWithTopic();
    CancelToken hurry;
    rig.loop->finish(rig.clock.steadyNow() + milliseconds{10'000}, hurry);
    rig.settle();
    EXPECT_FALSE(rig.loop->over());
    rig.reportAll(0);
    EXPECT_TRUE(rig.loop->over());

    rig.addLetters(3, 3);
    rig.startWithTopic();
    rig.loop->finish(rig.clock.steadyNow() + milliseconds{10'000}, hurry);
    rig.settle();
    EXPECT_FALSE(rig.loop->over());
    hurry.cancel();
    EXPECT_TRUE(rig.loop->over());
}

TEST(DeadCopier, EndsWhileItWaitsForAProducerOnAClockThatStands) {
    CopyRig rig;
    rig.addLetters(1, 1);
    rig.producerError = Error{ErrorClass::Local, "kafka.producer", "No producer could be made", ""};
    auto copier = DeadCopier::start(rig.parts());
    ASSERT_TRUE(copier);
    (*copier)->wake();

    (*copier)->finish(rig.clock.steadyNow() + milliseconds{60'000}); // the clock never gets there

    EXPECT_EQ(rig.counts().pending, 1);
}

} // namespace
} // namespace dashstream::engine::test
