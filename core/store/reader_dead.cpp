// The dead letters.
#include "core/store/reader_impl.h"
#include "core/store/row_io.h"

namespace dashstream::store {

namespace {

const char* columnOf(DeadQuery::Column column) {
    switch (column) {
    case DeadQuery::Column::Id:
        return "id";
    case DeadQuery::Column::DiedAt:
        return "died_at";
    case DeadQuery::Column::Thread:
        return "thread";
    case DeadQuery::Column::Tenant:
        return "tenant";
    case DeadQuery::Column::Topic:
        return "topic";
    case DeadQuery::Column::ErrorCode:
        return "error_code";
    case DeadQuery::Column::Size:
        return "bytes";
    case DeadQuery::Column::SettledAt:
        return "settled_at";
    }
    return "id";
}

bool isName(DeadQuery::Column column) {
    return column == DeadQuery::Column::Thread || column == DeadQuery::Column::Tenant ||
           column == DeadQuery::Column::Topic || column == DeadQuery::Column::ErrorCode;
}

/// Equal names come in the order of death, as the indexes hold them.
std::string orderOf(const DeadQuery& query) {
    if (isName(query.sortBy)) {
        return std::string(" ORDER BY ") + columnOf(query.sortBy) + direction(query.order) + ", died_at" +
               direction(query.order) + ", id" + direction(query.order);
    }
    return orderBy(columnOf(query.sortBy), query.order);
}

DeadRow readRow(const Statement& row) {
    DeadRow read;
    read.id = DeadLetterId(row.integer(0));
    read.thread = row.bytes(1);
    read.tenant = row.bytes(2);
    read.topic = row.bytes(3);
    read.errorCode = row.bytes(4);
    read.errorText = row.bytes(5);
    read.sequence = SequenceNo(unsignedColumn(row, 6));
    read.type = static_cast<int>(row.integer(7));
    read.state = static_cast<DeadState>(row.integer(8));
    read.diedAt = row.time(9);
    read.attempts = static_cast<int>(row.integer(10));
    read.rounds = static_cast<int>(row.integer(11));
    read.bytes = row.integer(12);
    read.copyState = static_cast<CopyState>(row.integer(13));
    read.copyError = row.bytes(14);
    read.trace = row.bytes(15);
    read.traceId = row.bytes(16);
    read.copyAt = row.time(17);
    read.settledAt = row.time(18);
    read.settledBy = row.bytes(19);
    read.settleReason = row.bytes(20);
    return read;
}

/// Without attempts.
DeadLetter readLetter(const Statement& row) {
    DeadLetter letter;
    letter.id = DeadLetterId(row.integer(0));
    letter.state = static_cast<DeadState>(row.integer(1));
    letter.errorCode = row.bytes(2);
    letter.errorText = row.bytes(3);
    letter.diedAt = row.time(4);
    letter.traceId = row.bytes(5);
    letter.rounds = static_cast<int>(row.integer(6));
    letter.copyState = static_cast<CopyState>(row.integer(8));
    letter.copyCode = row.bytes(9);
    letter.copyError = row.bytes(10);
    letter.copyAt = row.time(11);
    const std::int64_t errorClass = row.integer(12);
    if (errorClass >= 0) {
        letter.errorClass = static_cast<ErrorClass>(errorClass);
    }
    letter.settledAt = row.time(13);
    letter.settledBy = row.bytes(14);
    letter.settleReason = row.bytes(15);
    letter.message = readMessage(row, 16);
    letter.message.value = row.bytes(7);
    return letter;
}

constexpr const char* kWholeLetter =
    "SELECT d.id, state, error_code, error_text, died_at, trace_id, rounds, value, copy_state, copy_code, "
    "copy_error, copy_at, error_class, settled_at, settled_by, settle_reason,"
    " " DASHSTREAM_MESSAGE_COLUMNS " FROM dead_letters d JOIN dead_values v ON v.id = d.id WHERE d.id = ?";

} // namespace

Result<std::vector<DeadLetterId>> StoreReader::deadIds(const DeadQuery& query, const CancelToken& cancel) {
    const CancelWatch watch(m_impl->database, cancel);
    const Result<Transaction> transaction = m_impl->beginFinding(query.where);
    if (!transaction) {
        return fail(transaction.error());
    }
    Result<Impl::Condition> where =
        m_impl->condition(query.where, query.openOnly && !query.state, !query.trace.empty() || query.copy.has_value());
    if (!where) {
        return fail(std::move(where.error()));
    }
    if (query.state) {
        where->states = stateIs(*query.state);
    }
    const auto add = [&where](const std::string& more) { where->more += (where->more.empty() ? "" : " AND ") + more; };
    const std::string trace = traceIdOf(query.trace);
    if (!query.trace.empty()) {
        where->values.insert(where->values.end(), {trace, trace});
        add("((traceparent <> '' AND substr(traceparent, 4, 32) = ?) OR trace_id = ?)");
    }
    if (query.copy) {
        add("copy_state = " + std::to_string(static_cast<int>(*query.copy))); // a literal: partial indexes
    }
    if (isName(query.sortBy) && !where->more.empty()) {
        where = m_impl->narrowed(*where);
    }
    if (!where) {
        return fail(std::move(where.error()));
    }
    const char* by = query.state == DeadState::Discarded ? " INDEXED BY dead_discarded" : ""; // they are few
    Result<Statement> found = m_impl->database.prepare("SELECT id FROM dead_letters" + std::string(by) + " WHERE " +
                                                       where->sql() + orderOf(query));
    if (!found) {
        return fail(found.error());
    }
    bindAll(*found, where->values);
    std::vector<DeadLetterId> ids;
    for (;;) {
        const Result<bool> row = found->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return ids;
        }
        ids.emplace_back(found->integer(0));
    }
}

