// What a start finds after a clean end, a torn write, and damage.
#include "core/journal/record_reader.h"
#include "tests/core/journal/journal_rig.h"

#include <gmock/gmock.h>

namespace dashstream::journal::test {
namespace {

constexpr std::size_t kFirstGroup = kBlockBytes; ///< where it begins in its file

std::string firstSegment() {
    return SegmentFiles::nameOf(Generation{1});
}

TEST(JournalRecovery, EmptyFolderIsAnEmptyJournal) {
    MemoryFiles disk;
    const LogRig rig(disk);

    EXPECT_EQ(rig.log->entries().live(), 0U);
    EXPECT_EQ(rig.log->entries().next(), EntryId{1});
    EXPECT_TRUE(rig.report.damage.empty());
}

TEST(JournalRecovery, WhatIsNotSettledIsFoundWholeAndInOrder) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
        ASSERT_TRUE(rig.write(6, 2, {EntryId{1}, EntryId{3}}));
    }

    const LogRig again(disk);

    EXPECT_EQ(again.log->entries().liveEntries(),
              (std::vector{EntryId{2}, EntryId{4}, EntryId{5}, EntryId{6}, EntryId{7}}));
    EXPECT_EQ(again.seen.size(), 7U) << "also the settled ones, for the threads' numbers";
    EXPECT_EQ(again.log->entries().next(), EntryId{8});
    const auto payload = readPayload(*again.log->entries().find(EntryId{4}));
    ASSERT_TRUE(payload);
    EXPECT_EQ(readMessage(*payload)->sequence, Sample(4).record.sequence);
    EXPECT_EQ(asText(readMessage(*payload)->value), Sample(4).value);
}

TEST(JournalRecovery, NotesComeBackWithTheirLastValue) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        GroupBuffer group(rig.log->nextGroup());
        group.addNote("source/1", "a.jsonl");
        group.addNote("source/1", "b.jsonl");
        ASSERT_TRUE(rig.write(group));
    }

    const LogRig again(disk);

    ASSERT_EQ(again.notes.count("source/1"), 1U);
    EXPECT_EQ(again.notes.at("source/1"), "b.jsonl");
}

TEST(JournalRecovery, TornTailIsCutAndCounted) {
    MemoryFiles disk;
    std::uint64_t lastGroup = 0;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
        ASSERT_TRUE(rig.write(6, 5));
        lastGroup = rig.log->nextGroup() - 1;
    }
    // the second group's header is gone, its records are not
    auto& bytes = disk.node(firstSegment())->now;
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(kFirstGroup + kBlockBytes), 16, std::byte{0xEE});

    LogRig again(disk);

    EXPECT_EQ(again.log->entries().liveEntries(), entries(1, 6));
    EXPECT_EQ(again.report.tornTails, 1U);
    EXPECT_TRUE(again.report.damage.empty());
    ASSERT_TRUE(again.write(6, 1)) << "and it goes on";
    EXPECT_EQ(LogRig(disk).log->entries().liveEntries(), entries(1, 7));
    EXPECT_EQ(again.log->nextGroup(), lastGroup + 1);
}

TEST(JournalRecovery, DamagedRecordInTheMiddleIsSkippedCountedAndReported) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
        ASSERT_TRUE(rig.write(6, 5));
    }
    auto& bytes = disk.node(firstSegment())->now;
    bytes[kFirstGroup + kGroupHeaderBytes + kRecordHeadBytes + 150] ^= std::byte{1};

    const LogRig again(disk);

    EXPECT_EQ(again.log->entries().liveEntries(), entries(2, 11));
    EXPECT_EQ(again.report.recordsSkipped, 1U);
    ASSERT_EQ(again.report.damage.size(), 1U);
    EXPECT_EQ(again.report.damage[0].file, firstSegment());
    EXPECT_EQ(again.report.damage[0].offset, kFirstGroup + kGroupHeaderBytes);
}

TEST(JournalRecovery, DamagedGroupInTheMiddleIsReported) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
        ASSERT_TRUE(rig.write(6, 5));
        ASSERT_TRUE(rig.write(11, 5));
    }
    disk.node(firstSegment())->now[kFirstGroup + kBlockBytes + 20] ^= std::byte{1};

    const LogRig again(disk);

    EXPECT_EQ(again.log->entries().live(), 10U);
    EXPECT_FALSE(again.report.damage.empty());
    EXPECT_EQ(again.report.tornTails, 0U);
}

TEST(JournalRecovery, MissingFileInTheMiddleIsReported) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        for (std::uint64_t group = 0; group < 30; ++group) {
            ASSERT_TRUE(rig.write(1 + group * 20, 20));
        }
        ASSERT_GE(rig.log->entries().segments(), 3U);
    }
    ASSERT_TRUE(disk.remove("/journal/" + SegmentFiles::nameOf(Generation{2})));

    const LogRig again(disk);

    EXPECT_FALSE(again.report.damage.empty());
    EXPECT_GT(again.log->entries().live(), 0U);
}

