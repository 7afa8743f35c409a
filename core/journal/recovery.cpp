#include "core/journal/recovery.h"

#include <algorithm>

namespace dashstream::journal {

namespace {
constexpr std::size_t kReadAtOnce = 1024 * 1024;

/// A file, seen through a buffer that moves along it.
class Window {
public:
    Window(const File& file, std::uint64_t& bytesRead) : m_file(file), m_bytesRead(bytesRead) {}

    /// Up to `bytes` at this place; less where the file ends or cannot be read. Valid until the next call.
    ByteView at(std::uint64_t offset, std::size_t bytes) {
        if (offset < m_start || offset + bytes > m_start + m_filled) {
            m_buffer.resize(std::max(bytes, kReadAtOnce));
            m_start = offset;
            const auto got = m_file.read(offset, m_buffer);
            m_failed = m_failed || !got;
            m_filled = got ? *got : 0;
            m_bytesRead += m_filled;
        }
        const std::size_t from = offset - m_start;
        return ByteView(m_buffer).first(m_filled).subspan(from, std::min(bytes, m_filled - from));
    }
    [[nodiscard]] bool failed() const { return m_failed; }

private:
    const File& m_file;
    std::uint64_t& m_bytesRead;
    std::vector<std::byte> m_buffer;
    std::uint64_t m_start = 0;
    std::size_t m_filled = 0;
    bool m_failed = false;
};

/// A group of which a part cannot be read: the torn tail, unless another group comes after it.
struct BrokenGroup {
    std::string name;
    std::shared_ptr<File> file;
    GroupHeader header;
    std::uint64_t offset = 0; ///< of its header
    std::vector<std::byte> body;
};

class Reader {
public:
    Reader(Recovered& to, const MessageVisitor& visit) : m_to(to), m_visit(visit) {}

    void readSegment(const SegmentFiles::Found& segment, std::shared_ptr<File> file, std::uint64_t size);
    /// What is still open was the torn tail: its whole records count, the rest is cut off on the disk.
    [[nodiscard]] Result<void> finish();

private:
    [[nodiscard]] std::optional<GroupHeader> groupAt(Window& window, std::uint64_t offset) const;
    void readGroup(Window& window, std::uint64_t offset, const GroupHeader& header);
    void decideDoubts(std::uint64_t nextGroup, std::uint64_t offset);
    /// Its whole records, up to the first one that is not when `prefixOnly`. Returns bytes and count of those.
    std::pair<std::size_t, std::uint32_t> apply(const BrokenGroup& group, bool prefixOnly);
    [[nodiscard]] bool applyWhole(ByteView body, const GroupHeader& header, std::uint64_t offset);
    [[nodiscard]] bool applyRecord(const RawRecord& record, const GroupHeader& group, std::uint64_t offset);
    void damaged(const std::string& name, std::uint64_t offset, std::string what, std::uint64_t records);

