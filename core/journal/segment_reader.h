// Reads segments in order and finds out what stands in them: groups, records, damage, the torn tail. A start and
// whoever looks at a journal from outside share it. One thread.
#pragma once

#include "core/journal/entry_gaps.h"
#include "core/journal/recovery.h"
#include "core/journal/segment_window.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::journal {

class SegmentReader {
public:
    SegmentReader(Recovered& to, const MessageVisitor& visit) : m_to(to), m_visit(visit) {}

    enum class Writer { None, MayWriteHere };
    /// From its start. The one that was read last: from behind its last whole group, since it may have grown.
    void readSegment(const FoundSegment& segment, std::shared_ptr<File> file, std::uint64_t size,
                     Writer writer = Writer::None);

    /// A group of which a part cannot be read, as the last thing in the journal.
    struct TornTail {
        std::shared_ptr<File> file;
        std::uint64_t offset = 0; ///< of its header
        GroupHeader whole;        ///< what its header must be so that only what is whole counts
    };
    /// What is still open was the torn tail: its whole records at the front count. Nothing: none that has a header.
    [[nodiscard]] std::optional<TornTail> finish();
    /// Where something stands behind the last whole group. Nothing: it ends with that.
    [[nodiscard]] std::optional<Damage> tailPlace() const;

    /// After finish(): the segment that was read last, if it may be written on. Not behind a tear or any damage.
    [[nodiscard]] std::optional<OpenEnd> openEnd() const;

private:
    /// A group of which a part cannot be read: the torn tail, unless another group comes after it.
    struct BrokenGroup {
        std::string name;
        std::shared_ptr<File> file;
        GroupHeader header;
        std::uint64_t offset = 0; ///< of its header
        std::vector<std::byte> body;
        std::uint64_t groupBefore = 0;
        std::uint64_t lowestGroup = 0;
    };

    void begin(const FoundSegment& segment);
    void rewind();
    void readHead(SegmentWindow& window);
    void readGroups(SegmentWindow& window, std::uint64_t growsFrom);
    void judge(const SegmentWindow& window);
    [[nodiscard]] std::optional<GroupHeader> groupAt(SegmentWindow& window, std::uint64_t offset) const;
    void readGroup(SegmentWindow& window, std::uint64_t offset, const GroupHeader& header);
    void decideDoubts(std::uint64_t nextGroup, std::uint64_t offset);
    /// Its whole records, up to the first one that is not when `prefixOnly`. Returns bytes and count of those.
    std::pair<std::size_t, std::uint32_t> apply(const BrokenGroup& group, bool prefixOnly);
    [[nodiscard]] bool applyWhole(ByteView body, const GroupHeader& header, std::uint64_t offset);
    [[nodiscard]] bool applyRecord(const RawRecord& record, const GroupHeader& group, std::uint64_t offset);
    [[nodiscard]] bool applyMessage(const MessageRecord& message, const GroupHeader& group, std::uint64_t offset);
    void settle(const std::vector<EntryId>& entries);
    void damaged(const std::string& name, std::uint64_t offset, std::string what, std::uint64_t records);

    Recovered& m_to;
    const MessageVisitor& m_visit;
    std::string m_name;
    Generation m_generation;
    std::shared_ptr<File> m_file;
    std::uint64_t m_size = 0;
    std::optional<SegmentHeader> m_head;
    bool m_segmentAdded = false;
    bool m_newInSegment = false;  ///< it held a message that was in no segment before
    bool m_nextKnown = false;     ///< the next id is that of what was read, not of a file that a failed start left over
    std::uint64_t m_groupsIn = 0; ///< in this segment
    std::uint64_t m_readTo = 0;   ///< behind its last whole group
    std::uint64_t m_lowestGroup = 0;
    std::vector<RawRecord> m_records; ///< of one group; kept for its memory
    EntryGaps m_gaps;
    std::optional<BrokenGroup> m_broken;
    std::optional<Damage> m_unreadable; ///< where a group may have stood
};

} // namespace dashstream::journal
