#include "core/journal/group_buffer.h"

#include <algorithm>

namespace dashstream::journal {

void GroupBuffer::restart(std::uint64_t group) {
    m_group = group;
    m_bytes.resize(kGroupHeaderBytes);
    m_bodyEnd = kGroupHeaderBytes;
    m_records = 0;
    m_end = EntryId{};
    m_entries.clear();
    m_settled.clear();
    m_notes.clear();
}

void GroupBuffer::addMessage(const MessageRecord& message) {
    m_entries.push_back({message.entry, static_cast<std::uint32_t>(m_bytes.size())});
    appendMessage(m_bytes, m_group, message);
    m_end = std::max(m_end, message.entry.next());
    ++m_records;
    m_bodyEnd = m_bytes.size();
}

void GroupBuffer::addNote(std::string_view name, std::string_view value) {
    const auto same = [name](const Note& note) { return note.name == name; };
    if (const auto found = std::find_if(m_notes.begin(), m_notes.end(), same); found != m_notes.end()) {
        found->value = value;
        return;
    }
    m_notes.push_back({std::string(name), std::string(value)});
}

void GroupBuffer::addCopy(EntryId entry, ByteView payload) {
    m_entries.push_back({entry, static_cast<std::uint32_t>(m_bytes.size())});
    appendRaw(m_bytes, m_group, RecordKind::Message, payload);
    ++m_records;
    m_bodyEnd = m_bytes.size();
}

void GroupBuffer::closeGroup() {
    if (!m_settled.empty()) {
        appendSettled(m_bytes, m_group, m_settled);
        ++m_records;
    }
    for (const Note& note : m_notes) {
        appendNote(m_bytes, m_group, note.name, note.value);
        ++m_records;
    }
    m_bodyEnd = m_bytes.size();
}

ByteView GroupBuffer::sealed(Generation generation, UtcTime now) {
    GroupHeader header;
    header.generation = generation;
    header.group = m_group;
    header.bodyBytes = static_cast<std::uint32_t>(m_bodyEnd - kGroupHeaderBytes);
    header.records = m_records;
    header.writtenAt = now;
    writeGroupHeader(header, std::span(m_bytes).first<kGroupHeaderBytes>());
    m_bytes.resize(roundUpToBlock(m_bodyEnd));
    return m_bytes;
}

} // namespace dashstream::journal
