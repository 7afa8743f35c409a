// Discarding and restoring in a running engine: the books hold at every moment, a resend keeps what it has at hand, and
// what was discarded long ago goes.
#include "core/engine/dead_changes.h"
#include "tests/core/engine/engine_rig.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>

namespace dashstream::engine::test {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class DeadChangesTest : public ::testing::Test {
protected:
    /// Dead letters 1 to `count` of a run before, as it would have left them.
    void startWith(std::int64_t count) {
        {
            auto before = store::Store::open(rig.folder());
            ASSERT_TRUE(before);
            store::WriteBatch batch;
            for (std::int64_t number = 1; number <= count; ++number) {
                batch.add(store::op::PutDead{letter(number)});
            }
            ASSERT_TRUE((*before)->commit(std::move(batch)));
        }
        rig.start();
    }
    static store::DeadLetter letter(std::int64_t number) {
        store::DeadLetter dead;
        dead.id = DeadLetterId(number);
        dead.message.thread = "t-" + std::to_string(number % 3);
        dead.message.topic = "events";
        dead.message.sequence = SequenceNo(static_cast<std::uint64_t>(number));
        dead.message.type = 1;
        wire::v1::DashStreamMessage content;
        content.mutable_event()->mutable_header()->set_thread_id(dead.message.thread);
        content.mutable_event()->mutable_header()->set_sequence(dead.message.sequence.value);
        wire::Encoder encoder({});
        ByteArena arena;
        dead.message.value = std::string(asText(*encoder.encode(content, arena)));
        dead.errorCode = "MSG_TIMED_OUT";
        dead.errorText = "no answer";
        dead.diedAt = utcFromMicros(1'000 + number);
        return dead;
    }
    Result<store::DeadChanged> change(store::DeadAction action, const std::vector<std::int64_t>& letters,
                                      const std::string& reason = "no use") {
        store::DeadChange asked{action, {}, reason, "ann"};
        for (const std::int64_t number : letters) {
            asked.letters.emplace_back(number);
        }
        auto answer = std::make_shared<std::promise<Result<store::DeadChanged>>>();
        auto got = answer->get_future();
        rig.engine->changeDead(std::move(asked),
                               [answer](Result<store::DeadChanged> changed) { answer->set_value(std::move(changed)); });
        return got.get();
    }
    /// Every snapshot from here on is looked at.
    void watchBooks() {
        rig.engine->setSnapshotListener([this](const Engine::SnapshotPtr& shown) {
            unbalanced += shown->accounting.balanced() ? 0 : 1;
            ++looked;
        });
    }
    [[nodiscard]] bool shows(const std::function<bool(const Accounting&)>& holds) const {
        return testing::waitUntil([&] { return holds(rig.engine->snapshot()->accounting); }, std::chrono::seconds(60));
    }
    [[nodiscard]] std::vector<std::int64_t> in(store::DeadState state) const {
        store::DeadQuery query;
        query.state = state;
        std::vector<std::int64_t> numbers;
        const auto reader = store::StoreReader::open(rig.folder());
        const auto found = (*reader)->deadIds(query);
        for (const DeadLetterId id : *found) {
            numbers.push_back(id.value);
        }
        return numbers;
    }

    EngineRig rig;
    std::atomic<int> unbalanced{0};
    std::atomic<int> looked{0};
};

TEST_F(DeadChangesTest, BooksHoldWhileLettersAreDiscardedAndRestored) {
    startWith(6);
    watchBooks();

    const auto discarded = change(store::DeadAction::Discard, {1, 2, 3, 4});
    ASSERT_TRUE(discarded) << discarded.error().text();
    EXPECT_EQ(discarded->changed, 4U);
    EXPECT_TRUE(shows([](const Accounting& books) { return books.dead == 2 && books.discarded == 4; }));
    EXPECT_EQ(change(store::DeadAction::Discard, {1, 2})->changed, 0U);
    EXPECT_EQ(change(store::DeadAction::Restore, {2, 3, 6})->changed, 2U);

    EXPECT_TRUE(shows([](const Accounting& books) { return books.dead == 4 && books.discarded == 2; }));
    const Accounting books = rig.stop();
    EXPECT_TRUE(books.balanced());
    EXPECT_EQ(books.carriedIn, 6U);
    EXPECT_EQ(books.discardedNow, 4U) << "of those discarded, restored ones too: a counter never falls";
    EXPECT_EQ(books.diedNow, 0U) << "a restored letter did not die again";
    EXPECT_GT(looked, 0);
    EXPECT_EQ(unbalanced, 0);
}

TEST_F(DeadChangesTest, WhatAnEarlierRunDiscardedIsRestoredWithBalancedBooks) {
    startWith(3);
    ASSERT_TRUE(change(store::DeadAction::Discard, {1, 2, 3}));
    rig.stop();
    rig.start();
    watchBooks();
    EXPECT_TRUE(shows([](const Accounting& books) { return books.carriedIn == 3 && books.discarded == 3; }));

    EXPECT_EQ(change(store::DeadAction::Restore, {1, 2})->changed, 2U);

    EXPECT_TRUE(shows([](const Accounting& books) { return books.dead == 2 && books.discarded == 1; }));
    EXPECT_TRUE(rig.stop().balanced());
    EXPECT_EQ(unbalanced, 0);
}

TEST_F(DeadChangesTest, ResendKeepsWhatItHasAtHandAndLeavesOutWhatIsDiscarded) {
    startWith(3);
    watchBooks();
    ASSERT_EQ(change(store::DeadAction::Discard, {3})->changed, 1U);
    ResendJobId job;
    std::promise<void> made;
    resend::ResendRequest request{{DeadLetterId(1), DeadLetterId(3)}, "ann", 0};
    request.canary = 1;
    request.canaryWait = milliseconds{600'000};
    rig.engine->resend(request, [&](Result<ResendJobId> id) {
        job = id.value();
        made.set_value();
    });
    made.get_future().wait();
    ASSERT_TRUE(shows([](const Accounting& books) { return books.delivered == 1; }));

    // the first letter is delivered, the job waits before it looks at letter 3; letter 2 is nobody's
    resend::ResendRequest held{{DeadLetterId(2)}, "ann", 0};
    held.topic = "there-is-no-such-topic-and-it-waits";
    std::promise<ResendJobId> second;
    rig.engine->resend(held, [&](Result<ResendJobId> id) { second.set_value(id.value()); });
    const ResendJobId holding = second.get_future().get();
    const auto whileHeld = change(store::DeadAction::Discard, {1, 2});
    ASSERT_TRUE(whileHeld);
    EXPECT_EQ(whileHeld->atHand, 1U) << "letter 2";
    EXPECT_EQ(whileHeld->other, 1U) << "letter 1 is delivered";
    EXPECT_EQ(whileHeld->changed, 0U);

    rig.engine->cancelResend(holding, "ann");
    ASSERT_TRUE(testing::waitUntil([this] { return change(store::DeadAction::Discard, {2})->changed == 1; },
                                   std::chrono::seconds(60)))
        << "the job is over";
    rig.engine->cancelResend(job, "ann");
    const Accounting books = rig.stop();
    EXPECT_TRUE(books.balanced());
    EXPECT_EQ(books.delivered, 1U);
    EXPECT_EQ(books.discarded, 2U);
    EXPECT_EQ(books.dead, 0U);
    EXPECT_EQ(unbalanced, 0);
    EXPECT_THAT(in(store::DeadState::Discarded), UnorderedElementsAre(2, 3));
    EXPECT_THAT(in(store::DeadState::Resent), ElementsAre(1));
}

TEST_F(DeadChangesTest, DiscardedLetterIsNotSentByALaterResend) {
    startWith(2);
    ASSERT_EQ(change(store::DeadAction::Discard, {1})->changed, 1U);

    rig.engine->resend({{DeadLetterId(1), DeadLetterId(2)}, "ann", 0}, [](Result<ResendJobId> id) { ASSERT_TRUE(id); });

    const auto done = rig.waitFor([](const Snapshot& shown) {
        return !shown.resends.empty() && shown.resends.back().phase == resend::Phase::Done;
    });
    ASSERT_TRUE(done);
    EXPECT_EQ(done->resends.back().delivered, 1U);
    EXPECT_EQ(done->resends.back().failed, 1U);
    EXPECT_THAT(in(store::DeadState::Discarded), ElementsAre(1));
    EXPECT_EQ(rig.readTopic(1).size(), 1U);
}

TEST_F(DeadChangesTest, RetentionRemovesWhatIsOlderThanThirtyDaysAndTheBooksHold) {
    {
        auto before = store::Store::open(rig.folder());
        ASSERT_TRUE(before);
        store::WriteBatch batch;
        const auto old = static_cast<std::int64_t>(DeadChanges::kRemovedAtOnce) + 7; // more than one page
        store::DeadChange discard{store::DeadAction::Discard, {}, "old", "ann"};
        for (std::int64_t number = 1; number <= old; ++number) {
            batch.add(store::op::PutDead{letter(number)});
            discard.letters.emplace_back(number);
        }
        batch.add(store::op::PutDead{letter(old + 1)});
        batch.add(store::op::PutDead{letter(old + 2)});
        const UtcTime now = SystemClock().utcNow();
        batch.add(store::op::ChangeDead{discard, now - store::kRestorableFor - std::chrono::hours(1),
                                        std::make_shared<store::DeadChanged>()});
        discard.letters = {DeadLetterId(old + 1)};
        batch.add(store::op::ChangeDead{discard, now - store::kRestorableFor + std::chrono::hours(1),
                                        std::make_shared<store::DeadChanged>()});
        ASSERT_TRUE((*before)->commit(std::move(batch)));
    }
    rig.start();

    EXPECT_TRUE(
        testing::waitUntil([this] { return in(store::DeadState::Discarded).size() == 1; }, std::chrono::seconds(60)));

    EXPECT_TRUE(rig.stop().balanced());
    EXPECT_EQ(in(store::DeadState::Open).size(), 1U);
    std::int64_t removed = 0;
    const auto reader = store::StoreReader::open(rig.folder());
    const auto audit = (*reader)->audit(100);
    for (const store::AuditEntry& entry : *audit) {
        removed += entry.action == "dead.remove" ? entry.count : 0;
    }
    EXPECT_EQ(removed, static_cast<std::int64_t>(DeadChanges::kRemovedAtOnce) + 7);
    rig.start();
    EXPECT_TRUE(shows([](const Accounting& books) { return books.carriedIn == 2 && books.discarded == 1; }));
}

TEST_F(DeadChangesTest, WrongRequestsAreRefusedAndChangeNothing) {
    startWith(1);
    EXPECT_EQ(change(store::DeadAction::Discard, {1}, "").error().code, "dead.reason");
    EXPECT_EQ(change(store::DeadAction::Discard, {}).error().code, "dead.letters");
    EXPECT_EQ(change(store::DeadAction::Restore, std::vector<std::int64_t>(store::kChangedAtOnce + 1, 1)).error().code,
              "dead.letters");
    EXPECT_THAT(in(store::DeadState::Open), ElementsAre(1));
    EXPECT_TRUE((*store::StoreReader::open(rig.folder()))->audit(10)->empty());
}

} // namespace
} // namespace dashstream::engine::test
