#include "core/journal/record_reader.h"

#include "core/journal/segment_files.h"

#include <algorithm>

namespace dashstream::journal {

namespace {
constexpr std::size_t kReadAtOnce = 64U * 1024;

Failure damaged(const EntryPlace& place) {
    return fail(ErrorClass::Local, "journal.damaged",
                "A message in the journal's file " + SegmentFiles::nameOf(place.generation) + " at " +
                    std::to_string(place.offset) + " cannot be read: its checksum does not match",
                "Check the disk; 'dashstreamctl store check' lists what else is damaged");
}
} // namespace

Result<std::vector<std::byte>> readPayload(const EntryPlace& place) {
    RecordWindow window;
    const auto payload = window.payloadAt(place);
    if (!payload) {
        return fail(payload.error());
    }
    return std::vector<std::byte>(payload->begin(), payload->end());
}

ByteView RecordWindow::held(const EntryPlace& place) const {
    if (m_file != place.file || place.offset < m_start || place.offset >= m_start + m_filled) {
        return {};
    }
    return ByteView(m_bytes).first(m_filled).subspan(place.offset - m_start);
}

Result<void> RecordWindow::fill(const EntryPlace& place, std::size_t atLeast) {
    m_bytes.resize(std::max(kReadAtOnce, atLeast));
    m_file = place.file;
    m_start = place.offset;
    m_filled = 0;
    auto got = place.file->read(place.offset, m_bytes);
    if (!got) {
        return fail(got.error());
    }
    m_filled = *got;
    return {};
}

Result<ByteView> RecordWindow::payloadAt(const EntryPlace& place) {
    std::size_t wanted = recordBytes(held(place), place.group).value_or(kRecordHeadBytes);
    while (held(place).size() < wanted) {
        if (auto filled = fill(place, wanted); !filled) {
            return fail(filled.error());
        }
        const auto bytes = recordBytes(held(place), place.group);
        const bool fileEnds = m_filled < m_bytes.size();
        if (!bytes || (*bytes > held(place).size() && (fileEnds || *bytes > place.file->size().value_or(0)))) {
            return damaged(place);
        }
        wanted = *bytes;
    }
    const auto record = readRecord(held(place), place.group);
    if (!record || !record->intact) {
        return damaged(place);
    }
    return record->payload;
}

} // namespace dashstream::journal
