// The journal with its threads on a real disk.
#include "core/journal/journal.h"
#include "tests/core/journal/journal_rig.h"
#include "tests/support/temp_dir.h"

#include <condition_variable>
#include <mutex>

namespace dashstream::journal::test {
namespace {

using namespace std::chrono_literals;

/// Waits for the journal's word.
class Told {
public:
    Journal::Listener listener() {
        return {[this](EntryId end, std::uint64_t) {
                    const std::lock_guard lock(m_mutex);
                    m_end = end;
                    m_changed.notify_all();
                },
                [this] {
                    const std::lock_guard lock(m_mutex);
                    m_trouble = true;
                    m_changed.notify_all();
                }};
    }
    [[nodiscard]] bool untilCommitted(EntryId end) {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, 30s, [&] { return m_end >= end; });
    }
    [[nodiscard]] EntryId end() {
        const std::lock_guard lock(m_mutex);
        return m_end;
    }
    [[nodiscard]] bool untilTrouble() {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, 30s, [&] { return m_trouble; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    EntryId m_end{1};
    bool m_trouble = false;
};

struct JournalRig {
    std::unique_ptr<Journal> open(std::unique_ptr<FileLayer> files = realFiles()) {
        JournalOptions options;
        options.folder = folder / "journal";
        options.limits = {256 * 1024, 1ULL << 30, 0};
        auto journal =
            Journal::open(options, std::move(files), clock, told.listener(), [this](const MessageRecord&) { ++seen; });
        EXPECT_TRUE(journal) << journal.error().text();
        return journal ? std::move(*journal) : nullptr;
    }
    EntryId append(Journal& journal, std::uint64_t first, std::uint64_t count) {
        std::vector<std::unique_ptr<Sample>> samples;
        std::vector<MessageRecord> records;
        for (std::uint64_t number = first; number < first + count; ++number) {
            samples.push_back(std::make_unique<Sample>(number));
            records.push_back(samples.back()->record);
        }
        const EntryId begin = journal.end();
        (void)journal.append(records);
        return begin;
    }

    dashstream::testing::TempDir folder;
    SystemClock clock;
    Told told;
    std::uint64_t seen = 0;
};

TEST(Journal, TellsWhenMessagesAreDurableAndHasThemAtTheNextStart) {
    JournalRig rig;
    auto journal = rig.open();
    EXPECT_EQ(rig.append(*journal, 1, 10), EntryId{1});
    EXPECT_EQ(rig.append(*journal, 11, 1), EntryId{11});
    ASSERT_TRUE(rig.told.untilCommitted(EntryId{12}));
    journal->settle(std::vector{EntryId{1}, EntryId{2}});
    ASSERT_TRUE(journal->close());
    journal.reset();

    auto again = rig.open();

    EXPECT_EQ(again->unsettled(), entries(3, 12));
    EXPECT_EQ(rig.seen, 11U);
    const auto entry = again->read(EntryId{11});
    ASSERT_TRUE(entry);
    EXPECT_EQ(asText(entry->record().value), Sample(11).value);
    EXPECT_EQ(rig.append(*again, 12, 1), EntryId{12}) << "ids go on";
}

TEST(Journal, ManyMessagesShareAWriteUnderLoad) {
    JournalRig rig;
    auto journal = rig.open();
    constexpr std::uint64_t kMessages = 20'000;
    for (std::uint64_t number = 1; number <= kMessages; number += 50) {
        (void)rig.append(*journal, number, 50);
    }
    ASSERT_TRUE(rig.told.untilCommitted(EntryId{kMessages + 1}));

    const JournalStatus status = journal->status();

    EXPECT_EQ(status.messages, kMessages);
    EXPECT_LT(status.groups, kMessages / 50);
    EXPECT_EQ(status.live, kMessages);
}

TEST(Journal, SpaceIsGivenBackAsMessagesSettle) {
    JournalRig rig;
    auto journal = rig.open();
    std::uint64_t next = 1;
    for (int round = 0; round < 40; ++round) {
        (void)rig.append(*journal, next, 200);
        ASSERT_TRUE(rig.told.untilCommitted(EntryId{next + 200}));
        journal->settle(entries(next, next + 200));
        next += 200;
        journal->setCheckpoint(EntryId{next});
    }
    ASSERT_TRUE(journal->close());

    EXPECT_LE(journal->status().bytesOnDisk, 3U * 256 * 1024);
}

TEST(Journal, FailedSyncStopsAcceptingAndNothingIsCalledDurable) {
    JournalRig rig;
    auto disk = std::make_unique<MemoryFiles>();
    MemoryFiles& files = *disk;
    auto journal = rig.open(std::move(disk));
    (void)rig.append(*journal, 1, 1);
    ASSERT_TRUE(rig.told.untilCommitted(EntryId{2}));

    files.failAfter(1);
    (void)rig.append(*journal, 2, 1);
    ASSERT_TRUE(rig.told.untilTrouble());

    EXPECT_FALSE(journal->roomForMore());
    ASSERT_TRUE(journal->status().trouble);
    EXPECT_FALSE(journal->status().trouble->message.empty());
    EXPECT_FALSE(journal->close());
    EXPECT_EQ(rig.told.end(), EntryId{2});
}

} // namespace
} // namespace dashstream::journal::test
