#include "core/journal/entry_table.h"
#include "tests/core/journal/journal_rig.h"

namespace dashstream::journal::test {
namespace {

EntryTable tableOf(std::uint64_t firstSegment, std::uint64_t secondSegment) {
    EntryTable table;
    table.addSegment(Generation{1}, nullptr);
    for (std::uint64_t entry = 1; entry <= firstSegment; ++entry) {
        table.place(EntryId{entry}, 1, static_cast<std::uint32_t>(entry * 10));
    }
    table.addSegment(Generation{2}, nullptr);
    for (std::uint64_t entry = firstSegment + 1; entry <= firstSegment + secondSegment; ++entry) {
        table.place(EntryId{entry}, 2, static_cast<std::uint32_t>(entry * 10));
    }
    return table;
}

TEST(EntryTable, FindsWhereEachEntryStands) {
    const EntryTable table = tableOf(3, 2);

    EXPECT_EQ(table.find(EntryId{2})->offset, 20U);
    EXPECT_EQ(table.find(EntryId{2})->generation, Generation{1});
    EXPECT_EQ(table.find(EntryId{5})->group, 2U);
    EXPECT_FALSE(table.find(EntryId{6}));
    EXPECT_EQ(table.liveEntries(), entries(1, 6));
}

TEST(EntryTable, SettlesAnEntryOnce) {
    EntryTable table = tableOf(3, 2);

    EXPECT_TRUE(table.settle(EntryId{2}));
    EXPECT_FALSE(table.settle(EntryId{2}));
    EXPECT_FALSE(table.settle(EntryId{99}));
    EXPECT_FALSE(table.find(EntryId{2}));
    EXPECT_EQ(table.live(), 4U);
    EXPECT_EQ(table.oldest().live, 2U);
}

TEST(EntryTable, MovedEntryIsNeededWhereItStandsNowOnly) {
    EntryTable table = tableOf(2, 1);
    EXPECT_TRUE(table.settle(EntryId{1}));

    table.place(EntryId{2}, 3, 999);

    EXPECT_EQ(table.oldest().live, 0U);
    EXPECT_EQ(table.find(EntryId{2})->generation, Generation{2});
    EXPECT_EQ(table.find(EntryId{2})->offset, 999U);
    EXPECT_EQ(table.live(), 2U);
    table.dropOldest();
    EXPECT_EQ(table.liveEntries(), (std::vector{EntryId{2}, EntryId{3}}));
    EXPECT_EQ(table.liveInOldest().size(), 2U);
    EXPECT_TRUE(table.settle(EntryId{2}));
    EXPECT_EQ(table.oldest().live, 1U);
}

TEST(EntryTable, EntriesThatAreMissingAreNotLive) {
    EntryTable table;
    table.addSegment(Generation{1}, nullptr);
    table.place(EntryId{1}, 1, 10);
    table.place(EntryId{4}, 1, 40);

    EXPECT_EQ(table.liveEntries(), (std::vector{EntryId{1}, EntryId{4}}));
    EXPECT_FALSE(table.find(EntryId{3}));
    EXPECT_FALSE(table.settle(EntryId{3}));
    EXPECT_EQ(table.next(), EntryId{5});
}

} // namespace
} // namespace dashstream::journal::test
