#include "core/flow/sequence_counter.h"

#include <gtest/gtest.h>

namespace dashstream::flow {
namespace {

TEST(SequenceCounter, NewThreadStartsAtOneOnceReserved) {
    SequenceCounter counter;
    EXPECT_EQ(counter.available(), 0U);

    counter.reserved(counter.nextReservation());

    EXPECT_EQ(counter.take(), SequenceNo{1});
    EXPECT_EQ(counter.take(), SequenceNo{2});
}

TEST(SequenceCounter, ABlockIsReservedAheadOfTheNextNumber) {
    SequenceCounter counter;
    counter.reserved(counter.nextReservation());
    EXPECT_EQ(counter.available(), SequenceCounter::kBlock);

    (void)counter.take();
    counter.reserved(counter.nextReservation());

    EXPECT_EQ(counter.available(), SequenceCounter::kBlock);
}

TEST(SequenceCounter, AfterACrashNoNumberComesTwiceAndTheGapIsAtMostOneBlock) {
    SequenceCounter before;
    const SequenceNo durable = before.nextReservation();
    before.reserved(durable);
    const SequenceNo last = before.take();

    SequenceCounter after(durable);
    after.reserved(after.nextReservation());
    const SequenceNo first = after.take();

    EXPECT_GT(first, last);
    EXPECT_LE(first.value - last.value - 1, SequenceCounter::kBlock);
}

TEST(SequenceCounter, AfterACleanCloseTheNumbersGoOnWithoutGap) {
    SequenceCounter before;
    before.reserved(before.nextReservation());
    const SequenceNo last = (before.take(), before.take());

    SequenceCounter after(before.next()); // a clean close stores the exact next number
    after.reserved(after.nextReservation());

    EXPECT_EQ(after.take(), last.next());
}

TEST(SequenceCounter, ALateOlderReservationNeverShrinksTheReservedRange) {
    SequenceCounter counter;
    counter.reserved(SequenceNo{1000});
    counter.reserved(SequenceNo{500});
    EXPECT_EQ(counter.reservedUntil(), SequenceNo{1000});
}

} // namespace
} // namespace dashstream::flow
