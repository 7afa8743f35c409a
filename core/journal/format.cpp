#include "core/journal/format.h"

#include <isa-l/crc.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace dashstream::journal {

namespace {
static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in memory");

constexpr std::string_view kSegmentMagic = "DSJRNL1\n";
constexpr std::uint32_t kGroupMagic = 0x47534A44; // "DJSG"
constexpr std::size_t kSegmentHeaderBytes = 60;
constexpr std::size_t kMessageFixedBytes = 88;

template <typename T>
void put(std::byte* at, T value) {
    std::memcpy(at, &value, sizeof(value));
}
template <typename T>
T get(const std::byte* at) {
    T value{};
    std::memcpy(&value, at, sizeof(value));
    return value;
}
template <typename T>
void append(std::vector<std::byte>& body, T value) {
    const std::size_t at = body.size();
    body.resize(at + sizeof(value));
    put(body.data() + at, value);
}
void append(std::vector<std::byte>& body, ByteView bytes) {
    body.insert(body.end(), bytes.begin(), bytes.end());
}

void appendVarint(std::vector<std::byte>& body, std::uint64_t value) {
    while (value >= 0x80) {
        body.push_back(static_cast<std::byte>(value | 0x80));
        value >>= 7;
    }
    body.push_back(static_cast<std::byte>(value));
}
std::optional<std::uint64_t> takeVarint(ByteView& bytes) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (bytes.empty()) {
            return std::nullopt;
        }
        const auto byte = std::to_integer<std::uint64_t>(bytes.front());
        bytes = bytes.subspan(1);
        value |= (byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            return value;
        }
    }
    return std::nullopt;
}

std::uint16_t headCheck(std::uint32_t seed, const std::byte* head) {
    return static_cast<std::uint16_t>(crc32c(ByteView(head + 4, 6), seed));
}

/// Reserves the head of a record; returns where it stands.
std::size_t beginRecord(std::vector<std::byte>& body) {
    const std::size_t at = body.size();
    body.resize(at + kRecordHeadBytes);
    return at;
}
void endRecord(std::vector<std::byte>& body, std::size_t at, std::uint64_t group, RecordKind kind) {
    const std::uint32_t seed = recordSeed(group);
    std::byte* head = body.data() + at;
    put(head + 4, static_cast<std::uint32_t>(body.size() - at - kRecordHeadBytes));
    put(head + 8, static_cast<std::uint16_t>(kind));
    put(head + 10, headCheck(seed, head));
    put(head, crc32c(ByteView(head + 4, body.size() - at - 4), seed));
}
} // namespace

std::uint32_t crc32c(ByteView bytes, std::uint32_t seed) {
    std::uint32_t crc = ~seed;
    while (!bytes.empty()) {
        const auto piece = std::min<std::size_t>(bytes.size(), std::numeric_limits<int>::max());
        // The function reads only; its parameter is not const.
        auto* data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes.data()));
        crc = crc32_iscsi(data, static_cast<int>(piece), crc);
        bytes = bytes.subspan(piece);
    }
    return ~crc;
}

void writeSegmentHeader(const SegmentHeader& header, std::span<std::byte, kBlockBytes> block) {
    std::fill(block.begin(), block.end(), std::byte{0});
    std::byte* at = block.data();
    std::memcpy(at, kSegmentMagic.data(), kSegmentMagic.size());
    put(at + 8, kFormatVersion);
    put(at + 12, static_cast<std::uint32_t>(kBlockBytes));
    put(at + 16, header.generation.value);
    put(at + 24, header.segmentBytes);
    std::memcpy(at + 32, header.journal.data(), header.journal.size());
    put(at + 48, header.firstEntry.value);
    put(at + 56, crc32c(ByteView(block).first(kSegmentHeaderBytes - 4)));
}

std::optional<SegmentHeader> readSegmentHeader(ByteView block) {
    if (block.size() < kSegmentHeaderBytes || !asText(block).starts_with(kSegmentMagic) ||
        get<std::uint32_t>(block.data() + 56) != crc32c(block.first(kSegmentHeaderBytes - 4)) ||
        get<std::uint32_t>(block.data() + 8) != kFormatVersion) {
        return std::nullopt;
    }
    SegmentHeader header;
    header.generation = Generation{get<std::uint64_t>(block.data() + 16)};
    header.segmentBytes = get<std::uint64_t>(block.data() + 24);
    std::memcpy(header.journal.data(), block.data() + 32, header.journal.size());
    header.firstEntry = EntryId{get<std::uint64_t>(block.data() + 48)};
    return header;
}

