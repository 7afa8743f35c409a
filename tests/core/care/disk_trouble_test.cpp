// Real disks in trouble: full, read-only, with places that cannot be read.
#include "core/care/backup.h"
#include "core/care/check.h"
#include "core/care/recount.h"
#include "core/care/rescue.h"
#include "tests/core/care/test_profile.h"
#include "tests/core/journal/bad_disk.h"
#include "tests/support/small_disk.h"

#include <gmock/gmock.h>
#include <sys/mount.h>

#include <fstream>

namespace dashstream::care::test {
namespace {

using ::testing::HasSubstr;

std::uint64_t rescued(journal::FileLayer& files, const std::filesystem::path& folder) {
    std::uint64_t values = 0;
    const auto report = rescueMessages(files, folder, RescueWhat::UnsettledAndDead,
                                       [&values](ByteView) {
                                           ++values;
                                           return Result<void>();
                                       },
                                       {});
    EXPECT_TRUE(report) << (report ? "" : report.error().text());
    return values;
}

/// A profile on a file system of its own, which can be mounted read-only.
class OnSmallDisk : public ::testing::Test {
protected:
    OnSmallDisk() : m_disk(m_profile.file("disk")) {}
    void SetUp() override {
        if (!m_disk.mounted) {
            GTEST_SKIP() << "no small file system can be mounted here: " << m_disk.why;
        }
        m_profile.accept(1, 40, entries(1, 5));
        m_profile.commit(retryInJournal(1, 6), retryInStore(2, 5000), letter(1, 7));
        m_profile.giveBack(41);
    }
    [[nodiscard]] std::filesystem::path folder() const { return m_profile.file("disk") / "data"; }
    void moveThere() { std::filesystem::copy(m_profile.data(), folder(), std::filesystem::copy_options::recursive); }
    [[nodiscard]] bool freeze() const {
        return ::mount("tmpfs", m_profile.file("disk").c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV,
                       nullptr) == 0;
    }

    TestProfile m_profile;
    dashstream::testing::SmallDisk m_disk;
};

TEST_F(OnSmallDisk, ReadOnlyDiskIsReadAfterACleanEnd) {
    m_profile.close();
    moveThere();
    ASSERT_TRUE(freeze());

    const auto check = checkProfile(m_profile.files(), folder(), {});

    ASSERT_TRUE(check) << check.error().text();
    EXPECT_TRUE(check->isWhole()) << ::testing::PrintToString(check->problems);
    EXPECT_EQ(recount(m_profile.files(), folder(), {})->all, (OpenCounts{34, 2, 1}));
    EXPECT_EQ(rescued(m_profile.files(), folder()), 37U);
}

TEST_F(OnSmallDisk, ReadOnlyDiskIsReadAfterACrash) {
    moveThere(); // with the store's log, as it is while the store is open
    ASSERT_TRUE(std::filesystem::exists(folder() / "store.db-wal"));
    ASSERT_TRUE(freeze());

    const auto check = checkProfile(m_profile.files(), folder(), {});

    ASSERT_TRUE(check) << check.error().text();
    EXPECT_TRUE(check->isWhole()) << ::testing::PrintToString(check->problems);
    EXPECT_EQ(recount(m_profile.files(), folder(), {})->all, (OpenCounts{34, 2, 1}));
}

TEST_F(OnSmallDisk, ReadOnlyDiskCanBeCopiedAway) {
    m_profile.close();
    moveThere();
    ASSERT_TRUE(freeze());

    const auto report = backupProfile(m_profile.files(), folder(), m_profile.file("copy"), {});

    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(recount(m_profile.files(), m_profile.file("copy"), {})->all, (OpenCounts{34, 2, 1}));
}

TEST_F(OnSmallDisk, CopyToAFullDiskSaysSoAndLeavesNothing) {
    m_profile.close();
    std::ofstream(m_profile.file("disk") / "ballast") << std::string(6U * 1024 * 1024 - 200'000, 'x');

    const auto report = backupProfile(m_profile.files(), m_profile.data(), folder(), {});

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().errorClass, ErrorClass::Local);
    EXPECT_THAT(report.error().text(), HasSubstr("pace")) << "no space";
    EXPECT_FALSE(std::filesystem::exists(folder()));
    EXPECT_FALSE(std::filesystem::exists(folder().string() + ".incomplete"));
}

TEST(DiskTrouble, PlaceThatCannotBeReadIsFoundAndTheRestComesOut) {
    TestProfile profile;
    for (std::uint64_t first = 1; first < 400; first += 20) {
        profile.accept(first, 20);
    }
    profile.commit(retryInStore(1, 5000));
    profile.close();
    journal::test::BadDisk disk(profile.files());
    disk.breakAt("0000000000000002.seg", 5 * journal::kBlockBytes + 17, 10);

    const auto check = checkProfile(disk, profile.data(), {});
    const std::uint64_t saved = rescued(disk, profile.data());
    const auto copy = backupProfile(disk, profile.data(), profile.file("copy"), {});

    ASSERT_TRUE(check) << check.error().text();
    EXPECT_FALSE(check->isWhole());
    ASSERT_FALSE(check->journal->damage.empty());
    for (const journal::Damage& damage : check->journal->damage) {
        EXPECT_EQ(damage.file, "0000000000000002.seg");
    }
    EXPECT_GE(saved, 380U);
    EXPECT_LT(saved, 401U);
    EXPECT_EQ(saved + check->journal->messagesMissing, 401U) << "each is saved or counted";
    ASSERT_TRUE(copy) << copy.error().text();
    EXPECT_FALSE(copy->isWhole());
    EXPECT_EQ(rescued(profile.files(), profile.file("copy")), saved);
}

TEST(DiskTrouble, DamagedPageOfTheStoreIsFoundAndTheRestComesOut) {
    TestProfile profile;
    profile.accept(1, 20);
    store::WriteBatch batch;
    for (std::int64_t row = 1; row <= 200; ++row) {
        store::op::PutRetry retry = retryInStore(row, 5000 + static_cast<std::uint64_t>(row));
        retry.entry.message.value.assign(3000, 'v');
        batch.add(std::move(retry));
    }
    profile.commit(std::move(batch));
    profile.close();
    {
        std::fstream out(profile.data() / "store.db", std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(60 * 8192);
        out << std::string(2 * 8192, '\xEE');
    }

    const auto check = checkProfile(profile.files(), profile.data(), {});
    const std::uint64_t saved = rescued(profile.files(), profile.data());

    ASSERT_TRUE(check) << check.error().text();
    EXPECT_FALSE(check->storeIsWhole());
    EXPECT_TRUE(check->journalIsWhole());
    EXPECT_LT(saved, 220U);
    EXPECT_GE(saved, 200U);
    EXPECT_EQ(saved + static_cast<std::uint64_t>(check->store->unreadable), 220U) << "each is saved or counted";
}

} // namespace
} // namespace dashstream::care::test
