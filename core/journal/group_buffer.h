// Records that will be written and synced together. Filled by one thread, written by one, never both at once.
#pragma once

#include "core/journal/format.h"

#include <vector>

namespace dashstream::journal {

/// Where a message's record begins within the group's body.
struct GroupEntry {
    EntryId entry;
    std::uint32_t offset = 0;
};

class GroupBuffer {
public:
    explicit GroupBuffer(std::uint64_t group = 0) : m_group(group) {}

    /// Empties it for the group of this number; keeps the memory.
    void restart(std::uint64_t group);
    /// Room for the group's header is kept in front of the body, so that both are one write.
    void addMessage(const MessageRecord& message);
    void addSettled(EntryId entry) { m_settled.push_back(entry); }
    /// The last value of a name counts.
    void addNote(std::string_view name, std::string_view value);
    /// A message's payload as another group holds it.
    void addCopy(EntryId entry, ByteView payload);
    /// Turns the settled entries and the notes into records, in this order: where a torn write left a note, it left all
    /// that was settled before it. Once, before sealed().
    void closeGroup();

    [[nodiscard]] std::uint64_t group() const { return m_group; }
    [[nodiscard]] bool empty() const { return onlySettled() && m_settled.empty(); }
    [[nodiscard]] bool onlySettled() const { return m_records == 0 && m_notes.empty(); }
    [[nodiscard]] std::size_t messages() const { return m_entries.size(); }
    [[nodiscard]] const std::vector<GroupEntry>& entries() const { return m_entries; }
    [[nodiscard]] const std::vector<EntryId>& settled() const { return m_settled; }
    [[nodiscard]] const std::vector<Note>& notes() const { return m_notes; }
    [[nodiscard]] std::size_t bytes() const { return m_bytes.size(); }
    /// What it may become when it is closed; notes are few and short.
    [[nodiscard]] std::size_t bytesAtMost() const { return m_bytes.size() + kSettledBytesAtMost * m_settled.size(); }
    /// Behind its highest message; 0: it has none.
    [[nodiscard]] EntryId end() const { return m_end; }

    /// The whole, padded to blocks, with its header for this segment. Valid until the next change.
    [[nodiscard]] ByteView sealed(Generation generation, UtcTime now);

private:
    static constexpr std::size_t kSettledBytesAtMost = 10; ///< a varint

    std::uint64_t m_group;
    std::vector<std::byte> m_bytes = std::vector<std::byte>(kGroupHeaderBytes);
    std::size_t m_bodyEnd = kGroupHeaderBytes;
    std::uint32_t m_records = 0;
    EntryId m_end;
    std::vector<GroupEntry> m_entries;
    std::vector<EntryId> m_settled;
    std::vector<Note> m_notes;
};

} // namespace dashstream::journal
