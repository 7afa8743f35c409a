// What is written comes back whole, after a restart too.
#include "tests/core/store/same_rows.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>

namespace dashstream::store::test {
namespace {

TEST(StoreRoundTrip, RetryEntryKeepsEveryField) {
    const TempFolder folder;
    const RetryEntry entry = sampleRetry(5);
    expectStored(openStore(folder.data())->commit(batchOf(op::PutRetry{entry})));

    const auto read = openReader(folder.data())->retry(RetryId(5));

    ASSERT_TRUE(read);
    expectSame(*read, entry);
}

TEST(StoreRoundTrip, DeadLetterKeepsFullPayload) {
    const TempFolder folder;
    DeadLetter letter = sampleDead(6);
    letter.message.value.assign(3'000'000, '\0'); // larger than a page, a WAL frame and the broker's limit
    letter.message.value[1'500'000] = '\x7f';
    expectStored(openStore(folder.data())->commit(batchOf(op::PutDead{letter})));

    const auto read = openReader(folder.data())->deadLetter(DeadLetterId(6));

    ASSERT_TRUE(read);
    expectSame(*read, letter);
}

TEST(StoreRoundTrip, EmptyAndNulBytesSurviveInEveryText) {
    const TempFolder folder;
    RetryEntry empty;
    empty.id = RetryId(1);
    RetryEntry nul = sampleRetry(2);
    const std::string odd("a\0b\xc3\x28", 5); // a NUL byte, and no valid UTF-8
    nul.message.thread = nul.message.tenant = nul.message.topic = nul.message.source = nul.cause = odd;
    nul.message.traceparent = nul.message.tracestate = nul.message.value = odd;
    nul.attempts[0].code = nul.attempts[0].text = odd;
    expectStored(openStore(folder.data())->commit(batchOf(op::PutRetry{empty}, op::PutRetry{nul})));

    const auto reader = openReader(folder.data());
    const auto readEmpty = reader->retry(RetryId(1));
    const auto readNul = reader->retry(RetryId(2));

    ASSERT_TRUE(readEmpty);
    ASSERT_TRUE(readNul);
    expectSame(*readEmpty, empty);
    expectSame(*readNul, nul);
}

TEST(StoreRoundTrip, UpdateAddsAttemptsAndKeepsTheMessage) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    RetryEntry entry = sampleRetry(1, 2);
    expectStored(store->commit(batchOf(op::PutRetry{entry})));

    expectStored(store->commit(batchOf(op::UpdateRetry{
        entry.id, RetryState::Waiting, "LEADER_NOT_AVAILABLE", std::nullopt, true, {sampleAttempt(3)}})));

    entry.state = RetryState::Waiting;
    entry.cause = "LEADER_NOT_AVAILABLE";
    entry.nextTry.reset();
    entry.outcomeUnknown = true;
    entry.attempts.push_back(sampleAttempt(3));
    const auto reader = openReader(folder.data());
    const auto read = reader->retry(entry.id);
    ASSERT_TRUE(read);
    expectSame(*read, entry);
    const std::vector<RetryId> ids{entry.id};
    const auto rows = reader->retryRows(ids);
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->at(0).attempts, 3);
}

TEST(StoreRoundTrip, PutReplacesWhole) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    expectStored(store->commit(batchOf(op::PutRetry{sampleRetry(1, 5)}, op::PutDead{sampleDead(1, 5)})));
    RetryEntry retry = sampleRetry(1, 1);
    retry.message.value = "other";
    retry.resendOf.reset();
    DeadLetter dead = sampleDead(1, 0);
    dead.message.value = "another";
    dead.state = DeadState::Resent;

    expectStored(store->commit(batchOf(op::PutRetry{retry}, op::PutDead{dead})));

    const auto reader = openReader(folder.data());
    const auto readRetry = reader->retry(RetryId(1));
    const auto readDead = reader->deadLetter(DeadLetterId(1));
    ASSERT_TRUE(readRetry);
    ASSERT_TRUE(readDead);
    expectSame(*readRetry, retry);
    expectSame(*readDead, dead);
}