void writeGroupHeader(const GroupHeader& header, std::span<std::byte, kGroupHeaderBytes> bytes) {
    std::byte* at = bytes.data();
    put(at, kGroupMagic);
    put(at + 8, header.generation.value);
    put(at + 16, header.group);
    put(at + 24, header.bodyBytes);
    put(at + 28, header.records);
    put(at + 32, toMicros(header.writtenAt));
    put(at + 4, crc32c(ByteView(bytes).subspan(8)));
}

std::optional<GroupHeader> readGroupHeader(ByteView bytes) {
    if (bytes.size() < kGroupHeaderBytes || get<std::uint32_t>(bytes.data()) != kGroupMagic ||
        get<std::uint32_t>(bytes.data() + 4) != crc32c(bytes.subspan(8, kGroupHeaderBytes - 8))) {
        return std::nullopt;
    }
    GroupHeader header;
    header.generation = Generation{get<std::uint64_t>(bytes.data() + 8)};
    header.group = get<std::uint64_t>(bytes.data() + 16);
    header.bodyBytes = get<std::uint32_t>(bytes.data() + 24);
    header.records = get<std::uint32_t>(bytes.data() + 28);
    header.writtenAt = utcFromMicros(get<std::int64_t>(bytes.data() + 32));
    return header;
}

void appendMessage(std::vector<std::byte>& body, std::uint64_t group, const MessageRecord& message) {
    const std::size_t record = beginRecord(body);
    const std::size_t fixed = body.size();
    body.resize(fixed + kMessageFixedBytes);
    std::byte* at = body.data() + fixed;
    put(at, message.entry.value);
    std::memcpy(at + 8, message.id.bytes.data(), message.id.bytes.size());
    put(at + 24, message.sequence.value);
    put(at + 32, message.timestampMs);
    put(at + 40, toMicros(message.acceptedAt));
    put(at + 48, message.sourcePosition);
    put(at + 56, message.source);
    put(at + 60, static_cast<std::uint32_t>(message.type));
    put(at + 64, static_cast<std::uint32_t>(message.thread.size()));
    put(at + 68, static_cast<std::uint32_t>(message.tenant.size()));
    put(at + 72, static_cast<std::uint32_t>(message.traceparent.size()));
    put(at + 76, static_cast<std::uint32_t>(message.tracestate.size()));
    put(at + 80, static_cast<std::uint32_t>(message.value.size()));
    put(at + 84, message.partition.value);
    for (const std::string_view text : {message.thread, message.tenant, message.traceparent, message.tracestate}) {
        append(body, asBytes(text));
    }
    append(body, message.value);
    endRecord(body, record, group, RecordKind::Message);
}

void appendSettled(std::vector<std::byte>& body, std::uint64_t group, std::vector<EntryId>& entries) {
    std::sort(entries.begin(), entries.end());
    const std::size_t record = beginRecord(body);
    append(body, static_cast<std::uint32_t>(entries.size()));
    std::uint64_t before = 0;
    for (const EntryId entry : entries) {
        appendVarint(body, entry.value - before);
        before = entry.value;
    }
    endRecord(body, record, group, RecordKind::Settled);
}

void appendNote(std::vector<std::byte>& body, std::uint64_t group, std::string_view name, std::string_view value) {
    const std::size_t record = beginRecord(body);
    append(body, static_cast<std::uint32_t>(name.size()));
    append(body, asBytes(name));
    append(body, asBytes(value));
    endRecord(body, record, group, RecordKind::Note);
}

void appendRaw(std::vector<std::byte>& body, std::uint64_t group, RecordKind kind, ByteView payload) {
    const std::size_t record = beginRecord(body);
    append(body, payload);
    endRecord(body, record, group, kind);
}

std::uint32_t recordSeed(std::uint64_t group) {
    std::array<std::byte, sizeof(group)> bytes{};
    put(bytes.data(), group);
    return crc32c(bytes);
}

