// The retry queue.
#include "core/store/reader_impl.h"
#include "core/store/row_io.h"

namespace dashstream::store {

namespace {

const char* columnOf(RetryQuery::Column column) {
    switch (column) {
    case RetryQuery::Column::Id:
        return "id";
    case RetryQuery::Column::WaitingSince:
        return "waiting_since";
    case RetryQuery::Column::NextTry:
        return "next_try";
    case RetryQuery::Column::Thread:
        return "thread";
    case RetryQuery::Column::Cause:
        return "cause";
    case RetryQuery::Column::Partition:
        return "partition";
    }
    return "id";
}

std::optional<UtcTime> optionalTime(const Statement& row, int column) {
    const std::optional<std::int64_t> micros = row.optionalInteger(column);
    return micros ? std::optional(utcFromMicros(*micros)) : std::nullopt;
}

RetryRow readRow(const Statement& row) {
    RetryRow read;
    read.id = RetryId(row.integer(0));
    read.thread = row.bytes(1);
    read.tenant = row.bytes(2);
    read.cause = row.bytes(3);
    read.sequence = SequenceNo(unsignedColumn(row, 4));
    read.type = static_cast<int>(row.integer(5));
    read.state = static_cast<RetryState>(row.integer(6));
    read.partition = PartitionId(static_cast<std::int32_t>(row.integer(7)));
    read.waitingSince = row.time(8);
    read.nextTry = optionalTime(row, 9);
    read.attempts = static_cast<int>(row.integer(10));
    read.bytes = row.integer(11);
    read.outcomeUnknown = row.integer(12) != 0;
    read.trace = row.bytes(13);
    return read;
}

constexpr const char* kEntry =
    "SELECT id, state, partition, cause, waiting_since, next_try, outcome_unknown, resend_of, "
    "value, bytes, " DASHSTREAM_MESSAGE_COLUMNS " FROM retries WHERE ";

/// Without attempts.
RetryEntry readEntry(const Statement& row) {
    RetryEntry entry;
    entry.id = RetryId(row.integer(0));
    entry.message = readMessage(row, 10);
    entry.message.value = row.bytes(8);
    entry.valueBytes = entry.message.value.empty() ? row.integer(9) : 0;
    entry.state = static_cast<RetryState>(row.integer(1));
    entry.partition = PartitionId(static_cast<std::int32_t>(row.integer(2)));
    entry.cause = row.bytes(3);
    entry.waitingSince = row.time(4);
    entry.nextTry = optionalTime(row, 5);
    entry.outcomeUnknown = row.integer(6) != 0;
    if (const auto letter = row.optionalInteger(7)) {
        entry.resendOf = DeadLetterId(*letter);
    }
    return entry;
}

} // namespace

Result<std::vector<RetryId>> StoreReader::retryIds(const RetryQuery& query, const CancelToken& cancel) {
    std::string sql = "SELECT id FROM retries WHERE true";
    std::vector<std::string> texts;
    if (!query.text.empty()) {
        Result<std::string> pattern = containing(query.text);
        if (!pattern) {
            return fail(std::move(pattern.error()));
        }
        texts.push_back(std::move(*pattern));
        sql += " AND (thread LIKE ?1 ESCAPE '\\' OR cause LIKE ?1 ESCAPE '\\' OR tenant LIKE ?1 ESCAPE '\\'"
               " OR traceparent LIKE ?1 ESCAPE '\\')";
    }
    if (!query.thread.empty()) {
        texts.push_back(query.thread);
        sql += " AND thread = ?" + std::to_string(texts.size());
    }
    if (!query.trace.empty()) {
        texts.push_back(traceIdOf(query.trace));
        sql += " AND traceparent <> '' AND substr(traceparent, 4, 32) = ?" + std::to_string(texts.size());
    }
    sql += orderBy(columnOf(query.sortBy), query.order);
    const Result<std::vector<std::int64_t>> found = m_impl->numbers(sql, texts, cancel);
    if (!found) {
        return fail(found.error());
    }
    return std::vector<RetryId>(found->begin(), found->end());
}

Result<std::vector<RetryRow>> StoreReader::retryRows(std::span<const RetryId> ids) {
    const Result<Statement*> query =
        m_impl->statement("SELECT id, thread, tenant, cause, sequence, type, state, partition, waiting_since, next_try,"
                          " attempts, bytes, outcome_unknown, substr(traceparent, 4, 32) FROM retries WHERE id = ?");
    if (!query) {
        return fail(query.error());
    }
    return rowsOf<RetryRow>(m_impl->database, **query, ids, readRow);
}

Result<RetryEntry> StoreReader::retry(RetryId id) {
    const Result<std::vector<RetryEntry>> found = retriesAfter(RetryId(id.value - 1), 1);
    if (!found) {
        return fail(found.error());
    }
    if (found->empty() || found->front().id != id) {
        return fail(noSuchEntry("retry entry", id.value));
    }
    return found->front();
}

Result<std::vector<GroupCount>> StoreReader::retryGroups() {
    return m_impl->groups("SELECT cause, count(*) AS n, min(waiting_since), max(waiting_since) FROM retries"
                          " GROUP BY cause ORDER BY n DESC, cause");
}

Result<std::vector<RetryEntry>> StoreReader::retriesAfter(RetryId after, std::size_t limit) {
    const Result<Transaction> transaction = Transaction::begin(m_impl->database, Transaction::Kind::Read);
    if (!transaction) {
        return fail(transaction.error());
    }
    const Result<Statement*> query = m_impl->statement(std::string(kEntry) + "id > ? ORDER BY id LIMIT ?");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(after.value).bind(static_cast<std::int64_t>(limit));
    std::vector<RetryEntry> entries;
    for (;;) {
        const Result<bool> row = use->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return entries;
        }
        RetryEntry entry = readEntry(*use);
        Result<std::vector<Attempt>> attempts = m_impl->attempts("retry_attempts", entry.id.value);
        if (!attempts) {
            return fail(std::move(attempts.error()));
        }
        entry.attempts = std::move(*attempts);
        entries.push_back(std::move(entry));
    }
}

} // namespace dashstream::store