TEST(StoreRoundTrip, DropTakesValueAndAttemptsWithIt) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    expectStored(store->commit(manyOf<op::PutRetry>(1, 3, [](auto n) { return sampleRetry(n, 4); })));

    expectStored(store->commit(batchOf(op::DropRetry{RetryId(2)}, op::DropRetry{RetryId(99)})));
    expectStored(store->commit(batchOf(op::PutRetry{sampleRetry(2, 0)})));

    const auto reader = openReader(folder.data());
    const auto again = reader->retry(RetryId(2));
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->attempts.empty());
    EXPECT_EQ(reader->counts()->retries, 3);
}

TEST(StoreRoundTrip, ThreadKeepsItsNumbers) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    ThreadRecord second;
    second.thread = "t-2";
    const ThreadRecord record{"t-1", SequenceNo(~0ULL), SequenceNo(1'000'001), SequenceNo(17), 16, 1, at(42)};
    expectStored(store->commit(batchOf(op::PutThread{{"t-1", SequenceNo(2), SequenceNo(9), SequenceNo(1), 1, 0, at(1)}},
                                       op::PutThread{record}, op::PutThread{second})));

    const std::vector<std::string> names{"t-1", "not there", "t-2"};
    const auto read = openReader(folder.data())->threads(names);

    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 2U);
    const ThreadRecord& got = read->at("t-1");
    EXPECT_EQ(got.next, record.next);
    EXPECT_EQ(got.reservedUntil, record.reservedUntil);
    EXPECT_EQ(got.lastDelivered, record.lastDelivered);
    EXPECT_EQ(got.delivered, record.delivered);
    EXPECT_EQ(got.dead, record.dead);
    EXPECT_EQ(got.updatedAt, record.updatedAt);
    EXPECT_EQ(read->at("t-2").next, SequenceNo(1));
}

TEST(StoreRoundTrip, RetryWhoseValueTheJournalHoldsKeepsItsLength) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    RetryEntry entry = sampleRetry(1);
    const auto inRow = static_cast<std::int64_t>(entry.message.value.size());
    expectStored(store->commit(batchOf(op::PutRetry{entry})));
    const std::vector<RetryId> ids{entry.id};
    const auto reader = openReader(folder.data());
    EXPECT_EQ(reader->retryRows(ids)->at(0).bytes, inRow);
    EXPECT_EQ(reader->retry(entry.id)->valueBytes, 0);

    entry.message.value.clear();
    entry.message.entry = 77;
    entry.valueBytes = 612;
    expectStored(store->commit(batchOf(op::PutRetry{entry})));

    const auto read = reader->retry(entry.id);
    ASSERT_TRUE(read);
    expectSame(*read, entry);
    EXPECT_EQ(reader->retryRows(ids)->at(0).bytes, 612);
}

TEST(StoreRoundTrip, SourceKeepsHowFarItWasRead) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    std::string digest(32, '\x07');
    digest[0] = '\0';
    SourceRecord first{SourceNumber(1), "jsonl:/in/a.jsonl", 5'000'000'000, 40, digest, 5'000'000'100, at(7)};
    const SourceRecord other{SourceNumber(~0U), "frames:/in/b", 0, 0, {}, 0, at(9)};
    expectStored(store->commit(
        batchOf(op::PutSource{{first.number, "jsonl:/in/a.jsonl", 1, 1, {}, 0, at(1)}}, op::PutSource{other})));

    expectStored(store->commit(batchOf(op::PutSource{first})));

    const auto reader = openReader(folder.data());
    const auto read = reader->source(first.name);
    ASSERT_TRUE(read && *read);
    EXPECT_EQ(**read, first);
    EXPECT_EQ(*reader->source("jsonl:/in/b"), std::nullopt);
    EXPECT_EQ(*reader->sources(10), (std::vector{other, first}));
    EXPECT_EQ(*reader->sources(1), std::vector{other});
}

TEST(StoreRoundTrip, SourceThatIsStartedAnewHasItsNewNumberAlone) {
    const TempFolder folder;
    const SourceRecord other{SourceNumber(2), "jsonl:/b", 3, 1, {}, 0, at(1)};
    const SourceRecord anew{SourceNumber(3), "jsonl:/a", 0, 0, {}, 0, at(2)};
    const auto store = openStore(folder.data());
    expectStored(
        store->commit(batchOf(op::PutSource{{SourceNumber(1), "jsonl:/a", 9, 1, {}, 0, at(1)}}, op::PutSource{other})));

    expectStored(store->commit(batchOf(op::PutSource{anew})));

    EXPECT_EQ(*openReader(folder.data())->sources(10), (std::vector{anew, other}));
}

