// What a check finds of a profile, and where.
#include "core/care/check.h"
#include "tests/core/care/test_profile.h"

#include <gmock/gmock.h>

#include <fstream>

namespace dashstream::care::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ProfileCheck checked(TestProfile& profile) {
    auto check = checkProfile(profile.files(), profile.data(), {});
    EXPECT_TRUE(check) << (check ? "" : check.error().text());
    return check ? std::move(*check) : ProfileCheck{};
}

TEST(ProfileCheck, WholeProfileIsWhole) {
    TestProfile profile;
    profile.accept(1, 10, {EntryId{4}});
    profile.commit(retryInJournal(1, 2), letter(1, 3));
    profile.giveBack(11);

    const ProfileCheck check = checked(profile);

    EXPECT_TRUE(check.isWhole());
    EXPECT_EQ(check.store->retries, 1);
    EXPECT_EQ(check.journal->unsettled, 9U);
    EXPECT_EQ(check.rowsWithoutMessage, 0);
}

TEST(ProfileCheck, DamageOfTheJournalIsFound) {
    TestProfile profile;
    profile.accept(1, 5);
    profile.accept(6, 5);
    profile.commit(retryInJournal(1, 1));
    profile.close();
    {
        std::fstream out(profile.segment(1), std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(static_cast<std::streamoff>(journal::kBlockBytes + journal::kGroupHeaderBytes + 100));
        out << "damage";
    }

    const ProfileCheck check = checked(profile);

    EXPECT_FALSE(check.isWhole());
    EXPECT_TRUE(check.storeIsWhole());
    ASSERT_EQ(check.journal->damage.size(), 1U);
    EXPECT_EQ(check.journal->damage[0].file, "0000000000000001.seg");
    EXPECT_EQ(check.rowsWithoutMessage, 1) << "its message is the one that cannot be read";
}

TEST(ProfileCheck, JournalWhoseEndIsMissingIsFoundByTheStoresWord) {
    TestProfile profile;
    profile.accept(1, 5);
    profile.accept(6, 5);
    profile.giveBack(11);
    profile.close();
    std::filesystem::remove(profile.segment(1));

    const ProfileCheck check = checked(profile);

    EXPECT_FALSE(check.isWhole());
    EXPECT_THAT(check.problems, ElementsAre(HasSubstr("newest part is missing")));
}

TEST(ProfileCheck, JournalWithoutAStoreIsAProblem) {
    TestProfile profile;
    profile.accept(1, 5);

    const ProfileCheck check = checked(profile);

    EXPECT_FALSE(check.isWhole());
    EXPECT_THAT(check.problems, ElementsAre(HasSubstr("no store")));
    EXPECT_EQ(check.journal->unsettled, 5U);
}

TEST(ProfileCheck, StoreThatIsNoneIsAProblemAndTheJournalIsCheckedAsWell) {
    TestProfile profile;
    profile.accept(1, 5);
    std::ofstream(profile.data() / "store.db") << std::string(20'000, 'x');

    const ProfileCheck check = checked(profile);

    EXPECT_FALSE(check.isWhole());
    EXPECT_FALSE(check.store);
    EXPECT_THAT(check.problems, ElementsAre(HasSubstr("store.db")));
    EXPECT_TRUE(check.journalIsWhole());
}

TEST(ProfileCheck, NothingThereIsNotWhole) {
    TestProfile profile;

    const auto check = checkProfile(profile.files(), profile.data(), {});

    ASSERT_FALSE(check);
    EXPECT_EQ(check.error().code, "store.missing");
}

} // namespace
} // namespace dashstream::care::test
