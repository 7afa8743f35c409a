#include "core/journal/log_writer.h"

#include "core/journal/record_reader.h"

#include <algorithm>
#include <random>

namespace dashstream::journal {

namespace {
JournalId newJournalId() {
    std::random_device random;
    JournalId id{};
    for (std::byte& byte : id) {
        byte = static_cast<std::byte>(random());
    }
    return id;
}
} // namespace

LogWriter::LogWriter(SegmentFiles& files, const Clock& clock, LogLimits limits, Recovered recovered)
    : m_files(files), m_clock(clock), m_limits(limits), m_entries(std::move(recovered.entries)),
      m_notes(std::move(recovered.notes)), m_noteSegments(std::move(recovered.noteSegments)),
      m_journal(recovered.known ? recovered.journal : newJournalId()), m_generation(recovered.lastGeneration),
      m_nextGroup(recovered.lastGroup + 1) {
    // Many starts one after another must not cost a segment each.
    if (recovered.openEnd && recovered.openEnd->size == m_files.segmentBytes()) {
        m_current = std::move(recovered.openEnd->file);
        m_position = recovered.openEnd->position;
    }
}

Result<void> LogWriter::ensureRoom(std::uint64_t bytes) {
    if (m_current && m_position + bytes <= m_files.segmentBytes()) {
        return {};
    }
    if (bytes > largestGroup()) {
        return fail(ErrorClass::Local, "journal.too_big",
                    "A group of " + std::to_string(bytes) + " bytes does not fit a segment of the journal");
    }
    auto file = m_files.begin(m_generation.next(), m_journal, m_entries.next());
    m_generation = m_generation.next(); // also after an error: a name is used once
    if (!file) {
        return fail(file.error());
    }
    m_current = std::move(*file);
    m_currentIsNew = true;
    m_position = kBlockBytes;
    return {};
}

Result<void> LogWriter::write(GroupBuffer& group) {
    if (auto room = ensureRoom(roundUpToBlock(group.bytes())); !room) {
        return room;
    }
    const ByteView bytes = group.sealed(m_generation, m_clock.utcNow());
    auto done = m_current->write(m_position, bytes);
    if (done) {
        done = m_current->sync();
    }
    if (!done) {
        m_current.reset();
        m_files.noteFailed(m_generation);
        return done;
    }
    m_written = m_position;
    m_position += bytes.size();
    return {};
}

void LogWriter::book(const GroupBuffer& group) {
    if (m_currentIsNew) {
        m_entries.addSegment(m_generation, m_current);
        m_currentIsNew = false;
    }
    for (const GroupEntry& entry : group.entries()) {
        m_entries.place(entry.entry, group.group(), static_cast<std::uint32_t>(m_written + entry.offset));
    }
    for (const EntryId entry : group.settled()) {
        (void)m_entries.settle(entry);
    }
    for (const Note& note : group.notes()) {
        m_notes.insert_or_assign(note.name, note.value);
        m_noteSegments.insert_or_assign(note.name, m_generation);
    }
    m_nextGroup = group.group() + 1;
}

std::vector<std::string> LogWriter::notesIn(Generation generation) const {
    std::vector<std::string> names;
    for (const auto& [name, place] : m_noteSegments) {
        if (place <= generation) {
            names.push_back(name);
        }
    }
    return names;
}

Result<void> LogWriter::giveBack() {
    while (m_entries.segments() > 1) {
        const EntryTable::Oldest oldest = m_entries.oldest();
        if (oldest.live > 0 || oldest.end > m_checkpoint || !notesIn(oldest.generation).empty()) {
            break;
        }
        m_entries.dropOldest();
        if (auto retired = m_files.retire(oldest.generation); !retired) {
            return retired;
        }
    }
    return {};
}

Result<std::optional<LogWriter::Leftovers>> LogWriter::gatherLeftovers() const {
    if (m_entries.segments() < 2) {
        return std::nullopt;
    }
    const EntryTable::Oldest oldest = m_entries.oldest();
    if (oldest.end > m_checkpoint) {
        return std::nullopt; // moving would not give it back
    }
    Leftovers leftovers;
    leftovers.notes = notesIn(oldest.generation);
    const bool fewLeft = m_entries.segments() > kKeepUnmoved && oldest.live * 4 < oldest.records;
    if (oldest.live > 0 ? !fewLeft : leftovers.notes.empty()) {
        return std::nullopt;
    }
    if (auto read = readLeftovers(oldest, leftovers); !read) {
        return fail(read.error());
    }
    return leftovers;
}

Result<void> LogWriter::readLeftovers(const EntryTable::Oldest& oldest, Leftovers& leftovers) const {
    if (oldest.live == 0) {
        return {};
    }
    for (const EntryId entry : m_entries.liveInOldest()) {
        const auto place = m_entries.find(entry);
        auto payload = readPayload(*place);
        if (!payload) {
            return fail(payload.error());
        }
        leftovers.payloads.emplace_back(entry, std::move(*payload));
    }
    return {};
}

void LogWriter::addLeftovers(const Leftovers& leftovers, GroupBuffer& group) const {
    for (const auto& [entry, payload] : leftovers.payloads) {
        if (m_entries.find(entry)) {
            group.addCopy(entry, payload);
        }
    }
    for (const std::string& name : leftovers.notes) {
        // A newer value may be in the group already.
        const auto newer = [&name = name](const Note& note) { return note.name == name; };
        const auto note = m_notes.find(name);
        if (note != m_notes.end() && std::none_of(group.notes().begin(), group.notes().end(), newer)) {
            group.addNote(note->first, note->second);
        }
    }
}

std::optional<Error> LogWriter::noRoom() const {
    const std::uint64_t used = bytesOnDisk();
    const std::uint64_t headroom = m_files.segmentBytes() - std::min(m_position, m_files.segmentBytes());
    if (used >= m_limits.maxBytes && headroom < m_files.segmentBytes() / 4) {
        return Error{ErrorClass::Local, "journal.full",
                     "The journal in " + m_files.folder().string() + " is at its limit of " +
                         std::to_string(m_limits.maxBytes / (1024 * 1024)) + " MiB (store.max_bytes)",
                     "It empties as messages are delivered; see why they are not, or raise store.max_bytes"};
    }
    const auto free = m_files.freeBytes();
    if (free && *free < m_limits.minFreeBytes) {
        return Error{ErrorClass::Local, "journal.disk_low",
                     "The disk of " + m_files.folder().string() + " has " + std::to_string(*free / (1024 * 1024)) +
                         " MiB free, less than store.min_free_bytes (" +
                         std::to_string(m_limits.minFreeBytes / (1024 * 1024)) + " MiB)",
                     "Free space on that disk, or lower store.min_free_bytes"};
    }
    return std::nullopt;
}

} // namespace dashstream::journal
