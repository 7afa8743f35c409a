// What is seen of a journal from outside: whole, damaged, torn, on a bad disk, and while somebody writes.
#include "core/journal/inspection.h"
#include "tests/core/journal/bad_disk.h"
#include "tests/core/journal/journal_rig.h"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace dashstream::journal::test {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr std::uint64_t kFirstGroup = kBlockBytes;

std::string segment(std::uint64_t generation) {
    return SegmentFiles::nameOf(Generation{generation});
}

std::unique_ptr<Inspection> inspect(FileLayer& files, const InspectionOptions& options = {}) {
    auto inspection = Inspection::read(files, "/journal", options);
    EXPECT_TRUE(inspection) << (inspection ? "" : inspection.error().text());
    return inspection ? std::move(*inspection) : nullptr;
}

/// Ids of what it visits, each checked against what was written.
std::vector<EntryId> visited(Inspection& inspection) {
    std::vector<EntryId> found;
    const auto done = inspection.visitUnsettled([&found](const UnsettledMessage& message) {
        const Sample written(message.record.entry.value);
        EXPECT_EQ(asText(message.record.value), written.value);
        EXPECT_EQ(message.record.thread, written.thread);
        EXPECT_EQ(message.record.sequence, written.record.sequence);
        EXPECT_EQ(message.record.id, written.record.id);
        found.push_back(message.record.entry);
        return Result<void>();
    });
    EXPECT_TRUE(done) << (done ? "" : done.error().text());
    return found;
}

TEST(JournalInspection, WholeJournalIsSeenAsAStartWouldFindItAndIsNotTouched) {
    MemoryFiles memory;
    {
        LogRig rig(memory);
        ASSERT_TRUE(rig.write(1, 5));
        ASSERT_TRUE(rig.write(6, 2, {EntryId{1}, EntryId{3}}));
    }
    BadDisk disk(memory);

    const auto inspection = inspect(disk);

    EXPECT_THAT(visited(*inspection), ElementsAreArray({EntryId{2}, EntryId{4}, EntryId{5}, EntryId{6}, EntryId{7}}));
    const InspectionReport& report = inspection->report();
    EXPECT_EQ(report.segments, 1U);
    EXPECT_EQ(report.groups, 2U);
    EXPECT_EQ(report.messages, 7U);
    EXPECT_EQ(report.settled, 2U);
    EXPECT_EQ(report.unsettled, 5U);
    EXPECT_EQ(report.bytes, kSmallSegment);
    EXPECT_FALSE(report.tornTail);
    EXPECT_THAT(report.damage, IsEmpty());
    EXPECT_EQ(disk.changes(), 0);
}

TEST(JournalInspection, EmptyJournalHasNothing) {
    MemoryFiles disk;

    const auto inspection = inspect(disk);

    EXPECT_EQ(inspection->report().unsettled, 0U);
    EXPECT_THAT(visited(*inspection), IsEmpty());
}

TEST(JournalInspection, WhatIsBeingWrittenAtTheEndIsNoDamage) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
        ASSERT_TRUE(rig.write(6, 20));
    }
    // The second group: its first block is there, the rest is not yet.
    auto& bytes = disk.node(segment(1))->now;
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(kFirstGroup + 2 * kBlockBytes), bytes.end(), std::byte{0});

    const auto inspection = inspect(disk);

    EXPECT_THAT(inspection->report().damage, IsEmpty());
    ASSERT_TRUE(inspection->report().tornTail);
    EXPECT_EQ(inspection->report().tornTail->offset, kFirstGroup + kBlockBytes);
    const std::vector<EntryId> found = visited(*inspection);
    const LogRig start(disk);
    EXPECT_EQ(found, start.log->entries().liveEntries()) << "the same as a start finds";
    EXPECT_GT(found.size(), 5U);
}

