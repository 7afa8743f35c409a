// The store on a disk that loses its power at any write or sync, forgets what was not synced, tears pages, and fails.
// Seeded: DASHSTREAM_SEED=n repeats one run, DASHSTREAM_SEEDS=n runs so many.
#include "tests/core/store/crash_vfs.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <cstdlib>
#include <set>

namespace dashstream::store::test {
namespace {

std::uint64_t numberFrom(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// What the store said of each entry.
struct Told {
    std::set<std::int64_t> stored;
    std::set<std::int64_t> refused;  ///< by a disk that had its power
    std::set<std::int64_t> doubtful; ///< power was lost meanwhile, or the sync failed: a new start tells
};

class PowerLives {
public:
    PowerLives(CrashDisk& disk, const TempFolder& folder, std::uint64_t seed)
        : m_disk(disk), m_folder(folder), m_random(seed) {
        m_disk.load({});
    }

    /// What is wrong; empty: nothing.
    std::vector<std::string> live() {
        for (int life = 0; life < 5 && m_wrong.empty(); ++life) {
            liveOnce();
            m_disk.stop();
            m_store.reset();
            const bool powerLost = m_random() % 3 != 0;
            m_disk.restart(powerLost, m_random);
            check();
        }
        return m_wrong;
    }

private:
    bool oneIn(std::uint64_t chance) { return m_random() % chance == 0; }

    void plan() {
        if (oneIn(3)) {
            const bool sync = oneIn(2);
            const auto kind = static_cast<unsigned>(sync ? CrashDisk::Call::Sync : CrashDisk::Call::Write);
            m_disk.failAfter(m_random() % 60, kind, sync ? SQLITE_IOERR_FSYNC : SQLITE_FULL, 1 + int(m_random() % 3));
        }
        if (!oneIn(4)) {
            m_disk.cutAfter(m_random() % 120);
        }
    }

    void liveOnce() {
        plan();
        auto opened = Store::open(m_folder.data());
        if (!opened) {
            return; // the disk failed while it opened
        }
        m_store = std::move(*opened);
        for (std::uint64_t commits = m_random() % 30; commits > 0 && !m_disk.stopped(); --commits) {
            commitSome();
        }
        if (oneIn(3)) {
            m_store->close(); // in order, unless its power goes
        }
    }

    void commitSome() {
        WriteBatch batch;
        std::vector<std::int64_t> put;
        for (std::uint64_t count = 1 + m_random() % 4; count > 0; --count) {
            RetryEntry entry = sampleRetry(m_next++);
            entry.message.value.assign(m_random() % 20'000, static_cast<char>(m_next));
            put.push_back(entry.id.value);
            batch.add(op::PutRetry{std::move(entry)});
        }
        const auto stored = m_store->commit(std::move(batch));
        const bool surelyNot = !stored && stored.error().code == "store.full" && !m_disk.stopped();
        std::set<std::int64_t>& whole = stored ? m_told.stored : surelyNot ? m_told.refused : m_told.doubtful;
        whole.insert(put.begin(), put.end());
    }

    void check() {
        auto opened = Store::open(m_folder.data());
        if (!opened) {
            m_wrong.push_back("it does not open: " + opened.error().text());
            return;
        }
        auto reader = StoreReader::open(m_folder.data());
        auto ids = reader ? (*reader)->retryIds({}) : fail(reader.error());
        if (!ids) {
            m_wrong.push_back("it cannot be read: " + ids.error().text());
            return;
        }
        std::set<std::int64_t> found;
        for (const RetryId id : *ids) {
            found.insert(id.value);
            const auto entry = (*reader)->retry(id);
            if (!entry || entry->message.thread != sampleRetry(id.value).message.thread) {
                m_wrong.push_back("unreadable: " + std::to_string(id.value));
            }
        }
        for (const std::int64_t id : m_told.stored) {
            if (!found.contains(id)) {
                m_wrong.push_back("lost: " + std::to_string(id));
            }
        }
        for (const std::int64_t id : m_told.refused) {
            if (found.contains(id)) {
                m_wrong.push_back("refused, and there: " + std::to_string(id));
            }
        }
        for (const std::int64_t id : m_told.doubtful) { // now they are what they were found to be
            (found.contains(id) ? m_told.stored : m_told.refused).insert(id);
        }
        m_told.doubtful.clear();
    }

    CrashDisk& m_disk;
    const TempFolder& m_folder;
    std::mt19937_64 m_random;
    std::unique_ptr<Store> m_store;
    Told m_told;
    std::int64_t m_next = 1;
    std::vector<std::string> m_wrong;
};

TEST(StorePower, WhatWasSaidToBeStoredIsThereAfterEveryLossOfPower) {
    const std::uint64_t first = numberFrom("DASHSTREAM_SEED", 1);
    const std::uint64_t count = numberFrom("DASHSTREAM_SEEDS", std::getenv("DASHSTREAM_SEED") != nullptr ? 1 : 400);
    CrashDisk disk;
    const CrashVfs vfs(disk);
    const TempFolder folder(folderInMemory());
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        ASSERT_THAT(PowerLives(disk, folder, seed).live(), ::testing::IsEmpty()) << "DASHSTREAM_SEED=" << seed;
    }
    std::printf("%llu seeds, five lives each\n", static_cast<unsigned long long>(count));
}

/// Without its log SQLite would undo the last commit after a loss of power.
TEST(StorePower, WhatIsStoredSurvivesWhereverTheDiskFailedWhileTheStoreWasMade) {
    CrashDisk disk;
    const CrashVfs vfs(disk);
    const TempFolder folder(folderInMemory());
    std::mt19937_64 random(1);
    int failed = 0;
    for (const auto& [call, code] :
         {std::pair(CrashDisk::Call::Write, SQLITE_FULL), std::pair(CrashDisk::Call::Sync, SQLITE_IOERR_FSYNC)}) {
        for (std::uint64_t nth = 0; nth < 40; ++nth) {
            disk.load({});
            disk.failAfter(nth, static_cast<unsigned>(call), code, 1);
            auto store = Store::open(folder.data());
            const bool stored = store && (*store)->commit(batchOf(op::PutRetry{sampleRetry(1)}));
            failed += stored ? 0 : 1;
            disk.stop();
            store = fail(Error{});
            disk.restart(true, random);
            if (stored) {
                const auto again = openStore(folder.data());
                const auto ids = openReader(folder.data())->retryIds({});
                ASSERT_TRUE(ids);
                EXPECT_THAT(*ids, ::testing::ElementsAre(RetryId(1))) << "call " << nth << " failed";
            }
        }
    }
    EXPECT_GT(failed, 0);
}

/// After a failed sync the system's memory holds what the disk does not, and calls it written; a program that starts
/// anew reads it from there.
TEST(StorePower, WhatIsStoredBehindACommitWhoseSyncFailedSurvives) {
    CrashDisk disk;
    const CrashVfs vfs(disk);
    const TempFolder folder(folderInMemory());
    std::mt19937_64 random(1);
    const auto put = [](Store& store, std::int64_t number) {
        return store.commit(batchOf(op::PutRetry{sampleRetry(number)}));
    };
    auto store = openStore(folder.data());
    expectStored(put(*store, 1));
    disk.failAfter(0, static_cast<unsigned>(CrashDisk::Call::Sync), SQLITE_IOERR_FSYNC, 2); // and what covers it
    EXPECT_FALSE(put(*store, 2));
    disk.stop();
    store.reset();
    disk.restart(false, random); // the program was killed
    store = openStore(folder.data());
    expectStored(put(*store, 3));
    disk.stop();
    store.reset();

    disk.restart(true, random);

    store = openStore(folder.data());
    const auto ids = openReader(folder.data())->retryIds({});
    ASSERT_TRUE(ids);
    EXPECT_THAT(*ids, ::testing::IsSupersetOf({RetryId(1), RetryId(3)}));
}

TEST(StorePower, ADiskThatOnlySaysItSyncedIsFoundOut) {
    CrashDisk disk;
    const CrashVfs vfs(disk);
    const TempFolder folder(folderInMemory());
    disk.lies = true;
    std::uint64_t seed = 1;
    while (seed < 200 && PowerLives(disk, folder, seed).live().empty()) {
        ++seed;
    }
    EXPECT_LT(seed, 200U);
}

} // namespace
} // namespace dashstream::store::test
