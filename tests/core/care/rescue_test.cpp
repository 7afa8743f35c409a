// What is saved out of store and journal: each message once, in the order of its thread, and as much as can be read.
#include "core/care/rescue.h"
#include "tests/core/care/test_profile.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

namespace dashstream::care::test {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

struct Saved {
    Result<RescueReport> report;
    std::vector<std::string> values;
};

Saved rescue(TestProfile& profile, RescueWhat what = RescueWhat::Unsettled) {
    Saved saved{RescueReport{}, {}};
    saved.report = rescueMessages(profile.files(), profile.data(), what,
                                  [&saved](ByteView value) {
                                      saved.values.emplace_back(asText(value));
                                      return Result<void>();
                                  },
                                  {});
    EXPECT_TRUE(saved.report) << (saved.report ? "" : saved.report.error().text());
    return saved;
}

std::vector<std::string> valuesOf(std::vector<std::uint64_t> numbers) {
    std::vector<std::string> values;
    for (const std::uint64_t number : numbers) {
        values.push_back(Sample(number).value);
    }
    return values;
}

void overwrite(const std::filesystem::path& file, std::uint64_t offset, std::size_t bytes) {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(offset));
    out << std::string(bytes, '\xEE');
    ASSERT_TRUE(out.flush());
}

TEST(Rescue, EachMessageComesOnce) {
    TestProfile profile;
    profile.accept(1, 6, {EntryId{1}});
    profile.commit(retryInJournal(1, 2), letter(1, 3), letter(2, 4, store::DeadState::Discarded));

    const Saved saved = rescue(profile);

    EXPECT_THAT(saved.values, ElementsAreArray(valuesOf({2, 5, 6})));
    EXPECT_TRUE(saved.report->isWhole());
    EXPECT_EQ(saved.report->fromJournal, 3U);
}

TEST(Rescue, DeadLettersComeOnRequestAndNotThoseThatAreBeingSentAgain) {
    TestProfile profile;
    profile.accept(1, 3);
    store::op::PutRetry again = retryInStore(1, 30);
    again.entry.resendOf = DeadLetterId{2};
    profile.commit(letter(1, 2), letter(2, 30, store::DeadState::Resending), letter(3, 31, store::DeadState::Resent),
                   again);

    EXPECT_THAT(rescue(profile).values, ElementsAreArray(valuesOf({1, 3, 30})));
    EXPECT_THAT(rescue(profile, RescueWhat::UnsettledAndDead).values, ElementsAreArray(valuesOf({1, 3, 30, 2})));
}

TEST(Rescue, ThreadKeepsItsOrderAcrossStoreAndJournal) {
    TestProfile profile;
    profile.accept(15, 8);                                                       // thread-1: 15 and 22
    profile.commit(retryInStore(2, 8), retryInStore(3, 1), retryInStore(4, 29)); // thread-1 as well

    const Saved saved = rescue(profile);

    std::vector<std::string> ofThread;
    for (const std::string& value : saved.values) {
        for (const std::uint64_t number : {1, 8, 15, 22, 29}) {
            if (value == Sample(number).value) {
                ofThread.push_back(std::to_string(number));
            }
        }
    }
    EXPECT_THAT(ofThread, ElementsAre("1", "8", "15", "22", "29"));
}

TEST(Rescue, DamagedJournalGivesEverythingElse) {
    TestProfile profile;
    profile.accept(1, 5);
    profile.accept(6, 5);
    profile.close();
    overwrite(profile.segment(1), journal::kBlockBytes + journal::kGroupHeaderBytes + 100, 4);

    const Saved saved = rescue(profile);

    EXPECT_THAT(saved.values, ElementsAreArray(valuesOf({2, 3, 4, 5, 6, 7, 8, 9, 10})));
    EXPECT_EQ(saved.report->unreadable, 1U);
    EXPECT_FALSE(saved.report->isWhole());
    ASSERT_EQ(saved.report->damage.size(), 1U);
    EXPECT_EQ(saved.report->damage[0].offset, journal::kBlockBytes + journal::kGroupHeaderBytes);
}

TEST(Rescue, StoreThatCannotBeOpenedDoesNotHideTheJournal) {
    TestProfile profile;
    profile.accept(1, 5);
    profile.commit(retryInJournal(1, 2));
    profile.close();
    overwrite(profile.data() / "store.db", 0, 8192);

    const Saved saved = rescue(profile);

    EXPECT_THAT(saved.values, ElementsAreArray(valuesOf({1, 2, 3, 4, 5})));
    EXPECT_EQ(saved.report->troubles.size(), 1U);
    EXPECT_FALSE(saved.report->isWhole());
}

TEST(Rescue, StoreWithoutAJournalIsEnough) {
    TestProfile profile;
    profile.commit(retryInStore(1, 1), retryInStore(2, 2));

    const Saved saved = rescue(profile);

    EXPECT_THAT(saved.values, ElementsAreArray(valuesOf({1, 2})));
    EXPECT_TRUE(saved.report->isWhole());
}

TEST(Rescue, NothingThereIsSaidInWords) {
    TestProfile profile;

    const auto report = rescueMessages(profile.files(), profile.data(), RescueWhat::Unsettled,
                                       [](ByteView) { return Result<void>(); }, {});

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, "store.missing");
}

} // namespace
} // namespace dashstream::care::test
