// The record of the dead letter topic: one JSON object that the whole DashStream family reads and writes
// (resources/docs/wire-format.md, "Dead letter record"). Pure; any thread.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dashstream::wire {

/// So much of a payload stands in a record.
inline constexpr std::size_t kDeadLetterPayloadBytes = 512U * 1024;
/// Longest JSON text that is read.
inline constexpr std::size_t kMaxDeadLetterJsonBytes = 16U * 1024 * 1024;

/// What is known of a payload that a record holds only in part.
struct Truncation {
    std::uint64_t originalBytes = 0;
    std::string sha256; ///< of the whole payload, 64 hex digits

    bool operator==(const Truncation&) const = default;
};

struct DeadLetterRecord {
    std::string payload;                  ///< the framed value; its first part where `truncation` is set
    std::optional<Truncation> truncation; ///< set by reading; a writer hands in the whole payload and leaves it empty
    std::string error;
    std::string sourceTopic;
    std::int32_t sourcePartition = -1;
    std::int64_t sourceOffset = -1;
    std::string timestamp;  ///< RFC 3339
    std::string consumerId; ///< "producer:<tenant>" from a producer
    std::optional<std::string> threadId;
    std::optional<std::string> tenantId;
    std::string errorType; ///< "kafka_send_error" from a producer
    std::string traceId;   ///< a UUID; also the record's key
    std::optional<std::string> nodeId;
    std::optional<std::string> parentTraceId;
    std::optional<std::string> spanId;

    bool operator==(const DeadLetterRecord&) const = default;
};

/// A payload longer than kDeadLetterPayloadBytes is cut, with its size and SHA-256 beside it. Error: "dlq.hash"
/// (Local).
[[nodiscard]] Result<std::string> toDeadLetterJson(const DeadLetterRecord& record);

/// Unknown fields are ignored, null counts as absent. Errors (PermanentMessage): "dlq.too_large", "dlq.json" (no JSON
/// object, a field missing or of the wrong type), "dlq.base64".
[[nodiscard]] Result<DeadLetterRecord> parseDeadLetterJson(std::string_view json);

} // namespace dashstream::wire
