// The journal without threads: every write waits for step(), and for the clock that is moved by hand.
#include "core/journal/journal.h"
#include "tests/core/journal/journal_rig.h"

namespace dashstream::journal::test {
namespace {

using namespace std::chrono_literals;

/// Gives a disk that outlives the journal on it.
class BorrowedFiles final : public FileLayer {
public:
    explicit BorrowedFiles(MemoryFiles& disk) : m_disk(disk) {}
    Result<std::unique_ptr<File>> create(const std::filesystem::path& path, std::uint64_t size) override {
        return m_disk.create(path, size);
    }
    Result<std::unique_ptr<File>> open(const std::filesystem::path& path) override { return m_disk.open(path); }
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        return m_disk.rename(from, to);
    }
    Result<void> remove(const std::filesystem::path& path) override { return m_disk.remove(path); }
    Result<std::vector<std::string>> list(const std::filesystem::path& folder) const override {
        return m_disk.list(folder);
    }
    Result<void> syncFolder(const std::filesystem::path& folder) override { return m_disk.syncFolder(folder); }
    Result<void> makeFolder(const std::filesystem::path& folder) override { return m_disk.makeFolder(folder); }
    Result<std::uint64_t> freeBytes(const std::filesystem::path& folder) const override {
        return m_disk.freeBytes(folder);
    }

private:
    MemoryFiles& m_disk;
};

struct ManualRig {
    std::unique_ptr<Journal> open(EntryId firstEntry = EntryId{1}) {
        JournalOptions options;
        options.folder = "/journal";
        options.limits = {kSmallSegment, 1ULL << 30, 0};
        options.manual = true;
        options.firstEntry = firstEntry;
        auto journal = Journal::open(options, std::make_unique<BorrowedFiles>(disk), clock,
                                     {[this](EntryId end, std::uint64_t) { committed = end; }, [this] { ++troubles; }},
                                     [](const MessageRecord&) {});
        EXPECT_TRUE(journal) << journal.error().text();
        return journal ? std::move(*journal) : nullptr;
    }
    static EntryId append(Journal& journal, std::uint64_t first, std::uint64_t count) {
        EntryId begin;
        for (std::uint64_t number = first; number < first + count; ++number) {
            const Sample sample(number);
            const EntryId entry = journal.end();
            (void)journal.append({&sample.record, 1});
            begin = number == first ? entry : begin;
        }
        return begin;
    }
    static void stepAll(Journal& journal) {
        for (int turns = 0; journal.step(); ++turns) {
            ASSERT_LT(turns, 100) << "something is always due";
        }
    }