TEST(JournalInspection, DamageIsToldWithItsPlaceAndTheRestIsVisited) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
        ASSERT_TRUE(rig.write(6, 5));
    }
    disk.node(segment(1))->now[kFirstGroup + kGroupHeaderBytes + kRecordHeadBytes + 150] ^= std::byte{1};

    const auto inspection = inspect(disk);

    EXPECT_THAT(visited(*inspection), ElementsAreArray(entries(2, 11)));
    ASSERT_EQ(inspection->report().damage.size(), 1U);
    EXPECT_EQ(inspection->report().damage[0].file, segment(1));
    EXPECT_EQ(inspection->report().damage[0].offset, kFirstGroup + kGroupHeaderBytes);
    EXPECT_EQ(inspection->report().recordsSkipped, 1U);
    EXPECT_EQ(inspection->report().messagesMissing, 1U);
}

TEST(JournalInspection, DamagedFirstGroupIsNotSilent) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
        ASSERT_TRUE(rig.write(6, 5));
    }
    disk.node(segment(1))->now[kFirstGroup + 20] ^= std::byte{1};

    const auto inspection = inspect(disk);

    EXPECT_THAT(visited(*inspection), ElementsAreArray(entries(6, 11)));
    EXPECT_EQ(inspection->report().messagesMissing, 5U);
    ASSERT_EQ(inspection->report().damage.size(), 1U);
    EXPECT_EQ(inspection->report().damage[0].offset, kFirstGroup);
}

TEST(JournalInspection, MissingAndCutFilesAreDamage) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        for (std::uint64_t group = 0; group < 40; ++group) {
            ASSERT_TRUE(rig.write(1 + group * 20, 20));
        }
        ASSERT_GE(rig.log->entries().segments(), 5U);
    }
    ASSERT_TRUE(disk.remove("/journal/" + segment(2)));
    disk.node(segment(4))->now.resize(kSmallSegment / 2);

    const auto inspection = inspect(disk);

    const std::vector<EntryId> found = visited(*inspection);
    EXPECT_EQ(found.size() + inspection->report().messagesMissing, 800U) << "each is visited or counted";
    std::set<std::string> files;
    for (const Damage& damage : inspection->report().damage) {
        files.insert(damage.file);
    }
    EXPECT_EQ(files.count(segment(3)), 1U) << "groups before it are missing";
    EXPECT_EQ(files.count(segment(4)), 1U);
}

TEST(JournalInspection, PlaceThatTheDiskCannotReadCostsOnlyWhatStandsThere) {
    MemoryFiles memory;
    {
        LogRig rig(memory);
        for (std::uint64_t group = 0; group < 6; ++group) {
            ASSERT_TRUE(rig.write(1 + group * 20, 20)); // three blocks each
        }
    }
    BadDisk disk(memory);
    disk.breakAt(segment(1), kFirstGroup + 7 * kBlockBytes, 100); // the second block of the third group

    const auto inspection = inspect(disk);

    const std::vector<EntryId> found = visited(*inspection);
    EXPECT_GE(found.size(), 100U);
    EXPECT_LT(found.size(), 120U);
    EXPECT_EQ(found.size() + inspection->report().messagesMissing, 120U);
    EXPECT_THAT(inspection->report().damage, ::testing::Not(IsEmpty()));
    EXPECT_EQ(inspection->report().damage.back().file, segment(1));
}

TEST(JournalInspection, PlaceThatGoesBadAfterwardsIsReportedAsWell) {
    MemoryFiles memory;
    {
        LogRig rig(memory);
        ASSERT_TRUE(rig.write(1, 20));
    }
    BadDisk disk(memory);
    const auto inspection = inspect(disk);
    disk.breakAt(segment(1), kFirstGroup + kBlockBytes, 1);

    const std::vector<EntryId> found = visited(*inspection);

    EXPECT_LT(found.size(), 20U);
    EXPECT_EQ(found.size() + inspection->report().damage.size(), 20U);
}

