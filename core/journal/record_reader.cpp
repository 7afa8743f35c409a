#include "core/journal/record_reader.h"

#include "core/journal/segment_files.h"

namespace dashstream::journal {

namespace {
constexpr std::size_t kFirstGuess = 4096;

Failure damaged(const EntryPlace& place) {
    return fail(ErrorClass::Local, "journal.damaged",
                "A message in the journal's file " + SegmentFiles::nameOf(place.generation) + " at " +
                    std::to_string(place.offset) + " cannot be read: its checksum does not match",
                "Check the disk; 'dashstreamctl store check' lists what else is damaged");
}
} // namespace

Result<std::vector<std::byte>> readPayload(const EntryPlace& place) {
    std::vector<std::byte> bytes(kFirstGuess);
    for (;;) {
        auto got = place.file->read(place.offset, bytes);
        if (!got) {
            return fail(got.error());
        }
        const std::size_t wanted = recordBytes(ByteView(bytes).first(*got), place.group).value_or(0);
        if (wanted == 0 || (wanted > *got && *got < bytes.size())) {
            return damaged(place);
        }
        if (wanted <= *got) {
            break;
        }
        bytes.resize(wanted);
    }
    const auto record = readRecord(bytes, place.group);
    if (!record || !record->intact) {
        return damaged(place);
    }
    return std::vector<std::byte>(record->payload.begin(), record->payload.end());
}

} // namespace dashstream::journal
