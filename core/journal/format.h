// The journal's bytes: segment header, group header, records. resources/docs/journal-format.md describes them for other
// readers. Pure functions on memory; any thread. All numbers are little-endian, all checksums CRC32C.
#pragma once

#include "core/base/byte_arena.h"
#include "core/base/clock.h"
#include "core/base/message_id.h"
#include "core/base/strong_type.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::journal {

using EntryId = StrongInt<struct EntryIdTag, std::uint64_t>;       ///< of an accepted message; the first is 1
using Generation = StrongInt<struct GenerationTag, std::uint64_t>; ///< of a segment; the first is 1
using JournalId = std::array<std::byte, 16>;

inline constexpr std::uint64_t kBlockBytes = 4096; ///< groups begin at multiples of it: a torn one harms no other
inline constexpr std::size_t kGroupHeaderBytes = 40;
inline constexpr std::size_t kRecordHeadBytes = 12;
inline constexpr std::uint32_t kFormatVersion = 1;

enum class RecordKind : std::uint8_t { Message = 1, Settled = 2, Note = 3 };

/// One accepted message whole. Views are valid as long as the bytes they were read from.
struct MessageRecord {
    EntryId entry;
    MessageId id;
    SequenceNo sequence;
    std::int64_t timestampMs = 0;
    UtcTime acceptedAt{};
    std::uint32_t source = 0;         ///< number of its source; its name is a note
    std::uint64_t sourcePosition = 0; ///< where its source goes on after it
    std::uint8_t type = 0;
    PartitionId partition = kUnassigned; ///< that its thread had then
    std::string_view thread;
    std::string_view tenant;
    std::string_view traceparent;
    std::string_view tracestate;
    ByteView value; ///< the framed value
};

struct SegmentHeader {
    Generation generation;
    std::uint64_t segmentBytes = 0;
    JournalId journal{};
    EntryId firstEntry; ///< the lowest that a new message in it can have
};

struct GroupHeader {
    Generation generation;
    std::uint64_t group = 0;     ///< rises by one from group to group for the journal's whole life
    std::uint32_t bodyBytes = 0; ///< without this header and without padding
    std::uint32_t records = 0;
    UtcTime writtenAt{};
};

struct RawRecord {
    RecordKind kind = RecordKind::Note;
    ByteView payload;
    std::size_t wholeBytes = 0; ///< with its head
    bool intact = false;        ///< false: the payload does not match its checksum, but its length can be trusted
};

[[nodiscard]] std::uint32_t crc32c(ByteView bytes, std::uint32_t seed = 0);

void writeSegmentHeader(const SegmentHeader& header, std::span<std::byte, kBlockBytes> block);
/// Nothing: not a segment header, or damaged.
[[nodiscard]] std::optional<SegmentHeader> readSegmentHeader(ByteView block);

void writeGroupHeader(const GroupHeader& header, std::span<std::byte, kGroupHeaderBytes> bytes);
[[nodiscard]] std::optional<GroupHeader> readGroupHeader(ByteView bytes);

/// A value that is kept by a name; the last one counts.
struct Note {
    std::string name;
    std::string value;
};

/// Appends a record to a group's body. The group's number is part of its checksum, so that what a recycled segment held
/// before is never taken for it.
void appendMessage(std::vector<std::byte>& body, std::uint64_t group, const MessageRecord& message);
/// `entries` is sorted by this.
void appendSettled(std::vector<std::byte>& body, std::uint64_t group, std::vector<EntryId>& entries);
/// A value by a name; the last one written counts.
void appendNote(std::vector<std::byte>& body, std::uint64_t group, std::string_view name, std::string_view value);
/// A payload that another group holds already.
void appendRaw(std::vector<std::byte>& body, std::uint64_t group, RecordKind kind, ByteView payload);

/// Bytes of the record that begins here, its head included; nothing: its head is damaged. Needs the head alone.
[[nodiscard]] std::optional<std::size_t> recordBytes(ByteView head, std::uint64_t group);
/// The record at the start of `body`; nothing: its head is damaged, the rest of the group cannot be read.
[[nodiscard]] std::optional<RawRecord> readRecord(ByteView body, std::uint64_t group);
/// What a group's number adds to its records' checksums; for many records of one group.
[[nodiscard]] std::uint32_t recordSeed(std::uint64_t group);
[[nodiscard]] std::optional<RawRecord> readSeededRecord(ByteView body, std::uint32_t seed);
/// Nothing: the payload is not one of its kind.
[[nodiscard]] std::optional<MessageRecord> readMessage(ByteView payload);
[[nodiscard]] std::optional<std::vector<EntryId>> readSettled(ByteView payload);
struct NoteRecord {
    std::string_view name;
    std::string_view value;
};
[[nodiscard]] std::optional<NoteRecord> readNote(ByteView payload);

[[nodiscard]] constexpr std::uint64_t roundUpToBlock(std::uint64_t bytes) {
    return (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}

} // namespace dashstream::journal