TEST(StoreRoundTrip, EntriesOfDeadLettersAreListedFromOneOn) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    const auto dead = [&](std::int64_t id, std::uint64_t entry, DeadState state) {
        DeadLetter letter = sampleDead(id);
        letter.message.entry = entry;
        letter.state = state;
        expectStored(store->commit(batchOf(op::PutDead{letter})));
    };
    dead(1, 30, DeadState::Open);
    dead(2, 10, DeadState::Discarded);
    dead(3, 0, DeadState::Open);
    dead(4, 20, DeadState::Resent);

    const auto reader = openReader(folder.data());

    EXPECT_EQ(*reader->deadEntriesFrom(0), (std::vector<std::uint64_t>{10, 20, 30}));
    EXPECT_EQ(*reader->deadEntriesFrom(11), (std::vector<std::uint64_t>{20, 30}));
    EXPECT_EQ(*reader->deadEntriesFrom(30), (std::vector<std::uint64_t>{30}));
    EXPECT_TRUE(reader->deadEntriesFrom(31)->empty());
}

TEST(StoreRoundTrip, SummaryKnowsTheHighestEntryWhereverItIsNamed) {
    const TempFolder folder;
    const auto highest = [&folder] { return openStore(folder.data())->summary().highestEntry; };
    const auto put = [&folder](auto operation) { expectStored(openStore(folder.data())->commit(batchOf(operation))); };
    EXPECT_EQ(highest(), 0U);

    put(op::SetJournalCheckpoint{100});
    EXPECT_EQ(highest(), 100U);
    EXPECT_EQ(openStore(folder.data())->summary().journalCheckpoint, 100U);
    RetryEntry retry = sampleRetry(1);
    retry.message.entry = 101;
    put(op::PutRetry{retry});
    EXPECT_EQ(highest(), 101U);
    DeadLetter letter = sampleDead(1);
    letter.message.entry = 102;
    letter.state = DeadState::Discarded;
    put(op::PutDead{letter});
    EXPECT_EQ(highest(), 102U);
    put(op::SetJournalCheckpoint{103});
    EXPECT_EQ(highest(), 103U);
}

TEST(StoreRoundTrip, NumbersOfSourcesGoOn) {
    const TempFolder folder;
    EXPECT_EQ(openStore(folder.data())->summary().nextSource, SourceNumber(1));

    expectStored(
        openStore(folder.data())->commit(batchOf(op::PutSource{{SourceNumber(7), "jsonl:/a", 0, 0, {}, 0, at(1)}})));

    EXPECT_EQ(openStore(folder.data())->summary().nextSource, SourceNumber(8));
}

