#include "core/engine/backlog.h"

#include <gtest/gtest.h>

namespace dashstream::engine {
namespace {

using journal::EntryId;

std::vector<EntryId> ids(std::initializer_list<std::uint64_t> values) {
    return {values.begin(), values.end()};
}

TEST(Backlog, GivesEachPartitionsMessagesInTheirOrder) {
    Backlog backlog;
    for (const std::uint64_t entry : {1U, 2U, 3U, 4U, 5U}) {
        backlog.add(PartitionId{static_cast<std::int32_t>(entry % 2)}, EntryId{entry});
    }

    EXPECT_EQ(backlog.take(PartitionId{1}, 2), ids({1, 3}));
    EXPECT_EQ(backlog.take(PartitionId{1}, 2), ids({5}));
    EXPECT_EQ(backlog.take(PartitionId{0}, 9), ids({2, 4}));
    EXPECT_EQ(backlog.size(), 0U);
}

TEST(Backlog, WhatCouldNotBeReadStaysInFront) {
    Backlog backlog;
    backlog.add(PartitionId{0}, EntryId{1});
    backlog.add(PartitionId{0}, EntryId{2});
    backlog.add(PartitionId{0}, EntryId{3});
    const auto taken = backlog.take(PartitionId{0}, 2);

    backlog.putBack(PartitionId{0}, taken);

    EXPECT_EQ(backlog.take(PartitionId{0}, 3), ids({1, 2, 3}));
}

TEST(Backlog, NewPartitionsMakeOneOrderOfAllAgain) {
    Backlog backlog;
    backlog.add(PartitionId{2}, EntryId{1});
    backlog.add(PartitionId{0}, EntryId{2});
    backlog.add(PartitionId{2}, EntryId{3});
    backlog.add(kUnassigned, EntryId{4});

    backlog.forgetPartitions();

    EXPECT_EQ(backlog.count(PartitionId{2}), 0U);
    EXPECT_EQ(backlog.take(kUnassigned, 9), ids({1, 2, 3, 4}));
}

} // namespace
} // namespace dashstream::engine
