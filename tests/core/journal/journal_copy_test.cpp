// A copy of a journal that somebody writes meanwhile: what a start finds in it.
#include "core/journal/inspection.h"
#include "core/journal/journal_copy.h"
#include "tests/core/journal/bad_disk.h"
#include "tests/core/journal/journal_rig.h"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace dashstream::journal::test {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

/// Files are made on one disk and read from another.
class TwoDisks final : public FileLayer {
public:
    TwoDisks(FileLayer& from, FileLayer& to) : m_from(from), m_to(to) {}
    Result<std::unique_ptr<File>> create(const std::filesystem::path& path, std::uint64_t size) override {
        return m_to.create(path, size);
    }
    Result<std::unique_ptr<File>> open(const std::filesystem::path& path) override { return m_to.open(path); }
    Result<std::unique_ptr<File>> openToRead(const std::filesystem::path& path) override {
        return m_from.openToRead(path);
    }
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        return m_to.rename(from, to);
    }
    Result<void> remove(const std::filesystem::path& path) override { return m_to.remove(path); }
    Result<std::vector<std::string>> list(const std::filesystem::path& folder) const override {
        return m_from.list(folder);
    }
    Result<void> syncFolder(const std::filesystem::path& folder) override { return m_to.syncFolder(folder); }
    Result<void> makeFolder(const std::filesystem::path& folder) override { return m_to.makeFolder(folder); }
    Result<std::uint64_t> freeBytes(const std::filesystem::path& folder) const override {
        return m_to.freeBytes(folder);
    }

private:
    FileLayer& m_from;
    FileLayer& m_to;
};

void expectDone(const Result<void>& result) {
    EXPECT_TRUE(result) << (result ? "" : result.error().text());
}

TEST(JournalCopy, CopyOfAJournalThatNobodyWritesIsTheSame) {
    MemoryFiles from;
    {
        LogRig rig(from);
        for (std::uint64_t group = 0; group < 20; ++group) {
            ASSERT_TRUE(rig.write(1 + group * 20, 20, {EntryId{1 + group * 20}}));
        }
        ASSERT_GE(rig.log->entries().segments(), 3U);
    }
    MemoryFiles to;
    TwoDisks disks(from, to);
    JournalCopy copy(disks, "/journal", "/copy", {});

    expectDone(copy.copyAll());
    expectDone(copy.copyTail());
    expectDone(copy.finish());

    const LogRig original(from);
    const LogRig copied(to);
    EXPECT_EQ(copied.log->entries().liveEntries(), original.log->entries().liveEntries());
    EXPECT_EQ(copied.report.groups, original.report.groups);
    EXPECT_THAT(copied.report.damage, IsEmpty());
}

TEST(JournalCopy, WhatIsSettledBetweenTheStepsStaysAndWhatIsAcceptedComes) {
    MemoryFiles from;
    LogRig rig(from);
    ASSERT_TRUE(rig.write(1, 5, {EntryId{1}}));
    MemoryFiles to;
    TwoDisks disks(from, to);
    JournalCopy copy(disks, "/journal", "/copy", {});

    expectDone(copy.copyAll());
    ASSERT_TRUE(rig.write(6, 2, {EntryId{2}, EntryId{6}}));
    GroupBuffer note(rig.log->nextGroup());
    note.addNote("handover/1", "kept");
    note.addSettled(EntryId{3});
    ASSERT_TRUE(rig.write(note));
    expectDone(copy.copyTail());
    ASSERT_TRUE(rig.write(8, 1, {EntryId{4}}));
    expectDone(copy.finish());

    const LogRig copied(to);
    EXPECT_EQ(copied.log->entries().liveEntries(), entries(2, 8));
    EXPECT_EQ(copied.notes.at("handover/1"), "kept");
    EXPECT_THAT(copied.report.damage, IsEmpty());
}