TEST(JournalRecovery, FailedWriteThatWasGivenAgainIsNoDamage) {
    MemoryFiles disk;
    LogRig rig(disk);
    ASSERT_TRUE(rig.write(1, 5));
    GroupBuffer group(rig.log->nextGroup());
    group.addMessage(Sample(6).record);
    disk.failAfter(1); // the write is done, the sync fails
    ASSERT_FALSE(rig.write(group));
    disk.heal();

    ASSERT_TRUE(rig.log->write(group));
    rig.log->book(group);

    EXPECT_EQ(rig.log->entries().segments(), 2U) << "the file whose sync failed is not written again";
    const LogRig again(disk);
    EXPECT_EQ(again.log->entries().liveEntries(), entries(1, 7));
    EXPECT_TRUE(again.report.damage.empty());
}

TEST(JournalRecovery, NoteBesideADamagedRecordIsKeptWhenItsSegmentGoes) {
    MemoryFiles disk;
    std::uint64_t next = 2;
    {
        LogRig rig(disk);
        GroupBuffer group(rig.log->nextGroup());
        group.addMessage(Sample(1).record);
        group.addNote("handover/1", "kept");
        ASSERT_TRUE(rig.write(group));
    }
    {
        LogRig second(disk); // begins a segment of its own
        ASSERT_TRUE(second.write(next++, 1));
    }
    disk.node(firstSegment())->now[kFirstGroup + kGroupHeaderBytes + kRecordHeadBytes + 150] ^= std::byte{1};

    LogRig rig(disk);
    ASSERT_TRUE(rig.write(next, 1, entries(1, next)));
    rig.log->setCheckpoint(EntryId{next + 1});
    ASSERT_TRUE(rig.log->giveBack());

    EXPECT_EQ(LogRig(disk).notes.count("handover/1"), 1U);
}

TEST(JournalRecovery, ManyStartsDoNotCostASegmentEach) {
    MemoryFiles disk;
    for (std::uint64_t start = 1; start <= 10; ++start) {
        LogRig rig(disk);
        EXPECT_EQ(rig.log->entries().liveEntries(), entries(1, start));
        ASSERT_TRUE(rig.write(start, 1));
        EXPECT_EQ(rig.log->entries().segments(), 1U);
    }

    const LogRig again(disk);

    EXPECT_EQ(again.report.groups, 10U);
    EXPECT_TRUE(again.report.damage.empty());
    for (const EntryId entry : entries(1, 11)) {
        const auto payload = readPayload(*again.log->entries().find(entry));
        ASSERT_TRUE(payload);
        EXPECT_EQ(asText(readMessage(*payload)->value), Sample(entry.value).value);
    }
}

TEST(JournalRecovery, SegmentThatIsFullIsFollowedByANewOne) {
    MemoryFiles disk;
    std::uint64_t next = 1;
    for (int start = 0; start < 3; ++start) {
        LogRig rig(disk);
        for (std::uint64_t written = 0; written < kSmallSegment * 3 / 4; written += 2 * kBlockBytes) {
            ASSERT_TRUE(rig.write(next, 10)); // two blocks
            next += 10;
        }
    }

    const LogRig again(disk);

    EXPECT_EQ(again.log->entries().segments(), 3U);
    EXPECT_EQ(again.log->entries().liveEntries(), entries(1, next));
    EXPECT_TRUE(again.report.damage.empty());
}

TEST(JournalRecovery, SegmentOfAnotherSizeIsNotWrittenOn) {
    MemoryFiles disk;
    ASSERT_TRUE(LogRig(disk).write(1, 5));

    LogRig larger(disk, {2 * kSmallSegment, 1ULL << 30, 0});

    ASSERT_TRUE(larger.write(6, 1));
    EXPECT_EQ(larger.log->entries().segments(), 2U);
    EXPECT_EQ(LogRig(disk).log->entries().liveEntries(), entries(1, 7));
}

TEST(JournalRecovery, StartDoesNotWriteOnWhereAWriteFailed) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
        disk.failOnceAfter(1); // the sync
        ASSERT_FALSE(rig.write(6, 1));
    }
    {
        LogRig again(disk);
        EXPECT_EQ(again.log->entries().liveEntries(), entries(1, 6));
        ASSERT_TRUE(again.write(6, 1));
        EXPECT_EQ(again.log->entries().segments(), 2U);
    }
    LogRig third(disk);
    ASSERT_TRUE(third.write(7, 1));
    EXPECT_EQ(third.log->entries().segments(), 2U) << "the new one is in order";

    third.log->setCheckpoint(EntryId{8});
    ASSERT_TRUE(third.write(8, 1, entries(1, 6)));
    ASSERT_TRUE(third.log->giveBack());
    const LogRig last(disk);
    EXPECT_EQ(last.log->entries().liveEntries(), entries(6, 9));
    EXPECT_THAT(disk.names(), ::testing::Each(::testing::EndsWith(".seg"))) << "what was noted of it went with it";
}

