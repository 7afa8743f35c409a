// Group commits: order, one batch whole or not at all, reading beside them.
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>

#include <future>
#include <latch>
#include <thread>

namespace dashstream::store::test {
namespace {

/// Submits `batches` while the writer is held up, so that they share one group.
std::vector<Result<void>> commitTogether(Store& store, std::vector<WriteBatch> batches) {
    std::promise<void> gate;
    const std::shared_future<void> opened = gate.get_future().share();
    store.submit(batchOf(op::AppendAudit{}), [opened](const Result<void>&) { opened.wait(); });
    std::vector<Result<void>> results(batches.size());
    std::latch done(static_cast<std::ptrdiff_t>(batches.size()));
    for (std::size_t i = 0; i < batches.size(); ++i) {
        store.submit(std::move(batches[i]), [&results, &done, i](Result<void> result) {
            results[i] = std::move(result);
            done.count_down();
        });
    }
    gate.set_value();
    done.wait();
    return results;
}

TEST(StoreCommit, BadBatchFailsAloneAndLeavesNothing) {
    const TempFolder folder;
    const auto store = openStore(folder.data());

    const auto results =
        commitTogether(*store, {batchOf(op::PutRetry{sampleRetry(1)}),
                                // its first operations are sound, the last names a job that is not there
                                batchOf(op::PutRetry{sampleRetry(2)}, op::DropRetry{RetryId(1)},
                                        op::PutResendJob{{ResendJobId(1), {}, {}, {}, "", 1, 0, 0}, {DeadLetterId(7)}},
                                        op::AddResendItems{ResendJobId(77), {DeadLetterId(7)}}),
                                batchOf(op::PutRetry{sampleRetry(3)})});

    expectStored(results[0]);
    ASSERT_FALSE(results[1]);
    EXPECT_EQ(results[1].error().code, "store.constraint");
    expectStored(results[2]);
    const auto ids = openReader(folder.data())->retryIds({"", "", RetryQuery::Column::Id, SortOrder::Ascending});
    ASSERT_TRUE(ids);
    EXPECT_THAT(*ids, ::testing::ElementsAre(RetryId(1), RetryId(3)));
    EXPECT_TRUE(openReader(folder.data())->resendJobs(false)->empty());
}

TEST(StoreCommit, UpdateOfNothingIsAnError) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    op::UpdateRetry update;
    update.id = RetryId(5);

    for (const WriteBatch& batch :
         {batchOf(op::PutRetry{sampleRetry(1)}, std::move(update)),
          batchOf(op::PutRetry{sampleRetry(1)}, op::SetDeadState{DeadLetterId(9), DeadState::Resent}),
          batchOf(op::PutRetry{sampleRetry(1)},
                  op::SetResendItems{ResendJobId(1), ResendItemState::Sending, {{DeadLetterId(1)}}}),
          batchOf(op::PutRetry{sampleRetry(1)}, op::SetResendJob{})}) {
        const auto result = store->commit(batch);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, "store.no_such_entry");
    }
    EXPECT_EQ(openReader(folder.data())->counts()->retries, 0);
}

TEST(StoreCommit, DoneComesInTheOrderOfSubmission) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    std::vector<int> order; // touched by the writer thread alone until close()
    for (int i = 0; i < 500; ++i) {
        store->submit(batchOf(op::PutRetry{sampleRetry(i + 1)}), [&order, i](const Result<void>& result) {
            EXPECT_TRUE(result);
            order.push_back(i);
        });
    }

    store->close();

    ASSERT_EQ(order.size(), 500U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_EQ(openReader(folder.data())->counts()->retries, 500);
    EXPECT_EQ(store->pendingOps(), 0U);
}

TEST(StoreCommit, CountsWhatIsPending) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    std::promise<void> gate;
    const std::shared_future<void> opened = gate.get_future().share();
    store->submit(batchOf(op::AppendAudit{}), [opened](const Result<void>&) { opened.wait(); });
    store->submit(batchOf(op::AppendAudit{}, op::AppendAudit{}), {});

    EXPECT_EQ(store->pendingOps(), 3U);
    gate.set_value();
    store->close();
    EXPECT_EQ(store->pendingOps(), 0U);
}

TEST(StoreCommit, GroupLargerThanTheLimitIsSplitNotLost) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    std::vector<WriteBatch> batches;
    for (std::int64_t i = 0; i < 6; ++i) {
        batches.push_back(manyOf<op::PutThread>(i * 9000, i * 9000 + 8999, [](auto n) {
            ThreadRecord record;
            record.thread = std::to_string(n);
            return record;
        }));
    }
    batches.push_back(manyOf<op::AppendAudit>(1, 25'000, [](auto) { return AuditEntry{}; })); // alone above the limit

    for (const Result<void>& result : commitTogether(*store, std::move(batches))) {
        expectStored(result);
    }
    EXPECT_EQ(openReader(folder.data())->counts()->threads, 54'000);
    EXPECT_EQ(openReader(folder.data())->audit(100'000)->size(), 25'001U);
}

TEST(StoreCommit, ReaderSeesWholeBatchesWhileTheWriterRuns) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    std::atomic<bool> stop{false};
    std::atomic<int> looks{0};
    std::thread watcher([&] {
        const auto reader = openReader(folder.data());
        while (!stop) {
            const auto counts = reader->counts();
            ASSERT_TRUE(counts) << counts.error().text();
            EXPECT_EQ(counts->retries, counts->openDead);
            EXPECT_EQ(counts->retries, counts->threads);
            ++looks;
        }
    });

    for (std::int64_t n = 1; n <= 300 || looks < 20; ++n) {
        ThreadRecord record;
        record.thread = std::to_string(n);
        expectStored(
            store->commit(batchOf(op::PutRetry{sampleRetry(n)}, op::PutThread{record}, op::PutDead{sampleDead(n)})));
    }
    stop = true;
    watcher.join();
}

TEST(StoreCommit, ManyThreadsMaySubmit) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    std::vector<std::thread> writers;
    for (std::int64_t w = 0; w < 4; ++w) {
        writers.emplace_back([&store, w] {
            for (std::int64_t n = 1; n <= 50; ++n) {
                expectStored(store->commit(batchOf(op::PutRetry{sampleRetry(w * 50 + n)})));
            }
        });
    }
    for (std::thread& writer : writers) {
        writer.join();
    }
    EXPECT_EQ(openReader(folder.data())->counts()->retries, 200);
}

TEST(StoreCommit, LogIsBroughtInWhileItRuns) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    RetryEntry big = sampleRetry(1);
    big.message.value.assign(1'000'000, 'x');

    for (int i = 0; i < 100; ++i) { // 100 MB pass through the log
        big.message.value[0] = static_cast<char>(i);
        expectStored(store->commit(batchOf(op::PutRetry{big})));
    }

    EXPECT_LT(std::filesystem::file_size(folder.data() / "store.db-wal"), 40'000'000U);
}

} // namespace
} // namespace dashstream::store::test