    Recovered& m_to;
    const MessageVisitor& m_visit;
    std::string m_name;
    Generation m_generation;
    bool m_segmentAdded = false;
    std::shared_ptr<File> m_file;
    std::uint64_t m_size = 0;
    std::vector<RawRecord> m_records; ///< of one group; kept for its memory
    std::optional<BrokenGroup> m_broken;
    std::optional<Damage> m_unreadable; ///< where a group may have stood
};

void Reader::damaged(const std::string& name, std::uint64_t offset, std::string what, std::uint64_t records) {
    m_to.report.damage.push_back({name, offset, std::move(what)});
    m_to.report.recordsSkipped += records;
}

/// A write that failed was given again, in the next segment and with its number; then nothing is lost.
void Reader::decideDoubts(std::uint64_t nextGroup, std::uint64_t offset) {
    if (m_broken && nextGroup != m_broken->header.group) {
        (void)apply(*m_broken, false);
    }
    m_broken.reset();
    if (m_to.lastGroup != 0 && nextGroup > m_to.lastGroup + 1) {
        m_to.report.damage.push_back(
            m_unreadable.value_or(Damage{m_name, offset, "groups of records before this one are missing"}));
    }
    m_unreadable.reset();
}

Result<void> Reader::finish() {
    m_to.report.tornTails = m_broken || m_unreadable ? 1 : 0;
    if (!m_broken) {
        return {};
    }
    const auto [bytes, records] = apply(*m_broken, true);
    m_broken->header.bodyBytes = static_cast<std::uint32_t>(bytes);
    m_broken->header.records = records;
    std::array<std::byte, kGroupHeaderBytes> header{};
    writeGroupHeader(m_broken->header, header);
    if (auto written = m_broken->file->write(m_broken->offset, header); !written) {
        return written;
    }
    return m_broken->file->sync();
}

std::optional<GroupHeader> Reader::groupAt(Window& window, std::uint64_t offset) const {
    const auto header = readGroupHeader(window.at(offset, kGroupHeaderBytes));
    const std::uint64_t lowest = m_segmentAdded ? m_to.lastGroup + 1 : m_to.lastGroup;
    if (!header || header->generation != m_generation || header->group < lowest ||
        header->bodyBytes > m_size - offset - kGroupHeaderBytes) {
        return std::nullopt;
    }
    return header;
}

/// Whether something was written there: neither zeros nor what the file held in an earlier life.
bool looksTorn(ByteView block, Generation generation) {
    if (std::all_of(block.begin(), block.end(), [](std::byte byte) { return byte == std::byte{0}; })) {
        return false;
    }
    const auto header = readGroupHeader(block);
    return !header || header->generation == generation;
}

void Reader::readSegment(const SegmentFiles::Found& segment, std::shared_ptr<File> file, std::uint64_t size) {
    m_name = segment.name;
    m_generation = segment.generation;
    m_segmentAdded = false;
    m_file = std::move(file);
    m_size = size;
    Window window(*m_file, m_to.report.bytesRead);
    const auto head = readSegmentHeader(window.at(0, kBlockBytes));
    if (head && head->generation == m_generation) {
        m_to.journal = head->journal;
        m_to.known = true;
        m_to.entries.beginAt(head->firstEntry);
    }
    std::uint64_t offset = kBlockBytes;
    bool searching = false;
    while (offset + kGroupHeaderBytes <= m_size) {
        if (const auto header = groupAt(window, offset)) {
            searching = false;
            readGroup(window, offset, *header);
            offset += roundUpToBlock(kGroupHeaderBytes + header->bodyBytes);
            continue;
        }
        if (!searching && looksTorn(window.at(offset, kBlockBytes), m_generation)) {
            m_unreadable = Damage{m_name, offset, "a group of records is damaged"};
        }
        searching = true;
        offset += kBlockBytes;
    }
    if (window.failed()) {
        damaged(m_name, 0, "the disk could not read a part of this file", 0);
    }
    m_to.report.segments += m_segmentAdded ? 1 : 0;
}

void Reader::readGroup(Window& window, std::uint64_t offset, const GroupHeader& header) {
    decideDoubts(header.group, offset);
    m_to.lastGroup = header.group;
    ++m_to.report.groups;
    if (!m_segmentAdded) {
        m_to.entries.addSegment(m_generation, m_file);
        m_segmentAdded = true;
    }
    const ByteView whole = window.at(offset, kGroupHeaderBytes + header.bodyBytes);
    const ByteView body = whole.subspan(std::min(whole.size(), kGroupHeaderBytes));
    if (!applyWhole(body, header, offset + kGroupHeaderBytes)) {
        m_broken = BrokenGroup{m_name, m_file, header, offset, std::vector<std::byte>(body.begin(), body.end())};
    }
}

bool Reader::applyWhole(ByteView body, const GroupHeader& header, std::uint64_t offset) {
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

std::pair<std::size_t, std::uint32_t> Reader::apply(const BrokenGroup& group, bool prefixOnly) {
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

bool Reader::applyRecord(const RawRecord& record, const GroupHeader& group, std::uint64_t offset) {
    if (record.kind == RecordKind::Message) {
        const auto message = readMessage(record.payload);
        if (message) {
            ++m_to.report.messages;
            m_to.entries.place(message->entry, group.group, static_cast<std::uint32_t>(offset));
            m_visit(*message);
        }
        return message.has_value();
    }
    if (record.kind == RecordKind::Settled) {
        const auto settled = readSettled(record.payload);
        for (const EntryId entry : settled.value_or(std::vector<EntryId>{})) {
            m_to.report.settled += m_to.entries.settle(entry) ? 1 : 0;
        }
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
} // namespace

Result<Recovered> recover(SegmentFiles& files, const MessageVisitor& visit) {
    auto segments = files.scan();
    if (!segments) {
        return fail(segments.error());
    }
    Recovered recovered;
    Reader reader(recovered, visit);
    for (const SegmentFiles::Found& segment : *segments) {
        auto file = files.open(segment);
        if (!file) {
            return fail(file.error());
        }
        // What is read below counts, so it must be on the disk, and be read from there: the program may have ended
        // because a sync failed.
        if (auto synced = (*file)->sync(); !synced) {
            return fail(synced.error());
        }
        if (&segment == &segments->back()) {
            if (auto forgotten = (*file)->forgetCached(); !forgotten) {
                return fail(forgotten.error());
            }
        }
        auto size = (*file)->size();
        if (!size) {
            return fail(size.error());
        }
        reader.readSegment(segment, *file, *size);
        recovered.lastGeneration = std::max(recovered.lastGeneration, segment.generation);
    }
    if (auto finished = reader.finish(); !finished) {
        return fail(finished.error());
    }
    return recovered;
}

} // namespace dashstream::journal
