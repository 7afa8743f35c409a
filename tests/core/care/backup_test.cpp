// A copy of store and journal together: what a start finds in it, while the original goes on.
#include "core/care/backup.h"
#include "core/care/check.h"
#include "core/care/recount.h"
#include "tests/core/care/sql_recount.h"
#include "tests/core/care/test_profile.h"

#include <gmock/gmock.h>

#include <random>

namespace dashstream::care::test {
namespace {

using ::testing::IsEmpty;

Recount countIn(journal::FileLayer& files, const std::filesystem::path& folder) {
    auto count = recount(files, folder, {}, true);
    EXPECT_TRUE(count) << (count ? "" : count.error().text());
    return count ? std::move(*count) : Recount{};
}

TEST(Backup, CopyOwesWhatTheOriginalOwesAndIsWhole) {
    TestProfile profile;
    for (std::uint64_t first = 1; first < 400; first += 20) {
        profile.accept(first, 20, entries(first, first + 3));
    }
    profile.commit(retryInJournal(1, 7), letter(1, 8), retryInStore(2, 5000));

    const auto report = backupProfile(profile.files(), profile.data(), profile.file("copy"), {});

    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->isWhole());
    const Recount copied = countIn(profile.files(), profile.file("copy"));
    EXPECT_EQ(copied.all, countIn(profile.files(), profile.data()).all);
    EXPECT_EQ(copied.all, sumOf(sqlRecount(profile.file("copy"))));
    EXPECT_TRUE(checkProfile(profile.files(), profile.file("copy"), {})->isWhole());
    EXPECT_EQ(std::filesystem::status(profile.file("copy")).permissions() & std::filesystem::perms::group_all,
              std::filesystem::perms::none);
    EXPECT_FALSE(std::filesystem::exists(profile.file("copy.incomplete")));
}

TEST(Backup, ProfileWithoutAJournalIsCopiedAsWell) {
    TestProfile profile;
    profile.commit(retryInStore(1, 1));

    const auto report = backupProfile(profile.files(), profile.data(), profile.file("copy/"), {});

    ASSERT_TRUE(report) << report.error().text();
    EXPECT_FALSE(report->journal);
    EXPECT_EQ(countIn(profile.files(), profile.file("copy")).all, (OpenCounts{0, 1, 0}));
}

TEST(Backup, OverwritesNothingAndLeavesNothingBehind) {
    TestProfile profile;
    profile.accept(1, 5);
    profile.commit(retryInStore(1, 1));
    std::filesystem::create_directory(profile.file("there"));

    const auto again = backupProfile(profile.files(), profile.data(), profile.file("there"), {});
    CareOptions cancelled;
    cancelled.cancel.cancel();
    const auto stopped = backupProfile(profile.files(), profile.data(), profile.file("copy"), cancelled);

    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "backup.exists");
    EXPECT_TRUE(std::filesystem::is_empty(profile.file("there")));
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().errorClass, ErrorClass::Cancelled);
    EXPECT_FALSE(std::filesystem::exists(profile.file("copy")));
    EXPECT_FALSE(std::filesystem::exists(profile.file("copy.incomplete")));
}

/// The real files, and the profile goes on before each listing and each file that is made.
class GoingOn final : public journal::FileLayer {
public:
    GoingOn(journal::FileLayer& under, std::function<void()> step) : m_under(under), m_step(std::move(step)) {}
    Result<std::unique_ptr<journal::File>> create(const std::filesystem::path& path, std::uint64_t size) override {
        m_step();
        return m_under.create(path, size);
    }
    Result<std::unique_ptr<journal::File>> open(const std::filesystem::path& path) override {
        return m_under.open(path);
    }
    Result<std::unique_ptr<journal::File>> openToRead(const std::filesystem::path& path) override {
        m_step();
        return m_under.openToRead(path);
    }
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        return m_under.rename(from, to);
    }
    Result<void> remove(const std::filesystem::path& path) override { return m_under.remove(path); }
    Result<std::vector<std::string>> list(const std::filesystem::path& folder) const override {
        m_step();
        return m_under.list(folder);
    }
    Result<void> syncFolder(const std::filesystem::path& folder) override { return m_under.syncFolder(folder); }
    Result<void> makeFolder(const std::filesystem::path& folder) override { return m_under.makeFolder(folder); }
    Result<std::uint64_t> freeBytes(const std::filesystem::path& folder) const override {
        return m_under.freeBytes(folder);
    }

private:
    journal::FileLayer& m_under;
    std::function<void()> m_step;
};

/// Messages only ever go from the journal to dead letters, as the engine does it: first the store, then the journal. So
/// in any copy each accepted message is in flight or dead, and none in between.
TEST(Backup, WhateverIsAcceptedIsInTheCopyOnceHoweverTheOriginalGoesOn) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        SCOPED_TRACE(::testing::Message() << "seed " << seed);
        TestProfile profile;
        std::mt19937_64 random(seed);
        std::uint64_t next = 1;
        std::uint64_t firstAlive = 1;
        std::vector<EntryId> dead; // not settled yet
        int budget = 45;
        const auto step = [&] {
            if (--budget < 0) {
                return;
            }
            const std::uint64_t count = random() % 30;
            profile.accept(next, count, std::exchange(dead, {}));
            next += count;
            store::WriteBatch batch;
            while (firstAlive + random() % 60 < next) {
                dead.emplace_back(firstAlive);
                batch.add(letter(static_cast<std::int64_t>(firstAlive), firstAlive));
                ++firstAlive;
            }
            profile.commit(std::move(batch));
            profile.giveBack(next);
        };
        for (int steps = 0; steps < 25; ++steps) {
            step();
        }
        const std::uint64_t before = next;
        GoingOn files(profile.files(), step);

        const auto report = backupProfile(files, profile.data(), profile.file("copy"), {});

        ASSERT_TRUE(report) << report.error().text();
        EXPECT_THAT(report->damage, IsEmpty());
        const Recount copied = countIn(profile.files(), profile.file("copy"));
        EXPECT_EQ(copied.all, sumOf(sqlRecount(profile.file("copy"))));
        const auto check = checkProfile(profile.files(), profile.file("copy"), {});
        ASSERT_TRUE(check);
        EXPECT_TRUE(check->isWhole()) << ::testing::PrintToString(check->problems);
        const std::uint64_t inCopy = check->journal->next.value - 1; // accepted
        EXPECT_EQ(copied.all.inFlight + copied.all.dead, inCopy);
        EXPECT_GE(inCopy, before - 1);
        EXPECT_GT(next, before) << "it did go on";
    }
}

} // namespace
} // namespace dashstream::care::test