TEST(StoreRoundTrip, ResendJobIsALedger) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    expectStored(store->commit(manyOf<op::PutDead>(1, 4, [](auto n) { return sampleDead(n); })));
    ResendJob job{ResendJobId(1), ResendJobState::Preparing, at(5), {}, "operator", 4, 0, 0};
    job.topic = "events";
    job.ratePerSecond = 12.5;
    job.canary = 2;
    job.canaryWait = milliseconds(7);
    job.maxFailedPercent = 30;
    job.filter = "tenant = acme";
    expectStored(store->commit(batchOf(op::PutResendJob{job, {DeadLetterId(1), DeadLetterId(2)}})));
    expectStored(store->commit(
        batchOf(op::AddResendItems{job.id, {DeadLetterId(3), DeadLetterId(4)}}, op::StartResendJob{job.id})));
    Attempt again = sampleAttempt(1);
    again.code = "MSG_SIZE_TOO_LARGE";
    op::SettleResendItems settle{job.id,
                                 {{DeadLetterId(1), PartitionId(2), Offset(77)}},
                                 {{DeadLetterId(2), "too large", again, ErrorClass::PermanentMessage},
                                  {DeadLetterId(4), "discarded meanwhile", std::nullopt, std::nullopt}}};
    expectStored(store->commit(
        batchOf(op::SetResendItems{job.id, ResendItemState::Sending, {{DeadLetterId(3), {}, PartitionId(1)}}},
                op::PutResendBound{job.id, {PartitionId(1), Offset(40), "topic-id"}},
                op::PutResendBound{job.id, {PartitionId(1), Offset(50), "topic-id"}}, settle)));

    const auto reader = openReader(folder.data());
    const auto jobs = reader->resendJobs(true);
    ASSERT_EQ(jobs->size(), 1U);
    EXPECT_EQ(jobs->at(0).state, ResendJobState::Running);
    EXPECT_EQ(jobs->at(0).delivered, 1);
    EXPECT_EQ(jobs->at(0).failed, 2);
    EXPECT_EQ(jobs->at(0).ratePerSecond, 12.5);
    EXPECT_EQ(jobs->at(0).canaryWait, milliseconds(7));
    EXPECT_EQ(jobs->at(0).filter, "tenant = acme");
    const auto of = [&](ResendItemState state) { return *reader->resendItems(job.id, state, DeadLetterId(0), 10); };
    EXPECT_TRUE(of(ResendItemState::Pending).empty());
    ASSERT_EQ(of(ResendItemState::Sending).size(), 1U);
    EXPECT_EQ(of(ResendItemState::Sending)[0].partition, PartitionId(1));
    ASSERT_EQ(of(ResendItemState::Delivered).size(), 1U);
    EXPECT_EQ(of(ResendItemState::Delivered)[0].offset, Offset(77));
    ASSERT_EQ(of(ResendItemState::Failed).size(), 2U);
    EXPECT_EQ(of(ResendItemState::Failed)[0].error, "too large");
    EXPECT_EQ(*reader->resendBounds(job.id), (std::vector<ResendBound>{{PartitionId(1), Offset(50), "topic-id"}}));

    EXPECT_EQ(reader->deadLetter(DeadLetterId(1))->state, DeadState::Resent);
    const auto failed = reader->deadLetter(DeadLetterId(2));
    EXPECT_EQ(failed->state, DeadState::Open);
    EXPECT_EQ(failed->errorCode, "MSG_SIZE_TOO_LARGE");
    EXPECT_EQ(failed->errorClass, ErrorClass::PermanentMessage);
    EXPECT_EQ(failed->rounds, sampleDead(2).rounds + 1);
    EXPECT_EQ(failed->attempts.size(), sampleDead(2).attempts.size() + 1);
    EXPECT_EQ(reader->deadLetter(DeadLetterId(4))->rounds, sampleDead(4).rounds);

    job.state = ResendJobState::Cancelled;
    job.endedAt = at(9);
    expectStored(store->commit(batchOf(op::SetResendJob{job})));
    EXPECT_TRUE(reader->resendJobs(true)->empty());
    EXPECT_EQ(reader->resendJobs(false)->at(0).delivered, 1) << "counts are kept by outcomes alone";
}

TEST(StoreRoundTrip, AuditIsNewestFirstAndNumberedByTheStore) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    expectStored(store->commit(batchOf(op::AppendAudit{{77, at(1), "ann", "dead.resend", "all of t-1", 3}},
                                       op::AppendAudit{{77, at(2), "bob", "retries.give_up", "", 1}})));

    const auto entries = openReader(folder.data())->audit(10);

    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 2U);
    EXPECT_EQ(entries->at(0).id, 2);
    EXPECT_EQ(entries->at(0).user, "bob");
    EXPECT_EQ(entries->at(1).id, 1);
    EXPECT_EQ(entries->at(1).action, "dead.resend");
    EXPECT_EQ(entries->at(1).detail, "all of t-1");
    EXPECT_EQ(entries->at(1).count, 3);
    EXPECT_EQ(entries->at(1).at, at(1));
}

TEST(StoreRoundTrip, IdsGoOnAfterWhatWasDropped) {
    const TempFolder folder;
    {
        const auto store = openStore(folder.data());
        EXPECT_EQ(store->summary().nextRetry, RetryId(1));
        expectStored(store->commit(batchOf(op::PutRetry{sampleRetry(41)}, op::PutDead{sampleDead(7)})));
        expectStored(store->commit(
            batchOf(op::DropRetry{RetryId(41)}, op::SetDeadState{DeadLetterId(7), DeadState::Resending})));
    }
    const auto store = openStore(folder.data());

    EXPECT_EQ(store->summary().nextRetry, RetryId(42));
    EXPECT_EQ(store->summary().nextDead, DeadLetterId(8));
    EXPECT_EQ(store->summary().nextJob, ResendJobId(1));
    EXPECT_EQ(store->summary().retries, 0);
    EXPECT_EQ(store->summary().openDead, 1);
}

} // namespace
} // namespace dashstream::store::test
