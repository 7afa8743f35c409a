// How a message and an attempt stand in their columns; shared by what writes and what reads.
#pragma once

#include "core/store/records.h"
#include "core/store/sqlite.h"

namespace dashstream::store {

/// The columns of a message in the order of bindMessage() and readMessage(), all but its value; before version 3 of the
/// schema without the last.
#define DASHSTREAM_MESSAGE_COLUMNS_2                                                                                   \
    "message_id, thread, tenant, topic, sequence, type, traceparent, tracestate, timestamp_ms, accepted_at, source"
#define DASHSTREAM_MESSAGE_COLUMNS DASHSTREAM_MESSAGE_COLUMNS_2 ", entry"
inline constexpr int kMessageColumnCount = 12;

#define DASHSTREAM_ATTEMPT_COLUMNS "number, at, code, text, possibly_persisted, partition"

#define DASHSTREAM_AUDIT_COLUMNS "id, at, user, action, detail, count, filter, result, hash"

void bindMessage(Statement& statement, const StoredMessage& message);
/// Without the value.
[[nodiscard]] StoredMessage readMessage(const Statement& row, int firstColumn);

void bindAttempt(Statement& statement, const Attempt& attempt);
[[nodiscard]] Attempt readAttempt(const Statement& row, int firstColumn);

[[nodiscard]] AuditEntry readAudit(const Statement& row); ///< its columns are the first

/// As SQLite holds it; numbers above 2^63 come back whole.
[[nodiscard]] inline std::int64_t toColumn(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}
[[nodiscard]] inline std::uint64_t unsignedColumn(const Statement& row, int column) {
    return static_cast<std::uint64_t>(row.integer(column));
}
[[nodiscard]] inline std::optional<std::int64_t> toColumn(const std::optional<UtcTime>& time) {
    return time ? std::optional(toMicros(*time)) : std::nullopt;
}

} // namespace dashstream::store
