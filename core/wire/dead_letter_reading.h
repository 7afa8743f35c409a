// A record of the dead letter topic as a reader takes it: its fields, and the message inside where the record holds it
// whole. Foreign bytes; bounded before they are parsed. Pure; any thread with its own Decoder.
#pragma once

#include "core/base/result.h"
#include "core/wire/codec.h"
#include "core/wire/dead_letter_json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dashstream::wire {

/// Whether bytes begin like a JSON object with a member: what a framed value, a frame's length and an unframed message
/// never do. Needs the first kDeadLetterHeadBytes, or all there are.
inline constexpr std::size_t kDeadLetterHeadBytes = 256;
[[nodiscard]] bool beginsLikeDeadLetter(std::string_view bytes);

enum class InnerPayload : std::uint8_t {
    Whole,     ///< and decoded
    Cut,       ///< only its first part is in the record
    Unreadable ///< whole, and no message: often the reason why it is a dead letter
};

struct DeadLetterReading {
    DeadLetterRecord record;
    InnerPayload payload = InnerPayload::Whole;
    std::string payloadText; ///< for a person; empty where it is whole
    v1::DashStreamMessage message;
    std::optional<std::uint64_t> sequence; ///< of the message's header
    std::optional<std::uint32_t> attempts; ///< where the error text tells ("… failed after 3 attempts: …")
};

/// Errors as parseDeadLetterJson(). What is wrong with the payload inside is no error: it stands in the result.
[[nodiscard]] Result<DeadLetterReading> readDeadLetter(std::string_view json, Decoder& decoder);

} // namespace dashstream::wire
