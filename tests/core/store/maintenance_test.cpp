// What can be said and saved of a store, whole or damaged.
#include "core/store/maintenance.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace dashstream::store::test {
namespace {

constexpr std::int64_t kEntries = 400;
constexpr std::size_t kPage = 8192;

/// So many waiting messages, each with a value that fills most of a page.
void fill(const std::filesystem::path& folder) {
    const auto store = openStore(folder);
    WriteBatch batch;
    for (std::int64_t id = 1; id <= kEntries; ++id) {
        RetryEntry entry;
        entry.id = RetryId{id};
        entry.message = sampleMessage(id);
        entry.message.value.assign(3000, static_cast<char>('a' + id % 26));
        batch.add(op::PutRetry{std::move(entry)});
    }
    ASSERT_TRUE(store->commit(std::move(batch)));
    store->close();
}

/// Overwrites pages in the middle of the file.
void damage(const std::filesystem::path& file, std::size_t firstPage, std::size_t pages) {
    std::FILE* out = std::fopen(file.c_str(), "r+b");
    ASSERT_NE(out, nullptr);
    const std::string rubbish(pages * kPage, '\xEE');
    ASSERT_EQ(std::fseek(out, static_cast<long>(firstPage * kPage), SEEK_SET), 0);
    ASSERT_EQ(std::fwrite(rubbish.data(), 1, rubbish.size(), out), rubbish.size());
    ASSERT_EQ(std::fclose(out), 0);
}

Result<RescueReport> rescue(const std::filesystem::path& folder, std::vector<StoredMessage>& into) {
    return rescueMessages(folder, RescueWhat::Unsettled,
                          [&into](const StoredMessage& message) {
                              into.push_back(message);
                              return Result<void>();
                          },
                          {});
}

TEST(StoreMaintenance, WholeStoreHasNoProblems) {
    const TempFolder folder;
    fill(folder.data());

    const auto report = checkStore(folder.data(), {});

    ASSERT_TRUE(report) << report.error().text();
    EXPECT_THAT(report->problems, ::testing::IsEmpty());
    EXPECT_EQ(report->retries, kEntries);
    EXPECT_EQ(report->unreadable, 0);
}

TEST(StoreMaintenance, EveryUnsettledMessageComesOutWholeInOrder) {
    const TempFolder folder;
    fill(folder.data());
    std::vector<StoredMessage> saved;

    const auto report = rescue(folder.data(), saved);

    ASSERT_TRUE(report);
    ASSERT_EQ(saved.size(), static_cast<std::size_t>(kEntries));
    EXPECT_EQ(report->messages, kEntries);
    EXPECT_EQ(saved[16].thread, sampleMessage(17).thread);
    EXPECT_EQ(saved[16].value, std::string(3000, static_cast<char>('a' + 17)));
}

TEST(StoreMaintenance, DamageIsFoundAndTheRestIsSaved) {
    const TempFolder folder;
    fill(folder.data());
    damage(folder.data() / "store.db", 100, 3);

    const auto report = checkStore(folder.data(), {});
    std::vector<StoredMessage> saved;
    const auto rescued = rescue(folder.data(), saved);

    ASSERT_TRUE(report) << report.error().text();
    EXPECT_THAT(report->problems, ::testing::Not(::testing::IsEmpty()));
    ASSERT_TRUE(rescued) << rescued.error().text();
    EXPECT_GT(rescued->messages, kEntries * 8 / 10);
    EXPECT_LT(rescued->messages, kEntries);
    EXPECT_EQ(rescued->messages + rescued->unreadable, kEntries) << "each is saved or counted";
    std::set<std::uint64_t> sequences;
    for (const StoredMessage& message : saved) {
        EXPECT_TRUE(sequences.insert(message.sequence.value).second) << "none twice";
        EXPECT_EQ(message.value.size(), 3000U);
    }
}

TEST(StoreMaintenance, BackupOfAStoreInUseIsAWholeStore) {
    const TempFolder folder;
    fill(folder.data());
    const auto store = openStore(folder.data());
    const auto copy = folder.path() / "copy";
    std::filesystem::create_directories(copy);

    const auto done = backupStore(folder.data(), copy / "store.db");

    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(std::filesystem::status(copy / "store.db").permissions() & std::filesystem::perms::group_all,
              std::filesystem::perms::none);
    EXPECT_EQ(checkStore(copy, {})->retries, kEntries);
    EXPECT_EQ(openStore(copy)->summary().nextRetry, RetryId{kEntries + 1});
}

TEST(StoreMaintenance, MessagesThatTheJournalHoldsAreCountedNotSavedEmpty) {
    const TempFolder folder;
    {
        const auto store = openStore(folder.data());
        RetryEntry elsewhere = sampleRetry(1);
        elsewhere.message.value.clear();
        elsewhere.valueBytes = 600;
        expectStored(store->commit(batchOf(op::PutRetry{elsewhere}, op::PutRetry{sampleRetry(2)})));
    }
    std::vector<StoredMessage> saved;

    const auto report = rescue(folder.data(), saved);

    ASSERT_TRUE(report);
    ASSERT_EQ(saved.size(), 1U);
    EXPECT_EQ(saved[0].value, sampleMessage(2).value);
    EXPECT_EQ(report->messages, 1);
    EXPECT_EQ(report->inJournal, 1);
    EXPECT_EQ(report->unreadable, 0);
}

TEST(StoreMaintenance, BackupOverwritesNothing) {
    const TempFolder folder;
    fill(folder.data());
    const auto target = folder.path() / "there";
    std::fclose(std::fopen(target.c_str(), "w"));

    const auto done = backupStore(folder.data(), target);

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "store.exists");
    EXPECT_EQ(std::filesystem::file_size(target), 0U);
}

TEST(StoreMaintenance, CancelEndsARescue) {
    const TempFolder folder;
    fill(folder.data());
    CancelToken cancel;
    cancel.cancel();

    const auto report = rescueMessages(
        folder.data(), RescueWhat::Unsettled, [](const StoredMessage&) { return Result<void>(); }, cancel);

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().errorClass, ErrorClass::Cancelled);
}

TEST(StoreMaintenance, NoStoreIsSaidInWords) {
    const TempFolder folder;

    EXPECT_EQ(checkStore(folder.data(), {}).error().code, "store.missing");
}

} // namespace
} // namespace dashstream::store::test
