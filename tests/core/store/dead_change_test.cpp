// Discarding dead letters, taking it back, and removing for good: what stands in the store after, and what is left
// alone.
#include "core/store/discard_preview.h"
#include "core/store/search_indexer.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

namespace dashstream::store::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DeadChanges : public ::testing::Test {
protected:
    void SetUp() override {
        expectStored(store->commit(manyOf<op::PutDead>(1, 6, [](auto n) { return sampleDead(n); })));
    }
    DeadChanged change(DeadAction action, std::vector<std::int64_t> letters, UtcTime when = at(5'000'000)) {
        DeadChange asked{action, {}, "no use", "ann", "thread ~ thread"};
        for (const std::int64_t letter : letters) {
            asked.letters.emplace_back(letter);
        }
        const auto outcome = std::make_shared<DeadChanged>();
        expectStored(store->commit(batchOf(op::ChangeDead{asked, when, outcome})));
        return *outcome;
    }
    std::size_t remove(UtcTime before, std::size_t limit = 100) {
        const auto removed = std::make_shared<std::size_t>(0);
        expectStored(store->commit(batchOf(op::RemoveDiscarded{before, limit, at(9), "retention", removed})));
        return *removed;
    }
    [[nodiscard]] std::vector<std::int64_t> in(DeadState state) const {
        DeadQuery query;
        query.state = state;
        query.sortBy = DeadQuery::Column::Id;
        query.order = SortOrder::Ascending;
        std::vector<std::int64_t> numbers;
        const auto reader = openReader(folder.data());
        const auto found = reader->deadIds(query);
        for (const DeadLetterId id : *found) {
            numbers.push_back(id.value);
        }
        return numbers;
    }
    [[nodiscard]] std::int64_t count(const std::string& sql, const char* file = "store.db") const {
        sqlite3* handle = nullptr;
        sqlite3_stmt* statement = nullptr;
        EXPECT_EQ(sqlite3_open((folder.data() / file).c_str(), &handle), SQLITE_OK);
        EXPECT_EQ(sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
        EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW) << sql;
        const std::int64_t found = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        sqlite3_close(handle);
        return found;
    }
    void startJob(std::int64_t job, std::vector<DeadLetterId> letters) {
        ResendJob record{ResendJobId(job), ResendJobState::Running, at(5), {}, "operator"};
        record.total = static_cast<std::int64_t>(letters.size());
        expectStored(store->commit(batchOf(op::PutResendJob{record, std::move(letters)})));
    }

    void endJob(std::int64_t job) {
        ResendJob over;
        over.id = ResendJobId(job);
        over.state = ResendJobState::Cancelled;
        expectStored(store->commit(batchOf(op::SetResendJob{over})));
    }

    const TempFolder folder;
    std::unique_ptr<Store> store = openStore(folder.data());
};

TEST_F(DeadChanges, DiscardedLetterSaysWhoWhenAndWhyAndIsOpenNoMore) {
    const DeadChanged changed = change(DeadAction::Discard, {2, 5}, at(77));

    EXPECT_EQ(changed.changed, 2U);
    EXPECT_EQ(changed.left(), 0U);
    EXPECT_THAT(in(DeadState::Discarded), ElementsAre(2, 5));
    EXPECT_THAT(in(DeadState::Open), ElementsAre(1, 3, 4, 6));
    const auto rows = openReader(folder.data())->deadRows(std::vector{DeadLetterId(2)});
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_EQ(rows->front().settledAt, at(77));
    EXPECT_EQ(rows->front().settledBy, "ann");
    EXPECT_EQ(rows->front().settleReason, "no use");
    EXPECT_EQ(openReader(folder.data())->deadLetter(DeadLetterId(2))->message.value, sampleDead(2).message.value);
}

TEST_F(DeadChanges, ChangeIsInTheAuditLogWithItsExactCount) {
    change(DeadAction::Discard, {1});
    change(DeadAction::Discard, {1, 2, 77});
    change(DeadAction::Restore, {1, 3});

    const auto audit = *openReader(folder.data())->audit(10);

    ASSERT_EQ(audit.size(), 3U);
    EXPECT_EQ(audit[2].action, "dead.discard");
    EXPECT_EQ(audit[2].user, "ann");
    EXPECT_EQ(audit[2].detail, "no use");
    EXPECT_EQ(audit[2].filter, "thread ~ thread");
    EXPECT_EQ(audit[2].count, 1);
    EXPECT_EQ(audit[1].count, 1);
    EXPECT_EQ(audit[1].result, "discarded 1; left out: 1 that are open no more, 1 that are not there");
    EXPECT_EQ(audit[0].action, "dead.restore");
    EXPECT_EQ(audit[0].count, 1);
}