Result<std::vector<DeadRow>> StoreReader::deadRows(std::span<const DeadLetterId> ids) {
    const Result<Statement*> query = m_impl->statement(
        "SELECT id, thread, tenant, topic, error_code, error_text, sequence, type, state, died_at,"
        " attempts, rounds, bytes, copy_state, copy_error, substr(traceparent, 4, 32), trace_id, copy_at,"
        " settled_at, settled_by, settle_reason"
        " FROM dead_letters WHERE id = ?");
    if (!query) {
        return fail(query.error());
    }
    return rowsOf<DeadRow>(m_impl->database, **query, ids, readRow);
}

Result<DeadLetter> StoreReader::deadLetter(DeadLetterId id) {
    const Result<Transaction> transaction = Transaction::begin(m_impl->database, Transaction::Kind::Read);
    if (!transaction) {
        return fail(transaction.error());
    }
    const Result<Statement*> query = m_impl->statement(kWholeLetter);
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    const Result<bool> row = use->bind(id.value).step();
    if (!row) {
        return fail(row.error());
    }
    if (!*row) {
        return fail(noSuchEntry("dead letter", id.value));
    }
    DeadLetter letter = readLetter(*use);
    Result<std::vector<Attempt>> attempts = m_impl->attempts("dead_attempts", id.value);
    if (!attempts) {
        return fail(std::move(attempts.error()));
    }
    letter.attempts = std::move(*attempts);
    return letter;
}

Result<std::vector<DeadLetter>> StoreReader::deadLetters(std::span<const DeadLetterId> ids) {
    const Result<Statement*> query = m_impl->statement(kWholeLetter);
    if (!query) {
        return fail(query.error());
    }
    return rowsOf<DeadLetter>(m_impl->database, **query, ids, readLetter);
}

Result<std::vector<DeadLetterId>> StoreReader::pendingCopies(std::size_t limit) {
    const Result<std::vector<std::int64_t>> found = m_impl->numbers(
        "SELECT id FROM dead_letters WHERE copy_state = 1 ORDER BY id LIMIT " + std::to_string(limit), {}, {});
    if (!found) {
        return fail(found.error());
    }
    return std::vector<DeadLetterId>(found->begin(), found->end());
}

Result<std::vector<RefusedCopy>> StoreReader::refusedCopies(DeadLetterId after, std::size_t limit) {
    const Result<Statement*> query = m_impl->statement("SELECT id, copy_code FROM dead_letters WHERE copy_state = 3"
                                                       " AND id > ? ORDER BY id LIMIT ?");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(after.value).bind(static_cast<std::int64_t>(limit));
    std::vector<RefusedCopy> found;
    for (;;) {
        const Result<bool> row = use->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return found;
        }
        found.push_back({DeadLetterId(use->integer(0)), use->bytes(1)});
    }
}

Result<CopyCounts> StoreReader::copyCounts() {
    const Result<Statement*> query =
        m_impl->statement("SELECT (SELECT count(*) FROM dead_letters WHERE copy_state = 1),"
                          " (SELECT count(*) FROM dead_letters WHERE copy_state = 3),"
                          " (SELECT died_at FROM dead_letters WHERE copy_state = 1 ORDER BY id LIMIT 1),"
                          " (SELECT copy_error FROM dead_letters WHERE copy_state = 3 ORDER BY id DESC LIMIT 1),"
                          " (SELECT value FROM meta WHERE key = 'copy_settings')");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    const Result<bool> row = use->step();
    if (!row) {
        return fail(row.error());
    }
    CopyCounts counts{use->integer(0), use->integer(1), std::nullopt, use->bytes(3), use->integer(4)};
    if (counts.pending > 0) {
        counts.oldestPending = use->time(2);
    }
    return counts;
}

Result<std::vector<std::uint64_t>> StoreReader::deadEntriesFrom(std::uint64_t entry) {
    const Result<Statement*> query =
        m_impl->statement("SELECT entry FROM dead_letters WHERE entry > 0 AND entry >= ? ORDER BY entry");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(toColumn(entry));
    std::vector<std::uint64_t> found;
    for (;;) {
        const Result<bool> row = use->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return found;
        }
        found.push_back(unsignedColumn(*use, 0));
    }
}

} // namespace dashstream::store
