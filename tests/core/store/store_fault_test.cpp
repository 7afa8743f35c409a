// Disk full, failing writes and syncs, at every place where they can happen. After each: what was reported as stored is
// there, what was reported as failed is not, and the store takes it when the disk is well again.
#include "tests/core/store/child_process.h"
#include "tests/core/store/faulty_vfs.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <set>

namespace dashstream::store::test {
namespace {

using ::testing::HasSubstr;

struct Fault {
    FaultyVfs::Call call;
    const char* suffix;
    int code;
    int times;
    const char* error; ///< code of the Error that the caller sees
};

void PrintTo(const Fault& fault, std::ostream* out) {
    *out << (fault.call == FaultyVfs::Call::Write ? "write" : "sync") << fault.suffix << " gives " << fault.code << " "
         << fault.times << " times";
}

std::set<std::int64_t> storedRetries(const std::filesystem::path& folder) {
    const auto ids = openReader(folder)->retryIds({});
    EXPECT_TRUE(ids);
    std::set<std::int64_t> found;
    for (const RetryId id : *ids) {
        found.insert(id.value);
    }
    return found;
}

/// A batch that fills several pages and touches old ones.
WriteBatch workBatch(std::int64_t number) {
    RetryEntry entry = sampleRetry(number);
    entry.message.value.assign(9'000, static_cast<char>(number));
    ThreadRecord record;
    record.thread = entry.message.thread;
    record.next = SequenceNo(static_cast<std::uint64_t>(number));
    return batchOf(op::PutRetry{entry}, op::PutThread{record});
}

class StoreFault : public ::testing::TestWithParam<Fault> {};

TEST_P(StoreFault, EachPlaceInACommitFailsCleanly) {
    const Fault fault = GetParam();
    FaultyVfs vfs;
    bool reached = true;
    int places = 0;
    for (int nth = 1; reached; ++nth) {
        const TempFolder folder;
        const auto store = openStore(folder.data(), {vfs.name()});
        expectStored(store->commit(workBatch(1)));
        std::set<std::int64_t> expected{1};

        vfs.failFrom(fault.call, fault.suffix, nth, fault.code, fault.times);
        for (std::int64_t number = 2; number <= 4; ++number) {
            const Result<void> result = store->commit(workBatch(number));
            if (result) {
                expected.insert(number);
            } else {
                EXPECT_EQ(result.error().code, fault.error);
                EXPECT_EQ(result.error().errorClass, ErrorClass::Local);
                EXPECT_THAT(result.error().message, HasSubstr((folder.data() / "store.db").string()));
                EXPECT_THAT(result.error().message, HasSubstr("MiB are free"));
                EXPECT_FALSE(result.error().remedy.empty());
            }
        }
        reached = vfs.failed() > 0;
        places += reached ? 1 : 0;
        EXPECT_EQ(storedRetries(folder.data()), expected) << "while the disk is ill, place " << nth;
        EXPECT_TRUE(!reached || expected.size() < 4) << "place " << nth;

        vfs.heal();
        for (std::int64_t number = 2; number <= 5; ++number) {
            expectStored(store->commit(workBatch(number)));
        }
        store->close();
        EXPECT_EQ(storedRetries(openStore(folder.data())->databasePath().parent_path()),
                  (std::set<std::int64_t>{1, 2, 3, 4, 5}));
    }
    EXPECT_GT(places, 2);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, StoreFault,
    ::testing::Values(Fault{FaultyVfs::Call::Write, "-wal", SQLITE_FULL, 1, "store.full"},
                      Fault{FaultyVfs::Call::Write, "-wal", SQLITE_FULL, FaultyVfs::kForever, "store.full"},
                      Fault{FaultyVfs::Call::Write, "-wal", SQLITE_IOERR_WRITE, 1, "store.io"},
                      Fault{FaultyVfs::Call::Sync, "-wal", SQLITE_IOERR_FSYNC, 1, "store.io"},
                      Fault{FaultyVfs::Call::Sync, "-wal", SQLITE_IOERR_FSYNC, FaultyVfs::kForever, "store.io"}));

TEST(StoreFaults, WholeGroupIsToldWhenTheDiskFails) {
    const TempFolder folder;
    FaultyVfs vfs;
    const auto store = openStore(folder.data(), {vfs.name()});
    vfs.failFrom(FaultyVfs::Call::Sync, "-wal", 1, SQLITE_IOERR_FSYNC, FaultyVfs::kForever);
    int told = 0;
    for (std::int64_t number = 1; number <= 50; ++number) {
        store->submit(workBatch(number), [&told](const Result<void>& result) {
            ASSERT_FALSE(result);
            EXPECT_EQ(result.error().code, "store.io");
            ++told;
        });
    }
    store->close();

    EXPECT_EQ(told, 50);
    vfs.heal();
    EXPECT_TRUE(storedRetries(folder.data()).empty());
}

TEST(StoreFaults, FailedCommitDoesNotComeBackAfterACrash) {
    const TempFolder folder;
    ChildProcess child([&](int pipe) {
        FaultyVfs vfs;
        const auto store = openStore(folder.data(), {vfs.name()});
        ChildProcess::tell(pipe, store->commit(workBatch(1)) ? 1 : 0);
        vfs.failFrom(FaultyVfs::Call::Sync, "-wal", 1, SQLITE_IOERR_FSYNC, FaultyVfs::kForever);
        ChildProcess::tell(pipe, store->commit(workBatch(2)) ? 1 : 0);
        return ::pause();
    });
    ASSERT_EQ(child.next(), 1);
    ASSERT_EQ(child.next(), 0); // reported as not stored

    child.kill();

    EXPECT_EQ(storedRetries(folder.data()), (std::set<std::int64_t>{1}));
    EXPECT_EQ(openStore(folder.data())->summary().retries, 1);
}

TEST(StoreFaults, CheckpointThatFailsLosesNothing) {
    const TempFolder folder;
    FaultyVfs vfs;
    constexpr std::int64_t kCount = 150; // some 30 MB: two checkpoints are due
    {
        const auto store = openStore(folder.data(), {vfs.name()});
        vfs.failFrom(FaultyVfs::Call::Write, ".db", 20, SQLITE_FULL, FaultyVfs::kForever);
        for (std::int64_t number = 1; number <= kCount; ++number) {
            RetryEntry entry = sampleRetry(number);
            entry.message.value.assign(200'000, static_cast<char>(number));
            expectStored(store->commit(batchOf(op::PutRetry{entry})));
        }
        EXPECT_GT(vfs.failed(), 0);
    }
    vfs.heal();

    EXPECT_EQ(storedRetries(folder.data()).size(), static_cast<std::size_t>(kCount));
    const auto store = openStore(folder.data());
    EXPECT_EQ(store->summary().retries, kCount);
    const auto last = openReader(folder.data())->retry(RetryId(kCount));
    ASSERT_TRUE(last);
    EXPECT_EQ(last->message.value, std::string(200'000, static_cast<char>(kCount)));
}

class StoreOpenFault : public ::testing::TestWithParam<Fault> {};

TEST_P(StoreOpenFault, MakingAStoreCanFailAnywhereAndBeRepeated) {
    const Fault fault = GetParam();
    FaultyVfs vfs;
    bool reached = true;
    int refused = 0;
    for (int nth = 1; reached; ++nth) {
        const TempFolder folder;
        vfs.failFrom(fault.call, fault.suffix, nth, fault.code, fault.times);
        {
            const auto store = Store::open(folder.data(), {vfs.name()});
            reached = vfs.failed() > 0;
            if (!store) {
                ++refused;
                EXPECT_EQ(store.error().errorClass, ErrorClass::Local) << store.error().text();
                EXPECT_EQ(store.error().code, fault.error) << store.error().text();
            }
        }
        vfs.heal();
        const auto store = openStore(folder.data(), {vfs.name()});
        ASSERT_NE(store, nullptr);
        expectStored(store->commit(workBatch(1)));
    }
    EXPECT_GT(refused, 1);
}

INSTANTIATE_TEST_SUITE_P(Faults, StoreOpenFault,
                         ::testing::Values(Fault{FaultyVfs::Call::Write, "", SQLITE_FULL, 1, "store.full"},
                                           Fault{FaultyVfs::Call::Sync, "", SQLITE_IOERR_FSYNC, 1, "store.io"}));

TEST(StoreFaults, FileSizeLimitOfTheSystemIsAnErrorNotACrash) {
    const TempFolder folder;
    ChildProcess child([&](int) {
        ::signal(SIGXFSZ, SIG_IGN);
        const auto store = Store::open(folder.data());
        rlimit limit{};
        if (!store || ::getrlimit(RLIMIT_FSIZE, &limit) != 0) {
            return 10;
        }
        const rlim_t before = limit.rlim_cur;
        limit.rlim_cur = 1'000'000;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        std::int64_t number = 0;
        Result<void> result;
        while (result && number < 200) {
            result = (*store)->commit(workBatch(++number));
        }
        if (result || (result.error().code != "store.full" && result.error().code != "store.io")) {
            return 11;
        }
        limit.rlim_cur = before;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        if (!(*store)->commit(workBatch(number))) {
            return 12;
        }
        (*store)->close();
        return storedRetries(folder.data()).size() == static_cast<std::size_t>(number) ? 0 : 13;
    });

    EXPECT_EQ(child.wait(), 0);
}

} // namespace
} // namespace dashstream::store::test
