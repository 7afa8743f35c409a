#include "core/engine/lane_note.h"

#include <gtest/gtest.h>

namespace dashstream::engine {
namespace {

TEST(LaneNote, ComesBackAsItWasWritten) {
    const LaneNote known{12, "Vq3xk0aTTQ6oV7_M1nP0-A", Offset{48'812}, journal::EntryId{99'871}};
    const LaneNote unknown{1, "", Offset{-1}, journal::EntryId{}};

    EXPECT_EQ(LaneNote::parse(known.text()), known);
    EXPECT_EQ(LaneNote::parse(unknown.text()), unknown);
}

TEST(LaneNote, WhatIsNoneIsNotTakenForOne) {
    for (const char* text : {"", "12", "12 id 5", "12 id 5 6 7", "x id 5 6", "12 id five 6", "12 id 5 -6", "12  5 6"}) {
        EXPECT_FALSE(LaneNote::parse(text)) << text;
    }
}

TEST(LaneNote, NamesItsPartition) {
    EXPECT_EQ(laneOfNote(laneNoteName(PartitionId{7})), PartitionId{7});
    EXPECT_FALSE(laneOfNote("lane."));
    EXPECT_FALSE(laneOfNote("lane.7x"));
    EXPECT_FALSE(laneOfNote("mapping"));
}

TEST(MappingNote, ComesBackAsItWasWritten) {
    const auto read = MappingNote::parse(MappingNote{12, journal::EntryId{5001}}.text());

    ASSERT_TRUE(read);
    EXPECT_EQ(read->partitions, 12);
    EXPECT_EQ(read->from, journal::EntryId{5001});
    EXPECT_FALSE(MappingNote::parse("12"));
}

} // namespace
} // namespace dashstream::engine
