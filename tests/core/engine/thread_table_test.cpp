#include "core/engine/thread_table.h"

#include <gtest/gtest.h>

namespace dashstream::engine {
namespace {

ThreadState& loaded(ThreadTable& table, const std::string& name) {
    ThreadState& thread = table.use(name);
    thread.loaded = true;
    return thread;
}

TEST(ThreadTable, TheLeastRecentlyUsedIdleOnesLeaveFirst) {
    ThreadTable table(2);
    loaded(table, "old");
    loaded(table, "middle");
    loaded(table, "new");
    (void)table.use("old"); // used again

    const auto leaving = table.evictable(10);

    ASSERT_EQ(leaving.size(), 1U);
    EXPECT_EQ(leaving[0]->name, "middle");
}

TEST(ThreadTable, AThreadWithMessagesOnTheirWayStays) {
    ThreadTable table(2);
    loaded(table, "busy").live = 1;
    loaded(table, "idle");
    loaded(table, "newest");

    const auto leaving = table.evictable(10);

    ASSERT_EQ(leaving.size(), 1U);
    EXPECT_EQ(leaving[0]->name, "idle");
}

TEST(ThreadTable, OneThatIsUsedWhileItLeavesStaysAndReservesAnew) {
    ThreadTable table(1);
    ThreadState& thread = loaded(table, "again");
    thread.numbers.reserved(thread.numbers.nextReservation());
    const SequenceNo taken = thread.numbers.take();
    loaded(table, "newest");
    const auto leaving = table.evictable(10);
    ASSERT_EQ(leaving.size(), 1U);

    EXPECT_EQ(table.use("again").numbers.available(), 0U) << "what the store was told frees its block";
    table.leave(*leaving[0]);

    EXPECT_EQ(table.size(), 2U);
    EXPECT_EQ(table.use("again").numbers.next(), taken.next());
}

TEST(ThreadTable, AllThatIsDirtyIsTakenOnce) {
    ThreadTable table(10);
    table.markDirty(loaded(table, "a"));
    table.markDirty(loaded(table, "b"));
    table.markDirty(table.use("a"));

    EXPECT_EQ(table.takeDirty(1, UtcTime{}).size(), 1U);
    EXPECT_EQ(table.takeDirty(10, UtcTime{}).size(), 1U);
    EXPECT_TRUE(table.takeDirty(10, UtcTime{}).empty());
}

TEST(ThreadTable, TheRecordNeverShrinksWhatIsBeingReserved) {
    ThreadTable table(10);
    ThreadState& thread = loaded(table, "a");
    thread.reservationAsked = 500;
    EXPECT_EQ(ThreadTable::recordOf(thread, UtcTime{}).reservedUntil, SequenceNo{500});
}

TEST(ThreadTable, ThoseInUseAreNotLookedAtAgainAndAgain) {
    ThreadTable table(10);
    for (int i = 0; i < 100; ++i) {
        loaded(table, "busy-" + std::to_string(i)).live = 1;
    }
    for (int i = 0; i < 20; ++i) {
        loaded(table, "idle-" + std::to_string(i));
    }

    // Each call looks at twice its limit: the idle ones are reached although all the busy ones are older.
    std::size_t left = 0;
    for (int call = 0; call < 20; ++call) {
        for (ThreadState* thread : table.evictable(5)) {
            table.leave(*thread);
            ++left;
        }
    }

    EXPECT_EQ(left, 20U);
    EXPECT_EQ(table.size(), 100U);
}

TEST(ThreadTable, TheOrderOfUseHoldsThroughManyChanges) {
    ThreadTable table(3);
    for (const char* name : {"a", "b", "c", "d", "e", "c", "a", "a", "d"}) {
        loaded(table, name);
    }
    std::vector<std::string> left;
    for (ThreadState* thread : table.evictable(10)) {
        left.push_back(thread->name);
    }
    EXPECT_EQ(left, (std::vector<std::string>{"b", "e"}));
    for (const std::string& name : left) {
        table.leave(*table.find(name));
    }
    EXPECT_EQ(table.find("b"), nullptr);
    loaded(table, "f");
    ASSERT_EQ(table.evictable(10).size(), 1U);
    EXPECT_TRUE(table.find("c")->leaving);
}

TEST(ThreadTable, DirtyOnesAreWrittenInTheOrderInWhichTheyCame) {
    ThreadTable table(10);
    for (const char* name : {"a", "b", "c"}) {
        table.markDirty(loaded(table, name));
    }
    table.markClean(*table.find("b"));

    const auto first = table.takeDirty(1, UtcTime{});
    const auto rest = table.takeDirty(10, UtcTime{});

    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].thread, "a");
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].thread, "c");
}

} // namespace
} // namespace dashstream::engine