TEST(JournalCopy, PlaceThatTheDiskCannotReadIsTold) {
    MemoryFiles from;
    {
        LogRig rig(from);
        ASSERT_TRUE(rig.write(1, 20));
        ASSERT_TRUE(rig.write(21, 20));
    }
    BadDisk bad(from);
    bad.breakAt(SegmentFiles::nameOf(Generation{1}), 2 * kBlockBytes, 1);
    MemoryFiles to;
    TwoDisks disks(bad, to);
    JournalCopy copy(disks, "/journal", "/copy", {});

    expectDone(copy.copyAll());
    expectDone(copy.copyTail());
    expectDone(copy.finish());

    ASSERT_EQ(copy.unreadable().size(), 1U);
    EXPECT_EQ(copy.unreadable()[0].offset, 2 * kBlockBytes);
    EXPECT_GE(LogRig(to).log->entries().live(), 20U);
}

/// What the store would say of each message, by what was written before the moment of its copy.
struct Moment {
    std::uint64_t accepted = 0; ///< messages before it were durable
    std::set<EntryId> settled;  ///< in groups that were durable
};

/// Copies while segments come and go. Returns what is wrong with the copy.
std::vector<std::string> copyWhileWriting(std::uint64_t seed, bool keepLateSettlements) {
    std::mt19937_64 random(seed);
    MemoryFiles from;
    LogRig rig(from);
    std::uint64_t next = 1;
    Moment now;
    const auto step = [&] {
        const std::uint64_t count = random() % 30;
        std::vector<EntryId> settled;
        for (std::uint64_t entry = 2; entry < next; ++entry) { // message 1 stays
            if (now.settled.count(EntryId{entry}) == 0 && (entry + 100 < next || random() % 8 == 0)) {
                settled.emplace_back(entry);
            }
        }
        EXPECT_TRUE(rig.write(next, count, settled));
        next += count;
        now.accepted = next;
        now.settled.insert(settled.begin(), settled.end());
        rig.log->setCheckpoint(EntryId{next});
        EXPECT_TRUE(rig.log->giveBack());
        const auto leftovers = rig.log->gatherLeftovers();
        if (leftovers && *leftovers) {
            GroupBuffer group(rig.log->nextGroup());
            rig.log->addLeftovers(**leftovers, group);
            EXPECT_TRUE(rig.write(group));
            EXPECT_TRUE(rig.log->giveBack());
        }
    };
    for (std::uint64_t steps = 1 + random() % 80; steps > 0; --steps) {
        step();
    }
    BadDisk looks(from);
    std::uint64_t budget = random() % 60;
    const std::uint64_t most = 1 + random() % 6;
    looks.onLook = [&] {
        for (std::uint64_t steps = random() % most; steps > 0 && budget > 0; --steps, --budget) {
            step();
        }
    };
    MemoryFiles to;
    TwoDisks disks(looks, to);
    JournalCopy copy(disks, "/journal", "/copy", {});
    expectDone(copy.copyAll());
    Moment moment = now;
    if (keepLateSettlements) { // a store that is older than the journal
        moment.settled.clear();
    }
    step();
    const auto tail = copy.copyTail();
    if (!tail) {
        return tail.error().code == "journal.moved_on" ? std::vector<std::string>() : std::vector{tail.error().text()};
    }
    expectDone(copy.finish());

    std::vector<std::string> wrong;
    const LogRig copied(to);
    for (const Damage& damage : copied.report.damage) {
        wrong.push_back(damage.file + " " + std::to_string(damage.offset) + " " + damage.what);
    }
    const std::vector<EntryId> live = copied.log->entries().liveEntries();
    const std::set<EntryId> found(live.begin(), live.end());
    for (std::uint64_t entry = 1; entry < moment.accepted; ++entry) {
        if (moment.settled.count(EntryId{entry}) == 0 && found.count(EntryId{entry}) == 0) {
            wrong.push_back("lost: " + std::to_string(entry));
        }
    }
    if (copied.log->entries().next() < EntryId{moment.accepted}) {
        wrong.emplace_back("the store knows later messages than the journal");
    }
    return wrong;
}

TEST(JournalCopy, NothingThatTheStoreDoesNotHaveIsMissingHoweverItMoves) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        EXPECT_THAT(copyWhileWriting(seed, false), IsEmpty()) << "seed " << seed;
        ASSERT_FALSE(HasFailure());
    }
}

TEST(JournalCopy, TheCheckSeesAStoreThatIsTooOld) {
    std::uint64_t seed = 1;
    while (seed < 100 && copyWhileWriting(seed, true).empty()) {
        ++seed;
    }
    EXPECT_LT(seed, 100U);
}

} // namespace
} // namespace dashstream::journal::test
