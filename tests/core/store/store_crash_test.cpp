// kill -9 at any moment: what was reported as stored is stored, and each batch is there whole or not at all.
#include "tests/core/store/child_process.h"
#include "tests/core/store/same_rows.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>

#include <random>

namespace dashstream::store::test {
namespace {

/// Three rows that belong together.
WriteBatch tripleOf(std::int64_t number) {
    ThreadRecord record;
    record.thread = std::to_string(number);
    return batchOf(op::PutRetry{sampleRetry(number)}, op::PutThread{record}, op::PutDead{sampleDead(number)});
}

/// Submits from `first` on, as fast as it goes, and tells each number after its commit.
int submitForever(const std::filesystem::path& folder, std::int64_t first, int pipe) {
    const auto opened = Store::open(folder);
    if (!opened) {
        return 1;
    }
    for (std::int64_t number = first;; ++number) {
        (*opened)->submit(tripleOf(number), [pipe, number](const Result<void>& result) {
            ChildProcess::tell(pipe, result ? number : -1);
        });
        while ((*opened)->pendingOps() > 3000) {
            std::this_thread::yield();
        }
    }
}

void expectWhole(const std::filesystem::path& folder, std::int64_t told) {
    const auto reader = openReader(folder); // nobody has the store open: the log is as the crash left it
    const auto counts = reader->counts();
    ASSERT_TRUE(counts);
    EXPECT_GE(counts->retries, told);
    EXPECT_EQ(counts->retries, counts->threads);
    EXPECT_EQ(counts->retries, counts->openDead);
    const auto ids = reader->retryIds({"", "", RetryQuery::Column::Id, SortOrder::Ascending});
    ASSERT_TRUE(ids);
    EXPECT_EQ(ids->back().value, counts->retries); // 1 … n without a hole
    const auto last = reader->retry(ids->back());
    ASSERT_TRUE(last);
    expectSame(*last, sampleRetry(ids->back().value));
}

TEST(StoreCrash, WhatWasReportedSurvivesKillMinusNine) {
    const TempFolder folder;
    std::mt19937 random(20);
    std::int64_t stored = 0;
    for (int round = 0; round < 40; ++round) {
        ChildProcess child([&](int pipe) { return submitForever(folder.data(), stored + 1, pipe); });
        const auto wanted = static_cast<std::int64_t>(random() % 400) + 1;
        std::int64_t told = stored;
        for (std::int64_t i = 0; i < wanted; ++i) {
            const auto number = child.next();
            ASSERT_EQ(number, told + 1) << "round " << round;
            told = *number;
        }

        child.kill();

        expectWhole(folder.data(), told);
        if (round % 2 == 0) { // every other round the next child recovers by itself
            const auto store = openStore(folder.data());
            EXPECT_EQ(store->summary().nextRetry.value, store->summary().retries + 1);
        }
        stored = openReader(folder.data())->counts()->retries;
    }
}

TEST(StoreCrash, NewStoreKilledWhileItIsMadeIsMadeByTheNext) {
    for (int round = 0; round < 40; ++round) {
        const TempFolder folder;
        ChildProcess child([&](int pipe) {
            ChildProcess::tell(pipe, 1);
            const auto store = Store::open(folder.data());
            return store ? ::pause() : 1;
        });
        ASSERT_EQ(child.next(), 1);
        for (int spin = 0; spin < round * 2000; ++spin) { // a little later in each round
            std::atomic_signal_fence(std::memory_order_seq_cst);
        }

        child.kill();

        const auto store = openStore(folder.data());
        ASSERT_NE(store, nullptr);
        expectStored(store->commit(tripleOf(1)));
    }
}

} // namespace
} // namespace dashstream::store::test
