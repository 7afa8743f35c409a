// Which message's record stands where, and which are settled: what tells when a segment has nothing more to keep.
// About eight bytes a message. One thread at a time; the journal guards it.
#pragma once

#include "core/journal/files.h"
#include "core/journal/format.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace dashstream::journal {

/// Where to read one record.
struct EntryPlace {
    std::shared_ptr<const File> file;
    Generation generation;
    std::uint64_t group = 0;
    std::uint32_t offset = 0; ///< of the record's head in the file
};

class EntryTable {
public:
    /// Generations rise from one to the next.
    void addSegment(Generation generation, std::shared_ptr<const File> file);
    /// A message's record in the newest segment. An entry above all others is new, any other one has been moved there.
    void place(EntryId entry, std::uint64_t group, std::uint32_t offset);
    /// False: unknown, or settled before.
    bool settle(EntryId entry);

    /// Nothing: unknown or settled.
    [[nodiscard]] std::optional<EntryPlace> find(EntryId entry) const;
    /// All that are not settled, in order.
    [[nodiscard]] std::vector<EntryId> liveEntries() const;
    [[nodiscard]] std::uint64_t live() const { return m_live; }
    /// No new message gets an id below this.
    void beginAt(EntryId next) { m_next = std::max(m_next, next); }
    /// What the next new message gets.
    [[nodiscard]] EntryId next() const { return m_next; }

    [[nodiscard]] std::size_t segments() const { return m_segments.size(); }
    struct Oldest {
        Generation generation;
        EntryId end;               ///< behind the last entry that was first written there
        std::uint64_t live = 0;    ///< records in it that are needed
        std::uint64_t records = 0; ///< messages' records in it
        std::shared_ptr<const File> file;
    };
    /// Call only while there is one.
    [[nodiscard]] Oldest oldest() const;
    /// What is needed in it.
    [[nodiscard]] std::vector<EntryId> liveInOldest() const;
    /// Call only while nothing in it is needed.
    void dropOldest();

private:
    struct Slot {
        std::uint32_t offset = 0;
        std::uint32_t groupStep = 0; ///< since the segment's first group
    };
    struct Segment {
        Generation generation;
        std::shared_ptr<const File> file;
        EntryId first; ///< of slots[0]
        std::uint64_t firstGroup = 0;
        std::vector<Slot> slots;
        std::vector<bool> gone; ///< settled, moved to a later segment, or never found
        std::uint64_t live = 0;
        std::uint64_t records = 0;
    };
    struct Moved {
        Generation generation;
        std::uint64_t group = 0;
        std::uint32_t offset = 0;
    };
    using Segments = std::deque<Segment>;

    /// The segment whose slots hold it; end(): none.
    [[nodiscard]] Segments::iterator slotsOf(EntryId entry);
    [[nodiscard]] Segments::const_iterator slotsOf(EntryId entry) const;
    [[nodiscard]] Segments::iterator byGeneration(Generation generation);
    /// The record that counted so far is needed no more. False: there was none.
    bool forget(EntryId entry);

    Segments m_segments;
    std::unordered_map<EntryId, Moved> m_moved;
    std::uint64_t m_live = 0;
    EntryId m_next{1};
};

} // namespace dashstream::journal