    MemoryFiles disk;
    HandClock clock;
    EntryId committed;
    int troubles = 0;
};

TEST(ManualJournal, NothingIsAcceptedBeforeAStep) {
    ManualRig rig;
    auto journal = rig.open();
    EXPECT_EQ(rig.append(*journal, 1, 1), EntryId{1});
    EXPECT_EQ(rig.committed, EntryId{});

    EXPECT_TRUE(journal->step());

    EXPECT_EQ(rig.committed, EntryId{2});
    EXPECT_FALSE(journal->step()) << "the clock stands still";
}

TEST(ManualJournal, UnderLoadAGroupWaitsForTheClock) {
    ManualRig rig;
    auto journal = rig.open();
    rig.append(*journal, 1, 17);
    rig.stepAll(*journal);
    rig.append(*journal, 18, 2);
    EXPECT_FALSE(journal->step());

    rig.clock.now += 5ms;
    rig.stepAll(*journal);

    EXPECT_EQ(rig.committed, EntryId{20});
}

TEST(ManualJournal, SettlementsWaitForCompany) {
    ManualRig rig;
    auto journal = rig.open();
    rig.append(*journal, 1, 2);
    rig.stepAll(*journal);
    const std::uint64_t before = rig.disk.calls();
    journal->settle(std::vector{EntryId{1}});
    rig.clock.now += 99ms;
    EXPECT_FALSE(journal->step());
    EXPECT_EQ(rig.disk.calls(), before);

    rig.clock.now += 1ms;

    EXPECT_TRUE(journal->step());
    EXPECT_EQ(journal->unsettled(), entries(2, 3));
}

/// The journal's thread is behind: each group that it writes would add them once more to the open one, until that fits
/// no segment.
TEST(ManualJournal, LeftoversOfAnOldSegmentAreMovedOnceHoweverManyGroupsWaitBeforeThem) {
    ManualRig rig;
    auto journal = rig.open();
    for (std::uint64_t number = 1; journal->status().bytesOnDisk < 6 * kSmallSegment; number += 20) {
        rig.append(*journal, number, 20);
        rig.stepAll(*journal);
        rig.clock.now += 1s;
    }
    std::vector<EntryId> settled = journal->unsettled();
    settled.erase(settled.begin()); // the first one keeps its segment
    journal->settle(settled);
    rig.clock.now += 1s;
    journal->setCheckpoint(journal->end());
    rig.append(*journal, 10'000, 400); // many groups

    for (int turns = 0; turns < 1'000 && rig.committed < journal->end(); ++turns) {
        (void)journal->step();
    }

    EXPECT_EQ(journal->status().movedMessages, 1U);
    EXPECT_FALSE(journal->status().trouble) << journal->status().trouble->text();
}

TEST(ManualJournal, ManySettledAtOnceAreWrittenInGroupsThatFitASegment) {
    ManualRig rig;
    auto journal = rig.open();
    std::vector<EntryId> far;
    for (std::uint64_t i = 0; i < 40'000; ++i) { // as far apart as they come: more than a segment of varints
        far.push_back(EntryId{1 + i * (std::uint64_t{1} << 48)});
    }
    journal->settle(far);
    rig.clock.now += 1s;
    rig.stepAll(*journal);

    EXPECT_FALSE(journal->status().trouble) << journal->status().trouble->text();
    EXPECT_GT(journal->status().groups, 1U);
}

TEST(ManualJournal, AFullDiskIsTriedAgainAfterASecond) {
    ManualRig rig;
    auto journal = rig.open();
    rig.append(*journal, 1, 1);
    rig.disk.failAfter(0, "journal.no_space");
    EXPECT_TRUE(journal->step());
    EXPECT_EQ(rig.troubles, 1);
    EXPECT_FALSE(journal->roomForMore());
    rig.disk.heal();
    rig.clock.now += 999ms;
    EXPECT_FALSE(journal->step());
    EXPECT_EQ(rig.committed, EntryId{});

    rig.clock.now += 1ms;
    EXPECT_TRUE(journal->step());

    EXPECT_EQ(rig.committed, EntryId{2});
    EXPECT_EQ(rig.troubles, 2) << "it is told that the trouble is over";
    EXPECT_TRUE(journal->roomForMore());
}

TEST(ManualJournal, AFailedSyncEndsIt) {
    ManualRig rig;
    auto journal = rig.open();
    rig.append(*journal, 1, 1);
    rig.stepAll(*journal);
    rig.append(*journal, 2, 1);
    rig.disk.failAfter(1);
    EXPECT_TRUE(journal->step());
    rig.disk.heal();
    rig.clock.now += 1h;

    EXPECT_FALSE(journal->step());

    EXPECT_EQ(rig.committed, EntryId{2});
    EXPECT_FALSE(journal->close());
}

TEST(ManualJournal, WhereTheStoreKnowsHigherIdsASegmentBeginsWithThem) {
    ManualRig rig;
    {
        const auto journal = rig.open();
        EXPECT_EQ(ManualRig::append(*journal, 1, 3), EntryId{1});
        ASSERT_TRUE(journal->close());
    }
    const EntryId high{1'000'000'000};
    {
        const auto journal = rig.open(high);
        EXPECT_EQ(ManualRig::append(*journal, 4, 2), high);
        ASSERT_TRUE(journal->close());
    }

    const auto again = rig.open(high);

    EXPECT_EQ(again->recovery().recordsSkipped, 0U);
    EXPECT_EQ(again->unsettled(), (std::vector{EntryId{1}, EntryId{2}, EntryId{3}, high, high.next()}));
    const auto entry = again->read(high.next());
    ASSERT_TRUE(entry);
    EXPECT_EQ(asText(entry->record().value), Sample(5).value);
}

TEST(ManualJournal, ClosingWritesWhatIsOpen) {
    ManualRig rig;
    auto journal = rig.open();
    rig.append(*journal, 1, 300); // more than a group of a small segment holds
    ASSERT_TRUE(journal->close());
    EXPECT_EQ(rig.committed, EntryId{301});
    EXPECT_FALSE(journal->step());
    journal.reset();

    auto again = rig.open();

    EXPECT_EQ(again->unsettled(), entries(1, 301));
}

TEST(ManualJournal, SpaceIsGivenBackStepByStepAndTheSameEachTime) {
    const auto life = [] {
        ManualRig rig;
        auto journal = rig.open();
        std::uint64_t next = 1;
        for (int round = 0; round < 60; ++round) {
            rig.append(*journal, next, 60);
            rig.clock.now += 5ms;
            rig.stepAll(*journal);
            journal->settle(entries(next, next + 60));
            next += 60;
            journal->setCheckpoint(EntryId{next});
            rig.clock.now += 200ms;
            rig.stepAll(*journal);
        }
        EXPECT_LE(journal->status().bytesOnDisk, 3 * kSmallSegment);
        return rig.disk.calls();
    };

    EXPECT_EQ(life(), life());
}

} // namespace
} // namespace dashstream::journal::test