/// Writes and settles so that segments are given back and used again.
class Traffic {
public:
    static constexpr std::uint64_t kOpen = 1500; ///< messages that are not settled
    static constexpr std::uint64_t kAtOnce = 60;

    explicit Traffic(MemoryFiles& disk) : m_rig(disk, {4 * kSmallSegment, 1ULL << 30, 0}) {
        EXPECT_TRUE(m_rig.write(1, 1));
    }

    void step() {
        ASSERT_TRUE(m_rig.write(m_next, kAtOnce));
        const std::uint64_t before = settledEnd();
        m_next += kAtOnce;
        ASSERT_TRUE(m_rig.write(m_next, 0, entries(before, settledEnd())));
        m_rig.log->setCheckpoint(EntryId{m_next});
        ASSERT_TRUE(m_rig.log->giveBack());
        const auto leftovers = m_rig.log->gatherLeftovers();
        ASSERT_TRUE(leftovers);
        if (*leftovers) {
            GroupBuffer group(m_rig.log->nextGroup());
            m_rig.log->addLeftovers(**leftovers, group);
            ASSERT_TRUE(m_rig.write(group));
            ASSERT_TRUE(m_rig.log->giveBack());
        }
    }
    /// Everything below but message 1 is settled.
    [[nodiscard]] std::uint64_t settledEnd() const { return std::max<std::uint64_t>(m_next, kOpen + 2) - kOpen; }

private:
    LogRig m_rig;
    std::uint64_t m_next = 2;
};

/// Message 1 is never settled: it must be found however often it was moved. Whatever else is found must not have been
/// settled before the look began.
void lookWhileWriting(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    MemoryFiles memory;
    Traffic traffic(memory);
    for (std::uint64_t steps = random() % 40; steps > 0; --steps) {
        traffic.step();
    }
    const std::uint64_t settledBefore = traffic.settledEnd();
    BadDisk disk(memory);
    std::uint64_t quiet = random() % 60; // looks
    std::uint64_t busy = 1 + random() % 60;
    const std::uint64_t most = 1 + random() % (random() % 4 == 0 ? 80 : 20); // steps between two looks
    disk.onLook = [&] {
        if (quiet > 0) {
            --quiet;
        } else if (busy > 0) {
            --busy;
            for (std::uint64_t steps = random() % most; steps > 0; --steps) {
                traffic.step();
            }
        }
    };

    const auto inspection = inspect(disk);
    const std::vector<EntryId> found = visited(*inspection);

    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.front(), EntryId{1});
    for (std::size_t i = 1; i < found.size(); ++i) {
        EXPECT_GE(found[i].value, settledBefore) << "settled long ago";
    }
    for (const Damage& damage : inspection->report().damage) {
        ADD_FAILURE() << damage.file << " " << damage.offset << " " << damage.what;
    }
}

TEST(JournalInspection, NothingIsLostOrCalledDamagedWhileSegmentsComeAndGo) {
    for (std::uint64_t seed = 1; seed <= 250; ++seed) {
        lookWhileWriting(seed);
        ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
    }
}

TEST(JournalInspection, CancelEndsIt) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
    }
    InspectionOptions options;
    options.cancel.cancel();

    const auto inspection = Inspection::read(disk, "/journal", options);

    ASSERT_FALSE(inspection);
    EXPECT_EQ(inspection.error().errorClass, ErrorClass::Cancelled);
}

TEST(JournalInspection, VisitorsErrorEndsTheVisit) {
    MemoryFiles disk;
    {
        LogRig rig(disk);
        ASSERT_TRUE(rig.write(1, 5));
    }
    const auto inspection = inspect(disk);
    int calls = 0;

    const auto done = inspection->visitUnsettled([&calls](const UnsettledMessage&) -> Result<void> {
        ++calls;
        return fail(ErrorClass::Local, "test.full", "no room");
    });

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "test.full");
    EXPECT_EQ(calls, 1);
}

} // namespace
} // namespace dashstream::journal::test