TEST(JournalRecovery, StartDoesNotWriteOnBehindATearOrDamage) {
    for (const std::size_t at : {kFirstGroup + 100, kFirstGroup + kBlockBytes, kFirstGroup + kBlockBytes + 100}) {
        MemoryFiles disk;
        {
            LogRig rig(disk);
            ASSERT_TRUE(rig.write(1, 5));
            ASSERT_TRUE(rig.write(6, 5));
        }
        auto& bytes = disk.node(firstSegment())->now;
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 16, std::byte{0xEE});
        LogRig again(disk);
        ASSERT_TRUE(again.write(again.log->entries().next().value, 1));
        EXPECT_EQ(again.log->entries().segments(), 2U) << at;
    }
}

TEST(JournalRecovery, RecycledSegmentShowsNothingOfItsEarlierLife) {
    MemoryFiles disk;
    LogRig rig(disk);
    std::uint64_t next = 1;
    for (int round = 0; round < 40; ++round) {
        ASSERT_TRUE(rig.write(next, 20));
        ASSERT_TRUE(rig.write(next + 20, 0, entries(next, next + 20)));
        next += 20;
        rig.log->setCheckpoint(EntryId{next});
        ASSERT_TRUE(rig.log->giveBack());
    }
    ASSERT_TRUE(rig.write(next, 3));

    EXPECT_LE(disk.names().size(), 2 + SegmentFiles::kSpares) << "space is given back and used again";
    const LogRig again(disk);
    EXPECT_EQ(again.log->entries().liveEntries(), entries(next, next + 3));
    EXPECT_TRUE(again.report.damage.empty());
}

TEST(JournalRecovery, SegmentStaysUntilThreadsAndSourcesAreInTheStore) {
    MemoryFiles disk;
    LogRig rig(disk);
    std::uint64_t next = 1;
    for (int round = 0; round < 20; ++round) {
        ASSERT_TRUE(rig.write(next, 20, next == 1 ? std::vector<EntryId>{} : entries(next - 20, next)));
        next += 20;
    }
    const std::size_t before = rig.log->entries().segments();

    ASSERT_TRUE(rig.log->giveBack());
    EXPECT_EQ(rig.log->entries().segments(), before);

    rig.log->setCheckpoint(EntryId{next});
    ASSERT_TRUE(rig.log->giveBack());
    EXPECT_LT(rig.log->entries().segments(), before);
}

TEST(JournalRecovery, OneOldMessageDoesNotHoldTheSpaceOfAllAfterIt) {
    MemoryFiles disk;
    LogRig rig(disk);
    GroupBuffer group(rig.log->nextGroup());
    group.addMessage(Sample(1).record);
    group.addNote("handover/1", "kept");
    ASSERT_TRUE(rig.write(group));
    std::uint64_t next = 2;
    for (int round = 0; round < 60; ++round) {
        ASSERT_TRUE(rig.write(next, 20));
        ASSERT_TRUE(rig.write(next + 20, 0, entries(next, next + 20)));
        next += 20;
        rig.log->setCheckpoint(EntryId{next});
        ASSERT_TRUE(rig.log->giveBack());
        const auto leftovers = rig.log->gatherLeftovers();
        ASSERT_TRUE(leftovers);
        if (*leftovers) {
            GroupBuffer moved(rig.log->nextGroup());
            rig.log->addLeftovers(**leftovers, moved);
            ASSERT_TRUE(rig.write(moved));
            ASSERT_TRUE(rig.log->giveBack());
        }
    }

    EXPECT_LE(rig.log->entries().segments(), LogWriter::kKeepUnmoved + 2);
    const LogRig again(disk);
    EXPECT_EQ(again.log->entries().liveEntries(), entries(1, 2));
    EXPECT_EQ(again.notes.at("handover/1"), "kept");
    EXPECT_EQ(asText(readMessage(*readPayload(*again.log->entries().find(EntryId{1})))->value), Sample(1).value);
}

TEST(JournalRecovery, FullJournalAndLowDiskAreToldInWords) {
    MemoryFiles disk;
    LogRig rig(disk, {kSmallSegment, 2 * kSmallSegment, 1000});
    std::uint64_t next = 1;
    while (!rig.log->noRoom()) {
        ASSERT_LT(next, 10'000U);
        ASSERT_TRUE(rig.write(next, 20));
        next += 20;
    }

    EXPECT_EQ(rig.log->noRoom()->code, "journal.full");
    disk.freeNow = 10;
    LogRig other(disk, {kSmallSegment, 1ULL << 30, 1000});
    EXPECT_EQ(other.log->noRoom()->code, "journal.disk_low");
}

} // namespace
} // namespace dashstream::journal::test
