#include "core/journal/segment_reader.h"

#include "core/journal/group_scan.h"

#include <algorithm>
#include <limits>

namespace dashstream::journal {

namespace {
constexpr std::uint64_t kSmallestMessage = 96; ///< bytes of its record

/// Whether something was written there: neither zeros nor what the file held in an earlier life.
bool looksTorn(ByteView block, Generation generation) {
    if (std::all_of(block.begin(), block.end(), [](std::byte byte) { return byte == std::byte{0}; })) {
        return false;
    }
    const auto header = readGroupHeader(block);
    return !header || header->generation == generation;
}
} // namespace

void SegmentReader::damaged(const std::string& name, std::uint64_t offset, std::string what, std::uint64_t records) {
    m_to.report.damage.push_back({name, offset, std::move(what)});
    m_to.report.recordsSkipped += records;
}

/// A write that failed was given again, in the next segment and with its number; then nothing is lost.
void SegmentReader::decideDoubts(std::uint64_t nextGroup, std::uint64_t offset) {
    if (m_broken && nextGroup != m_broken->header.group) {
        (void)apply(*m_broken, false);
    }
    m_broken.reset();
    const bool gap = m_to.lastGroup != 0 && nextGroup > m_to.lastGroup + 1;
    // Behind a write that failed its segment is not written again.
    const bool hole = m_to.lastGroup == 0 && m_unreadable && m_unreadable->file == m_name;
    if (gap || hole) {
        m_to.report.damage.push_back(
            m_unreadable.value_or(Damage{m_name, offset, "groups of records before this one are missing"}));
    }
    m_unreadable.reset();
}

std::optional<SegmentReader::TornTail> SegmentReader::finish() {
    m_to.report.tornTails = m_broken || m_unreadable ? 1 : 0;
    std::optional<TornTail> tail;
    if (m_broken) {
        const auto [bytes, records] = apply(*m_broken, true);
        tail = TornTail{m_broken->file, m_broken->offset, m_broken->header};
        tail->whole.bodyBytes = static_cast<std::uint32_t>(bytes);
        tail->whole.records = records;
    }
    m_to.report.messagesMissing = m_gaps.missing();
    if (m_gaps.missing() > 0 && m_to.report.damage.empty()) {
        damaged(m_name, 0, std::to_string(m_gaps.missing()) + " messages before the last ones are missing", 0);
    }
    return tail;
}

std::optional<OpenEnd> SegmentReader::openEnd() const {
    const bool damaged = std::ranges::find(m_to.report.damage, m_name, &Damage::file) != m_to.report.damage.end();
    if (m_broken || m_unreadable || damaged || !m_segmentAdded || !m_head || m_head->segmentBytes != m_size) {
        return std::nullopt;
    }
    return OpenEnd{m_file, m_readTo, m_size};
}

std::optional<Damage> SegmentReader::tailPlace() const {
    if (m_broken) {
        return Damage{m_broken->name, m_broken->offset, "a group of records is not whole"};
    }
    return m_unreadable;
}

void SegmentReader::begin(const FoundSegment& segment) {
    m_name = segment.name;
    m_generation = segment.generation;
    m_segmentAdded = false;
    m_newInSegment = false;
    m_groupsIn = 0;
    m_readTo = 0;
    m_lowestGroup = m_to.lastGroup;
}

/// What is read again must not be counted twice.
void SegmentReader::rewind() {
    if (m_broken && m_broken->name == m_name) {
        m_to.lastGroup = m_broken->groupBefore;
        m_lowestGroup = m_broken->lowestGroup;
        m_readTo = m_broken->offset;
        --m_to.report.groups;
        --m_groupsIn;
        m_broken.reset();
    }
    if (m_unreadable && m_unreadable->file == m_name) {
        m_unreadable.reset();
    }
}

void SegmentReader::readSegment(const FoundSegment& segment, std::shared_ptr<File> file, std::uint64_t size,
                                Writer writer) {
    if (m_file && segment.generation == m_generation) {
        rewind();
    } else {
        begin(segment);
    }
    m_file = std::move(file);
    m_size = std::min<std::uint64_t>(size, std::numeric_limits<std::uint32_t>::max());
    SegmentWindow window(*m_file, m_to.report.bytesRead);
    if (m_readTo == 0) {
        readHead(window);
        m_readTo = kBlockBytes;
    }
    std::uint64_t growsFrom = m_size;
    if (writer == Writer::MayWriteHere) {
        std::uint64_t again = 0;
        SegmentWindow first(*m_file, again);
        growsFrom = lastGroupIn(first, m_readTo, m_generation, m_size).value_or(m_readTo);
        window.forget();
    }
    readGroups(window, growsFrom);
    judge(window);
}

void SegmentReader::readHead(SegmentWindow& window) {
    m_head = readSegmentHeader(window.at(0, kBlockBytes));
    if (!m_head || m_head->generation != m_generation) {
        m_head.reset();
        return;
    }
    if (m_nextKnown) {
        m_gaps.add(m_to.entries.next(), m_head->firstEntry);
    }
    m_to.journal = m_head->journal;
    m_to.known = true;
    m_to.entries.beginAt(m_head->firstEntry);
    if (m_head->segmentBytes > m_size) {
        damaged(m_name, m_size, "the file is shorter than it was made", 0);
    }
}

void SegmentReader::readGroups(SegmentWindow& window, std::uint64_t growsFrom) {
    std::uint64_t offset = m_readTo;
    bool searching = false;
    while (offset + kGroupHeaderBytes <= m_size) {
        if (const auto header = groupAt(window, offset)) {
            searching = false;
            readGroup(window, offset, *header);
            offset += roundUpToBlock(kGroupHeaderBytes + header->bodyBytes);
            m_readTo = offset;
            continue;
        }
        if (!searching && looksTorn(window.at(offset, kBlockBytes), m_generation)) {
            m_unreadable = Damage{m_name, offset, "a group of records is damaged"};
        }
        if (offset >= growsFrom) {
            break; // a group that is there behind this one may have come after what was read here
        }
        searching = true;
        offset += kBlockBytes;
    }
}

void SegmentReader::judge(const SegmentWindow& window) {
    if (const auto place = window.firstUnreadable()) {
        damaged(m_name, *place, "the disk could not read a part of this file", 0);
    }
    // The first group may have been cut short together with the head, and nobody was told of either.
    if (!m_head && m_groupsIn > 1) {
        damaged(m_name, 0, "the head of this file is damaged", 0);
    }
}

std::optional<GroupHeader> SegmentReader::groupAt(SegmentWindow& window, std::uint64_t offset) const {
    const auto header = groupHeaderAt(window, offset, m_generation, m_size);
    return header && header->group >= m_lowestGroup ? header : std::nullopt;
}

void SegmentReader::readGroup(SegmentWindow& window, std::uint64_t offset, const GroupHeader& header) {
    decideDoubts(header.group, offset);
    const std::uint64_t before = m_to.lastGroup;
    const std::uint64_t lowest = m_lowestGroup;
    m_to.lastGroup = header.group;
    m_lowestGroup = header.group + 1;
    ++m_to.report.groups;
    ++m_groupsIn;
    m_nextKnown = m_nextKnown || m_head;
    if (!m_segmentAdded) {
        m_to.entries.addSegment(m_generation, m_file);
        m_segmentAdded = true;
        ++m_to.report.segments;
    }
    const ByteView whole = window.at(offset, kGroupHeaderBytes + header.bodyBytes);
    const ByteView body = whole.subspan(std::min(whole.size(), kGroupHeaderBytes));
    if (!applyWhole(body, header, offset + kGroupHeaderBytes)) {
        m_broken = BrokenGroup{m_name, m_file, header, offset, {body.begin(), body.end()}, before, lowest};
    }
}

bool SegmentReader::applyWhole(ByteView body, const GroupHeader& header, std::uint64_t offset) {
    m_records.clear();
    const std::uint32_t seed = recordSeed(header.group);
    for (std::uint32_t i = 0; i < header.records; ++i) {
        const auto record = readSeededRecord(body, seed);
        if (!record || !record->intact) {
            return false;
        }
        m_records.push_back(*record);
        body = body.subspan(record->wholeBytes);
    }
    for (const RawRecord& record : m_records) {
        if (!applyRecord(record, header, offset)) {
            damaged(m_name, offset, "a record makes no sense", 1);
        }
        offset += record.wholeBytes;
    }
    return true;
}

std::pair<std::size_t, std::uint32_t> SegmentReader::apply(const BrokenGroup& group, bool prefixOnly) {
    ByteView body = group.body;
    std::size_t good = 0;
    for (std::uint32_t i = 0; i < group.header.records; ++i) {
        const std::uint64_t place = group.offset + kGroupHeaderBytes + (group.body.size() - body.size());
        const auto record = readRecord(body, group.header.group);
        const bool whole = record && record->intact && applyRecord(*record, group.header, place);
        if (!whole && prefixOnly) {
            return {good, i};
        }
        if (!record) {
            damaged(group.name, place, "the rest of a group of records is damaged", group.header.records - i);
            break;
        }
        if (!whole) {
            damaged(group.name, place, "a record is damaged", 1);
        }
        body = body.subspan(record->wholeBytes);
        good = group.body.size() - body.size();
    }
    return {good, group.header.records};
}

bool SegmentReader::applyRecord(const RawRecord& record, const GroupHeader& group, std::uint64_t offset) {
    if (record.kind == RecordKind::Message) {
        const auto message = readMessage(record.payload);
        return message && applyMessage(*message, group, offset);
    }
    if (record.kind == RecordKind::Settled) {
        const auto settled = readSettled(record.payload);
        settle(settled.value_or(std::vector<EntryId>{}));
        return settled.has_value();
    }
    if (record.kind == RecordKind::Note) {
        const auto note = readNote(record.payload);
        if (note) {
            m_to.notes.insert_or_assign(std::string(note->name), std::string(note->value));
            m_to.noteSegments.insert_or_assign(std::string(note->name), group.generation);
        }
        return note.has_value();
    }
    return false;
}

bool SegmentReader::applyMessage(const MessageRecord& message, const GroupHeader& group, std::uint64_t offset) {
    const EntryId next = m_to.entries.next();
    // What is missing within a segment would have had its place there.
    const std::uint64_t furthest =
        m_newInSegment ? next.value + m_size / kSmallestMessage : std::numeric_limits<std::uint64_t>::max() - 1;
    if (message.entry.value == 0 || message.entry.value > furthest) {
        return false;
    }
    if (message.entry < next) {
        m_gaps.fill(message.entry);
    } else {
        if (m_nextKnown) {
            m_gaps.add(next, message.entry);
        }
        m_newInSegment = true;
        m_nextKnown = true;
    }
    ++m_to.report.messages;
    m_to.entries.place(message.entry, group.group, static_cast<std::uint32_t>(offset));
    m_visit(message);
    return true;
}

void SegmentReader::settle(const std::vector<EntryId>& entries) {
    for (const EntryId entry : entries) {
        if (m_to.entries.settle(entry)) {
            ++m_to.report.settled;
        } else {
            m_gaps.fill(entry);
        }
    }
}

} // namespace dashstream::journal