TEST_F(DeadChanges, RepeatedChangeDoesNothingAndCountsNothing) {
    EXPECT_EQ(change(DeadAction::Discard, {1, 2}, at(7)).changed, 2U);
    const DeadChanged again = change(DeadAction::Discard, {1, 2}, at(8));
    EXPECT_EQ(again.changed, 0U);
    EXPECT_EQ(again.other, 2U);
    EXPECT_EQ(openReader(folder.data())->deadLetter(DeadLetterId(1))->settledAt, at(7)) << "the first word counts";

    EXPECT_EQ(change(DeadAction::Restore, {1, 2}).changed, 2U);
    EXPECT_EQ(change(DeadAction::Restore, {1, 2}).changed, 0U);
    const auto letter = openReader(folder.data())->deadLetter(DeadLetterId(1));
    EXPECT_EQ(letter->state, DeadState::Open);
    EXPECT_EQ(letter->settledAt, UtcTime{});
    EXPECT_EQ(letter->settledBy + letter->settleReason, "");
    EXPECT_EQ(letter->attempts.size(), sampleDead(1).attempts.size());
}

TEST_F(DeadChanges, LetterThatAResendHasAtHandIsLeftAlone) {
    startJob(1, {DeadLetterId(1), DeadLetterId(2), DeadLetterId(3)});
    expectStored(store->commit(batchOf(
        op::SetResendItems{ResendJobId(1), ResendItemState::Sending, {{DeadLetterId(2), {}, PartitionId(0)}}},
        op::SettleResendItems{ResendJobId(1), {}, {{DeadLetterId(3), "too large", std::nullopt, std::nullopt}}})));

    const DeadChanged changed = change(DeadAction::Discard, {1, 2, 3, 4});

    EXPECT_EQ(changed.atHand, 2U) << "one that is pending, one that is being sent";
    EXPECT_EQ(changed.changed, 2U) << "one that has its outcome, one that no job has";
    EXPECT_THAT(in(DeadState::Discarded), ElementsAre(3, 4));
    endJob(1);
    EXPECT_EQ(change(DeadAction::Discard, {1, 2}).changed, 2U) << "the job is over";
}

TEST_F(DeadChanges, RetentionRemovesWhatWasDiscardedLongAgoWithAllThatBelongsToIt) {
    startJob(1, {DeadLetterId(2)});
    expectStored(store->commit(
        batchOf(op::SettleResendItems{ResendJobId(1), {}, {{DeadLetterId(2), "x", std::nullopt, std::nullopt}}})));
    endJob(1);
    change(DeadAction::Discard, {2}, at(100));
    change(DeadAction::Discard, {4}, at(200));
    EXPECT_EQ(count("SELECT count(*) FROM dead_errors WHERE text LIKE '% 2'"), 1);

    EXPECT_EQ(remove(at(200)), 1U) << "what was discarded at that moment is not older";

    EXPECT_THAT(in(DeadState::Discarded), ElementsAre(4));
    for (const char* table :
         {"dead_letters WHERE id", "dead_values WHERE id", "dead_attempts WHERE id", "resend_items WHERE letter"}) {
        EXPECT_EQ(count(std::string("SELECT count(*) FROM ") + table + " = 2"), 0) << table;
    }
    EXPECT_EQ(count("SELECT count(*) FROM dead_errors WHERE text LIKE '% 2'"), 0) << "no letter has this error";
    EXPECT_EQ(count("SELECT count(*) FROM dead_errors"), 5);
    EXPECT_EQ(count("SELECT count(*) FROM dead_causes"), 2) << "others have its cause";
    EXPECT_EQ(remove(at(200)), 0U);
    const auto audit = *openReader(folder.data())->audit(1);
    EXPECT_EQ(audit[0].action, "dead.remove");
    EXPECT_EQ(audit[0].user, "retention");
    EXPECT_EQ(audit[0].count, 1);
    EXPECT_EQ(audit[0].result, "removed 1");
}

