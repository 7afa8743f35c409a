#include "core/store/row_io.h"

namespace dashstream::store {

void bindMessage(Statement& statement, const StoredMessage& message) {
    statement.bindBlob(message.id.raw())
        .bindText(message.thread)
        .bindText(message.tenant)
        .bindText(message.topic)
        .bind(toColumn(message.sequence.value))
        .bind(std::int64_t{message.type})
        .bindText(message.traceparent)
        .bindText(message.tracestate)
        .bind(message.timestampMs)
        .bind(message.acceptedAt)
        .bindText(message.source)
        .bind(toColumn(message.entry));
}

StoredMessage readMessage(const Statement& row, int firstColumn) {
    StoredMessage message;
    int column = firstColumn;
    message.id = MessageId::fromRaw(row.bytes(column++));
    message.thread = row.bytes(column++);
    message.tenant = row.bytes(column++);
    message.topic = row.bytes(column++);
    message.sequence = SequenceNo(unsignedColumn(row, column++));
    message.type = static_cast<int>(row.integer(column++));
    message.traceparent = row.bytes(column++);
    message.tracestate = row.bytes(column++);
    message.timestampMs = row.integer(column++);
    message.acceptedAt = row.time(column++);
    message.source = row.bytes(column++);
    message.entry = unsignedColumn(row, column++);
    return message;
}

void bindAttempt(Statement& statement, const Attempt& attempt) {
    statement.bind(std::int64_t{attempt.number})
        .bind(attempt.at)
        .bindText(attempt.code)
        .bindText(attempt.text)
        .bind(std::int64_t{attempt.possiblyPersisted})
        .bind(std::int64_t{attempt.partition.value});
}

Attempt readAttempt(const Statement& row, int firstColumn) {
    Attempt attempt;
    int column = firstColumn;
    attempt.number = static_cast<int>(row.integer(column++));
    attempt.at = row.time(column++);
    attempt.code = row.bytes(column++);
    attempt.text = row.bytes(column++);
    attempt.possiblyPersisted = row.integer(column++) != 0;
    attempt.partition = PartitionId(static_cast<std::int32_t>(row.integer(column++)));
    return attempt;
}

AuditEntry readAudit(const Statement& row) {
    AuditEntry entry;
    entry.id = row.integer(0);
    entry.at = row.time(1);
    entry.user = row.bytes(2);
    entry.action = row.bytes(3);
    entry.detail = row.bytes(4);
    entry.count = row.integer(5);
    entry.filter = row.bytes(6);
    entry.result = row.bytes(7);
    entry.hash = row.bytes(8);
    return entry;
}

} // namespace dashstream::store
