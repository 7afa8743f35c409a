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

} // namespace
} // namespace dashstream::engine