std::optional<std::size_t> recordBytes(ByteView head, std::uint64_t group) {
    if (head.size() < kRecordHeadBytes ||
        get<std::uint16_t>(head.data() + 10) != headCheck(recordSeed(group), head.data())) {
        return std::nullopt;
    }
    return kRecordHeadBytes + get<std::uint32_t>(head.data() + 4);
}

std::optional<RawRecord> readRecord(ByteView body, std::uint64_t group) {
    return readSeededRecord(body, recordSeed(group));
}

std::optional<RawRecord> readSeededRecord(ByteView body, std::uint32_t seed) {
    if (body.size() < kRecordHeadBytes) {
        return std::nullopt;
    }
    const std::size_t whole = kRecordHeadBytes + get<std::uint32_t>(body.data() + 4);
    const bool checked =
        whole <= body.size() && get<std::uint32_t>(body.data()) == crc32c(body.subspan(4, whole - 4), seed);
    if (!checked && (get<std::uint16_t>(body.data() + 10) != headCheck(seed, body.data()) || whole > body.size())) {
        return std::nullopt;
    }
    RawRecord record;
    record.kind = static_cast<RecordKind>(get<std::uint16_t>(body.data() + 8));
    record.payload = body.subspan(kRecordHeadBytes, whole - kRecordHeadBytes);
    record.wholeBytes = whole;
    record.intact = checked;
    return record;
}

std::optional<MessageRecord> readMessage(ByteView payload) {
    if (payload.size() < kMessageFixedBytes) {
        return std::nullopt;
    }
    const std::byte* at = payload.data();
    MessageRecord message;
    message.entry = EntryId{get<std::uint64_t>(at)};
    std::memcpy(message.id.bytes.data(), at + 8, message.id.bytes.size());
    message.sequence = SequenceNo{get<std::uint64_t>(at + 24)};
    message.timestampMs = get<std::int64_t>(at + 32);
    message.acceptedAt = utcFromMicros(get<std::int64_t>(at + 40));
    message.sourcePosition = get<std::uint64_t>(at + 48);
    message.source = get<std::uint32_t>(at + 56);
    message.type = static_cast<std::uint8_t>(get<std::uint32_t>(at + 60));
    message.partition = PartitionId{get<std::int32_t>(at + 84)};
    ByteView rest = payload.subspan(kMessageFixedBytes);
    std::size_t lengthAt = 64;
    const auto take = [&](ByteView& piece) {
        const auto length = get<std::uint32_t>(at + lengthAt);
        lengthAt += sizeof(length);
        if (length > rest.size()) {
            return false;
        }
        piece = rest.first(length);
        rest = rest.subspan(length);
        return true;
    };
    for (std::string_view* text : {&message.thread, &message.tenant, &message.traceparent, &message.tracestate}) {
        ByteView piece;
        if (!take(piece)) {
            return std::nullopt;
        }
        *text = asText(piece);
    }
    if (!take(message.value) || !rest.empty()) {
        return std::nullopt;
    }
    return message;
}

std::optional<std::vector<EntryId>> readSettled(ByteView payload) {
    if (payload.size() < sizeof(std::uint32_t)) {
        return std::nullopt;
    }
    const auto count = get<std::uint32_t>(payload.data());
    payload = payload.subspan(sizeof(count));
    if (count > payload.size()) { // each takes a byte at least
        return std::nullopt;
    }
    std::vector<EntryId> entries;
    entries.reserve(count);
    std::uint64_t before = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto delta = takeVarint(payload);
        if (!delta) {
            return std::nullopt;
        }
        before += *delta;
        entries.emplace_back(before);
    }
    return payload.empty() ? std::optional(std::move(entries)) : std::nullopt;
}

std::optional<NoteRecord> readNote(ByteView payload) {
    if (payload.size() < sizeof(std::uint32_t)) {
        return std::nullopt;
    }
    const auto length = get<std::uint32_t>(payload.data());
    payload = payload.subspan(sizeof(length));
    if (length > payload.size()) {
        return std::nullopt;
    }
    return NoteRecord{asText(payload.first(length)), asText(payload.subspan(length))};
}

} // namespace dashstream::journal
