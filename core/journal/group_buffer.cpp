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
    appendNote(m_bytes, m_group, name, value);
    m_notes.push_back({std::string(name), std::string(value)});
    ++m_records;
    m_bodyEnd = m_bytes.size();
}

void GroupBuffer::addCopy(EntryId entry, ByteView payload) {
    m_entries.push_back({entry, static_cast<std::uint32_t>(m_bytes.size())});
    appendRaw(m_bytes, m_group, RecordKind::Message, payload);
    ++m_records;
    m_bodyEnd = m_bytes.size();
}

void GroupBuffer::closeSettled() {
    if (m_settled.empty()) {
        return;
    }
    appendSettled(m_bytes, m_group, m_settled);
    ++m_records;
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
