#include "core/wire/dead_letter_reading.h"

#include "core/wire/message_access.h"

#include <charconv>

namespace dashstream::wire {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// Members are named in plain words; a protobuf encoding that happens to begin with `{"` goes on with a tag.
bool isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

/// The Rust family's producers write their attempts into the error and nowhere else.
std::optional<std::uint32_t> attemptsIn(std::string_view error) {
    constexpr std::string_view before = "failed after ";
    const std::size_t at = error.find(before);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view rest = error.substr(at + before.size());
    std::uint32_t attempts = 0;
    const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), attempts);
    if (problem != std::errc{} || !rest.substr(static_cast<std::size_t>(end - rest.data())).starts_with(" attempt")) {
        return std::nullopt;
    }
    return attempts;
}

std::string cutText(const DeadLetterRecord& record) {
    const std::uint64_t there = record.payload.size();
    if (record.truncation->originalBytes <= there) {
        return "The record says that its message was cut from " + std::to_string(record.truncation->originalBytes) +
               " bytes, but holds " + std::to_string(there) + ": it contradicts itself, so the message is not shown";
    }
    return "The message is not whole here: the topic holds its first " + std::to_string(there) + " of " +
           std::to_string(record.truncation->originalBytes) +
           " bytes, so it can neither be shown nor sent again from here. SHA-256 of the whole: " +
           record.truncation->sha256;
}

} // namespace

bool beginsLikeDeadLetter(std::string_view bytes) {
    const std::size_t object = bytes.find_first_not_of(kBlanks);
    if (object == std::string_view::npos || bytes[object] != '{') {
        return false;
    }
    const std::size_t quote = bytes.find_first_not_of(kBlanks, object + 1);
    if (quote == std::string_view::npos || bytes[quote] != '"') {
        return false;
    }
    std::size_t end = quote + 1;
    while (end < bytes.size() && isNameCharacter(bytes[end])) {
        ++end;
    }
    return end > quote + 1 && end < bytes.size() && bytes[end] == '"';
}

Result<DeadLetterReading> readDeadLetter(std::string_view json, Decoder& decoder) {
    Result<DeadLetterRecord> record = parseDeadLetterJson(json);
    if (!record) {
        return fail(std::move(record.error()));
    }
    DeadLetterReading reading;
    reading.record = std::move(*record);
    reading.attempts = attemptsIn(reading.record.error);
    if (reading.record.truncation) {
        reading.payload = InnerPayload::Cut;
        reading.payloadText = cutText(reading.record);
        return reading;
    }
    const auto info = decoder.decode(asBytes(reading.record.payload), reading.message);
    if (!info) {
        reading.payload = InnerPayload::Unreadable;
        reading.payloadText = "What died is no DashStream message: " + info.error().text();
        reading.message.Clear();
        return reading;
    }
    if (const v1::Header* header = headerOf(reading.message)) {
        reading.sequence = header->sequence();
    }
    return reading;
}

} // namespace dashstream::wire
