// What a profile owes, counted from its files: the same by two ways, and what a start would carry in.
#include "core/care/recount.h"
#include "tests/core/care/sql_recount.h"
#include "tests/core/care/test_profile.h"

#include <cstdlib>
#include <random>

namespace dashstream::care::test {
namespace {

Recount counted(TestProfile& profile, bool byThread = false) {
    auto count = recount(profile.files(), profile.data(), {}, byThread);
    EXPECT_TRUE(count) << (count ? "" : count.error().text());
    return count ? std::move(*count) : Recount{};
}

TEST(Recount, FolderWithNothingOwesNothing) {
    TestProfile profile;

    const Recount count = counted(profile);

    EXPECT_FALSE(count.store);
    EXPECT_FALSE(count.journal);
    EXPECT_EQ(count.all, OpenCounts{});
}

TEST(Recount, EachMessageIsInOneColumn) {
    TestProfile profile;
    profile.accept(1, 10, {EntryId{10}});
    // 2 waits and its value is in the journal; the row of 10 is left over; 20 is in the store alone.
    profile.commit(retryInJournal(1, 2), retryInJournal(2, 10), retryInStore(3, 20));
    // 3 is dead and not settled in the journal yet; 4 was dead, sent again and delivered; 5 is dead and has a row left.
    profile.commit(letter(1, 3), letter(2, 4, store::DeadState::Resent), letter(3, 5), retryInJournal(4, 5));

    const Recount count = counted(profile);

    EXPECT_EQ(count.all.inFlight, 5U) << "1, 6, 7, 8 and 9";
    EXPECT_EQ(count.all.retrying, 2U);
    EXPECT_EQ(count.all.dead, 2U);
    EXPECT_EQ(count.journal->unsettled, 9U);
}

TEST(Recount, LetterThatIsBeingSentAgainWaitsAndIsNotDead) {
    TestProfile profile;
    store::op::PutRetry again = retryInStore(1, 30);
    again.entry.resendOf = DeadLetterId{1};
    profile.commit(letter(1, 30, store::DeadState::Resending), letter(2, 31), again);

    const Recount count = counted(profile);

    EXPECT_EQ(count.all, (OpenCounts{0, 1, 1}));
}

TEST(Recount, ThreadsAreCountedOnRequest) {
    TestProfile profile;
    profile.accept(1, 14); // threads 1 to 6 and 0, two each
    profile.commit(retryInJournal(1, 7), letter(1, 8));

    EXPECT_TRUE(counted(profile).byThread.empty());
    const Recount count = counted(profile, true);

    EXPECT_EQ(count.byThread.at("thread-0"), (OpenCounts{1, 1, 0}));
    EXPECT_EQ(count.byThread.at("thread-1"), (OpenCounts{1, 0, 1}));
    EXPECT_EQ(count.byThread.at("thread-2"), (OpenCounts{2, 0, 0}));
    EXPECT_EQ(sumOf(count.byThread), count.all);
}

/// A profile in which everything that can be on both sides is.
void live(TestProfile& profile, std::mt19937_64& random) {
    std::uint64_t next = 1;
    std::int64_t row = 1;
    std::set<std::uint64_t> open;
    for (std::uint64_t steps = 1 + random() % 25; steps > 0; --steps) {
        const std::uint64_t count = random() % 25;
        std::vector<EntryId> settled;
        std::erase_if(open, [&](std::uint64_t entry) {
            const bool goes = random() % 3 == 0;
            if (goes) {
                settled.emplace_back(entry);
            }
            return goes;
        });
        profile.accept(next, count, settled);
        store::WriteBatch batch;
        for (std::uint64_t entry = next; entry < next + count; ++entry) {
            open.insert(entry);
            switch (random() % 8) {
            case 0:
                batch.add(retryInJournal(row++, entry));
                break;
            case 1:
                batch.add(letter(row++, entry, static_cast<store::DeadState>(random() % 4)));
                break;
            case 2:
                batch.add(retryInStore(row++, entry + 100'000));
                break;
            default:
                break;
            }
        }
        profile.commit(std::move(batch));
        next += count;
        profile.giveBack(next);
    }
}

TEST(Recount, AgreesWithSql) {
    const char* given = std::getenv("DASHSTREAM_SEED");
    const std::uint64_t first = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
    for (std::uint64_t seed = first; seed < first + (given == nullptr ? 5 : 1); ++seed) {
        SCOPED_TRACE(::testing::Message() << "DASHSTREAM_SEED=" << seed);
        TestProfile profile;
        std::mt19937_64 random(seed);
        live(profile, random);
        if (random() % 2 == 0) {
            profile.close();
        }

        const Recount count = counted(profile, true);
        auto bySql = sqlRecount(profile.data());

        EXPECT_EQ(count.all, sumOf(bySql));
        auto byCount = count.byThread;
        std::erase_if(byCount, [](const auto& thread) { return thread.second == OpenCounts{}; });
        std::erase_if(bySql, [](const auto& thread) { return thread.second == OpenCounts{}; });
        EXPECT_TRUE(byCount == bySql);
        EXPECT_GT(count.all.inFlight + count.all.retrying, 0U);
    }
}

} // namespace
} // namespace dashstream::care::test
