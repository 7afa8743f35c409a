// The journal without a thread: groups go to the newest segment and are synced; segments begin, move what is left in
// the oldest, and are given back. Deterministic on its file layer. One thread, apart from find() under the owner's
// lock.
#pragma once

#include "core/journal/group_buffer.h"
#include "core/journal/recovery.h"

#include <memory>
#include <optional>

namespace dashstream::journal {

struct LogLimits {
    std::uint64_t segmentBytes = 64ULL * 1024 * 1024;
    std::uint64_t maxBytes = 10ULL * 1024 * 1024 * 1024;    ///< store.max_bytes
    std::uint64_t minFreeBytes = 1ULL * 1024 * 1024 * 1024; ///< store.min_free_bytes
};

class LogWriter {
public:
    /// Segments beside the oldest that must exist before what is left in it is moved.
    static constexpr std::size_t kKeepUnmoved = 4;
    /// Largest message whose record fits a segment.
    [[nodiscard]] std::uint64_t largestGroup() const { return m_files.segmentBytes() - kBlockBytes; }

    LogWriter(SegmentFiles& files, const Clock& clock, LogLimits limits, Recovered recovered);

    /// What the next group must be numbered.
    [[nodiscard]] std::uint64_t nextGroup() const { return m_nextGroup; }
    /// Writes and syncs; afterwards everything in it survives. On an error nothing of it counts, and the segment is
    /// never written again: the group may be given again, and goes to a new one.
    [[nodiscard]] Result<void> write(GroupBuffer& group);
    /// After write(): its messages can be found, what it settles is settled.
    void book(const GroupBuffer& group);

    /// Everything below `end` has its thread's number and its source's position in the store.
    void setCheckpoint(EntryId end) { m_checkpoint = end; }
    /// Gives back segments that nothing needs.
    [[nodiscard]] Result<void> giveBack();
    struct Leftovers {
        std::vector<std::pair<EntryId, std::vector<std::byte>>> payloads;
        std::vector<std::string> notes;
    };
    /// What is left in the oldest segment, where that keeps much space for little. Nothing: no need.
    [[nodiscard]] Result<std::optional<Leftovers>> gatherLeftovers() const;
    /// What of it is still needed is copied to the group.
    void addLeftovers(const Leftovers& leftovers, GroupBuffer& group) const;

    /// Why nothing more may be accepted; nothing: there is room.
    [[nodiscard]] std::optional<Error> noRoom() const;

    [[nodiscard]] const EntryTable& entries() const { return m_entries; }
    [[nodiscard]] EntryTable& entries() { return m_entries; }
    [[nodiscard]] std::uint64_t bytesOnDisk() const { return m_entries.segments() * m_files.segmentBytes(); }

private:
    [[nodiscard]] Result<void> ensureRoom(std::uint64_t bytes);
    [[nodiscard]] Result<void> readLeftovers(const EntryTable::Oldest& oldest, Leftovers& leftovers) const;
    [[nodiscard]] std::vector<std::string> notesIn(Generation generation) const;

    SegmentFiles& m_files;
    const Clock& m_clock;
    LogLimits m_limits;
    EntryTable m_entries;
    std::map<std::string, std::string, std::less<>> m_notes;
    std::map<std::string, Generation, std::less<>> m_noteSegments;
    JournalId m_journal;
    Generation m_generation;
    std::uint64_t m_nextGroup;
    std::shared_ptr<File> m_current; ///< none: the next group begins a segment
    bool m_currentIsNew = false;     ///< not in m_entries yet
    std::uint64_t m_position = 0;    ///< where the next group goes
    std::uint64_t m_written = 0;     ///< where the last one was written
    EntryId m_checkpoint{1};
};

} // namespace dashstream::journal