TEST_F(DeadChanges, CauseGoesWithItsLastLetter) {
    change(DeadAction::Discard, {1, 3, 5}, at(100)); // odd ones have an error of their own
    EXPECT_EQ(count("SELECT count(*) FROM dead_causes"), 2);
    EXPECT_EQ(remove(at(1'000)), 3U);
    EXPECT_EQ(count("SELECT count(*) FROM dead_causes"), 1);
    EXPECT_EQ(openReader(folder.data())->deadGroups({})->letters, 3);
}

TEST_F(DeadChanges, RetentionGoesByPagesOldestFirstAndLeavesRestoredOnes) {
    for (const std::int64_t letter : {3, 1, 2, 4}) {
        change(DeadAction::Discard, {letter}, at(100 + letter));
    }
    change(DeadAction::Restore, {2});

    EXPECT_EQ(remove(at(1'000), 2), 2U);
    EXPECT_THAT(in(DeadState::Discarded), ElementsAre(4));
    EXPECT_EQ(remove(at(1'000), 2), 1U);
    EXPECT_THAT(in(DeadState::Open), ElementsAre(2, 5, 6));
}

TEST_F(DeadChanges, CopyOfARemovedLetterHurtsNoOtherWrite) {
    change(DeadAction::Discard, {1}, at(100));
    remove(at(1'000));

    expectStored(store->commit(batchOf(op::SetDeadCopy{DeadLetterId(1), CopyState::Copied, "", "", at(3)},
                                       op::SetDeadCopy{DeadLetterId(2), CopyState::Copied, "", "", at(3)})));

    EXPECT_EQ(openReader(folder.data())->deadLetter(DeadLetterId(2))->copyState, CopyState::Copied);
}

TEST_F(DeadChanges, SummaryCountsWhatCanBeRestored) {
    change(DeadAction::Discard, {1, 2});
    store.reset();
    store = openStore(folder.data());
    EXPECT_EQ(store->summary().discarded, 2);
    EXPECT_EQ(store->summary().openDead, 4);
}

TEST_F(DeadChanges, PreviewSaysWhatWouldBeChangedAndWhatNot) {
    startJob(1, {DeadLetterId(1)});
    change(DeadAction::Discard, {2});
    const std::vector<DeadLetterId> letters{DeadLetterId(1), DeadLetterId(2), DeadLetterId(3), DeadLetterId(4),
                                            DeadLetterId(77)};
    const auto reader = openReader(folder.data());

    const auto discard = *previewChange(*reader, DeadAction::Discard, letters);
    const auto restore = *previewChange(*reader, DeadAction::Restore, letters);

    EXPECT_EQ(discard.letters, 2);
    EXPECT_EQ(discard.threads, 2);
    EXPECT_EQ(discard.bytes,
              static_cast<std::int64_t>(sampleDead(3).message.value.size() + sampleDead(4).message.value.size()));
    EXPECT_EQ(discard.atHand, 1);
    EXPECT_EQ(discard.other, 2);
    EXPECT_EQ(discard.first->id, DeadLetterId(3));
    EXPECT_EQ(restore.letters, 1);
    EXPECT_EQ(restore.other, 4);
    CancelToken cancelled;
    cancelled.cancel();
    EXPECT_EQ(previewChange(*reader, DeadAction::Discard, letters, cancelled).error().code, "store.cancelled");
}

TEST_F(DeadChanges, FilterNarrowsDiscardedOnes) {
    change(DeadAction::Discard, {1, 2, 3});
    DeadQuery query;
    query.state = DeadState::Discarded;
    query.where = filterOf("error = TOPIC_AUTHORIZATION_FAILED");
    query.sortBy = DeadQuery::Column::SettledAt;
    EXPECT_THAT(*openReader(folder.data())->deadIds(query), ElementsAre(DeadLetterId(2)));
    DeadGroupQuery groups;
    groups.state = DeadState::Discarded;
    EXPECT_EQ(openReader(folder.data())->deadGroups(groups)->letters, 3);
    query.where = filterOf("thread = nobody");
    query.sortBy = DeadQuery::Column::Thread;
    EXPECT_THAT(*openReader(folder.data())->deadIds(query), IsEmpty());
}

TEST_F(DeadChanges, WordsOfRemovedLettersLeaveTheSearchIndex) {
    const auto indexed = [this] { return count("SELECT letters FROM progress", "search.db"); };
    const auto index = [&](std::int64_t letters) {
        SearchIndexer indexer({folder.data(), {}, {}});
        EXPECT_TRUE(dashstream::testing::waitUntil(
            [&] {
                const auto state = openReader(folder.data())->searchState();
                return state->missing == 0 && indexed() == letters;
            },
            std::chrono::seconds(60)));
    };
    index(6);
    change(DeadAction::Discard, {1, 2, 3}, at(100));
    remove(at(1'000));
    EXPECT_EQ(indexed(), 6) << "the words are there still";

    index(3);
}

TEST(DeadReason, IsRequiredBoundedAndPlainText) {
    EXPECT_TRUE(checkReason("load test, nobody reads it – Ärger"));
    EXPECT_TRUE(checkReason(std::string(kReasonBytes, 'x')));
    for (const std::string& bad : {std::string(), std::string("   "), std::string(kReasonBytes + 1, 'x'),
                                   std::string("a\xff"), std::string("two\nlines"), std::string("a\0b", 3)}) {
        const auto checked = checkReason(bad);
        ASSERT_FALSE(checked) << bad;
        EXPECT_EQ(checked.error().code, "dead.reason");
        EXPECT_FALSE(checked.error().remedy.empty());
    }
    EXPECT_EQ(checkChange({DeadAction::Discard, {}, "x"}).error().code, "dead.letters");
    EXPECT_EQ(checkChange({DeadAction::Discard, {DeadLetterId(1)}, ""}).error().code, "dead.reason");
    EXPECT_TRUE(checkChange({DeadAction::Restore, {DeadLetterId(1)}, ""}));
    EXPECT_THAT(changeText(DeadAction::Discard, {3, 1, 0, 0}), HasSubstr("1 that a resend has at hand"));
}

} // namespace
} // namespace dashstream::store::test
