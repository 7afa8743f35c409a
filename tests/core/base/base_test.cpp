#include "core/base/bounded_queue.h"
#include "core/base/byte_arena.h"
#include "core/base/clock.h"
#include "core/base/message_id.h"
#include "core/base/result.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>

namespace dashstream {
namespace {

TEST(ByteArena, AddressesStayWhileItGrows) {
    ByteArena arena(64);
    const std::string_view first = arena.store(std::string_view("first"));
    for (int i = 0; i < 1000; ++i) {
        (void)arena.store(std::string_view("0123456789abcdef"));
    }
    EXPECT_EQ(first, "first");
    EXPECT_EQ(arena.usedBytes(), 5U + 16'000U);
}

TEST(ByteArena, OnlyWhatIsCommittedCounts) {
    ByteArena arena(64);
    (void)arena.reserve(40);
    EXPECT_EQ(arena.commit(3).size(), 3U);
    EXPECT_EQ(arena.usedBytes(), 3U);
}

TEST(BoundedQueue, AFullQueueHoldsTheWriterUntilThereIsRoom) {
    BoundedQueue<int> queue(1);
    ASSERT_TRUE(queue.push(1));
    std::thread writer([&] { EXPECT_TRUE(queue.push(2)); });

    EXPECT_EQ(queue.pop(std::chrono::seconds(10)), 1);
    EXPECT_EQ(queue.pop(std::chrono::seconds(10)), 2);
    writer.join();
}

TEST(BoundedQueue, ClosingFreesAWaitingWriterAndKeepsWhatIsInside) {
    BoundedQueue<int> queue(1);
    ASSERT_TRUE(queue.push(1));
    std::thread writer([&] { EXPECT_FALSE(queue.push(2)); });
    queue.close();
    writer.join();
    EXPECT_EQ(queue.tryPop(), 1);
    EXPECT_EQ(queue.tryPop(), std::nullopt);
}

TEST(MessageId, IsAVersion7UuidThatCarriesTheTime) {
    MessageIdGenerator generator(7);
    const auto id = generator.next(UtcTime(std::chrono::milliseconds(0x0123456789AB)));
    const std::string text = id.text();
    EXPECT_EQ(text.substr(0, 13), "01234567-89ab");
    EXPECT_EQ(text[14], '7');
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
    EXPECT_EQ(MessageId::fromRaw(id.raw()), id);
    EXPECT_TRUE(MessageId::fromRaw("short").isNil());
}

TEST(MessageId, ManyInOneMillisecondDiffer) {
    MessageIdGenerator generator;
    std::set<std::string> seen;
    for (int i = 0; i < 10'000; ++i) {
        seen.insert(generator.next(UtcTime{}).text());
    }
    EXPECT_EQ(seen.size(), 10'000U);
}

TEST(Clock, Rfc3339IsInUtcWithMicroseconds) {
    EXPECT_EQ(toRfc3339(utcFromMicros(1'700'000'000'000'123)), "2023-11-14T22:13:20.000123Z");
    EXPECT_EQ(toRfc3339(utcFromMicros(-1)), "1969-12-31T23:59:59.999999Z");
}

TEST(Result, CarriesTheErrorWhole) {
    const Result<int> failed = fail(ErrorClass::Local, "store.full", "No room in store", "Free some space");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().text(), "No room in store. Free some space");
}

} // namespace
} // namespace dashstream
