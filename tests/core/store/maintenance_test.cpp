// What can be said and saved of a store, whole or damaged.
#include "core/store/maintenance.h"
#include "core/store/salvage.h"
#include "core/store/store_copy.h"
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

Result<WalkReport> rescue(const std::filesystem::path& folder, std::vector<StoredMessage>& into,
                          const CancelToken& cancel = {}) {
    auto salvage = Salvage::open(folder);
    if (!salvage) {
        return fail(salvage.error());
    }
    return salvage->waitingMessages(
        [&into](std::int64_t, const StoredMessage& message) {
            into.push_back(message);
            return Result<void>();
        },
        cancel);
}

Result<void> copyStore(const std::filesystem::path& folder, const std::filesystem::path& target,
                       const CancelToken& cancel = {}) {
    auto copy = StoreCopy::begin(folder);
    return copy ? copy->writeTo(target, cancel, {}) : fail(copy.error());
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
    EXPECT_EQ(report->rows, kEntries);
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
    EXPECT_GT(rescued->rows, kEntries * 8 / 10);
    EXPECT_LT(rescued->rows, kEntries);
    EXPECT_EQ(rescued->rows + rescued->unreadable, kEntries) << "each is saved or counted";
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

    const auto done = copyStore(folder.data(), copy / "store.db");

    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(std::filesystem::status(copy / "store.db").permissions() & std::filesystem::perms::group_all,
              std::filesystem::perms::none);
    EXPECT_EQ(checkStore(copy, {})->retries, kEntries);
    EXPECT_EQ(openStore(copy)->summary().nextRetry, RetryId{kEntries + 1});
}

TEST(StoreMaintenance, CopyIsOfTheMomentWhenItWasBegun) {
    const TempFolder folder;
    fill(folder.data());
    const auto store = openStore(folder.data());
    auto copy = StoreCopy::begin(folder.data());
    ASSERT_TRUE(copy) << copy.error().text();
    expectStored(store->commit(batchOf(op::DropRetry{RetryId{1}}, op::PutRetry{sampleRetry(kEntries + 1)})));
    const auto target = folder.path() / "copy";
    std::filesystem::create_directories(target);

    expectStored(copy->writeTo(target / "store.db", {}, {}));

    EXPECT_EQ(checkStore(target, {})->retries, kEntries);
    const auto reader = openReader(target);
    EXPECT_TRUE(reader->retry(RetryId{1}));
    EXPECT_FALSE(reader->retry(RetryId{kEntries + 1}));
}

TEST(StoreMaintenance, NothingIsLeftOfACopyThatWasStopped) {
    const TempFolder folder;
    fill(folder.data());
    CancelToken cancel;
    cancel.cancel();

    const auto done = copyStore(folder.data(), folder.path() / "copy", cancel);

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().errorClass, ErrorClass::Cancelled);
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "copy"));
}

TEST(StoreMaintenance, NamesTellWhereTheValuesAre) {
    const TempFolder folder;
    {
        const auto store = openStore(folder.data());
        RetryEntry elsewhere = sampleRetry(1);
        elsewhere.message.value.clear();
        elsewhere.message.entry = 41;
        elsewhere.valueBytes = 600;
        RetryEntry here = sampleRetry(2);
        here.message.entry = 0;
        here.resendOf.reset();
        DeadLetter dead = sampleDead(3);
        dead.message.entry = 43;
        dead.state = DeadState::Resent;
        expectStored(store->commit(batchOf(op::PutRetry{elsewhere}, op::PutRetry{here}, op::PutDead{dead})));
    }
    std::vector<WaitingName> waiting;
    std::vector<DeadName> letters;

    auto salvage = Salvage::open(folder.data());
    ASSERT_TRUE(salvage) << salvage.error().text();
    ASSERT_TRUE(salvage->waiting(
        [&](const WaitingName& name) {
            waiting.push_back(name);
            return Result<void>();
        },
        {}));
    ASSERT_TRUE(salvage->dead(
        [&](const DeadName& name) {
            letters.push_back(name);
            return Result<void>();
        },
        {}));

    ASSERT_EQ(waiting.size(), 2U);
    EXPECT_EQ(waiting[0].entry, 41U);
    EXPECT_FALSE(waiting[0].hasValue);
    EXPECT_EQ(waiting[0].resendOf, sampleRetry(1).resendOf);
    EXPECT_EQ(waiting[1].entry, 0U);
    EXPECT_TRUE(waiting[1].hasValue);
    EXPECT_FALSE(waiting[1].resendOf);
    EXPECT_EQ(waiting[1].thread, sampleMessage(2).thread);
    EXPECT_EQ(waiting[1].sequence, sampleMessage(2).sequence);
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].entry, 43U);
    EXPECT_EQ(letters[0].state, DeadState::Resent);
    EXPECT_EQ(salvage->waitingMessage(RetryId{2})->value().value, sampleMessage(2).value);
    EXPECT_FALSE(salvage->waitingMessage(RetryId{9})->has_value());
}

TEST(StoreMaintenance, BackupOverwritesNothing) {
    const TempFolder folder;
    fill(folder.data());
    const auto target = folder.path() / "there";
    std::fclose(std::fopen(target.c_str(), "w"));

    const auto done = copyStore(folder.data(), target);

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "store.exists");
    EXPECT_EQ(std::filesystem::file_size(target), 0U);
}

TEST(StoreMaintenance, CancelEndsARescue) {
    const TempFolder folder;
    fill(folder.data());
    CancelToken cancel;
    cancel.cancel();

    std::vector<StoredMessage> saved;

    const auto report = rescue(folder.data(), saved, cancel);

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().errorClass, ErrorClass::Cancelled);
}

TEST(StoreMaintenance, NoStoreIsSaidInWords) {
    const TempFolder folder;

    EXPECT_EQ(checkStore(folder.data(), {}).error().code, "store.missing");
}

} // namespace
} // namespace dashstream::store::test
