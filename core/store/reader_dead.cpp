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
    }
    return "id";
}

/// Equal names come in the order of death, as the indexes hold them.
std::string orderOf(const DeadQuery& query) {
    switch (query.sortBy) {
    case DeadQuery::Column::Thread:
    case DeadQuery::Column::Tenant:
    case DeadQuery::Column::Topic:
    case DeadQuery::Column::ErrorCode:
        return std::string(" ORDER BY ") + columnOf(query.sortBy) + direction(query.order) + ", died_at" +
               direction(query.order) + ", id" + direction(query.order);
    default:
        return orderBy(columnOf(query.sortBy), query.order);
    }
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
    letter.message = readMessage(row, 8);
    letter.message.value = row.bytes(7);
    return letter;
}

} // namespace

Result<std::vector<DeadLetterId>> StoreReader::deadIds(const DeadQuery& query, const CancelToken& cancel) {
    // "state < 2" as it stands in the partial indexes.
    std::string sql = std::string("SELECT id FROM dead_letters WHERE ") + (query.openOnly ? "state < 2" : "true");
    std::vector<std::string> texts;
    if (!query.text.empty()) {
        Result<std::string> pattern = containing(query.text);
        if (!pattern) {
            return fail(std::move(pattern.error()));
        }
        texts.push_back(std::move(*pattern));
        sql += " AND (thread LIKE ?1 ESCAPE '\\' OR tenant LIKE ?1 ESCAPE '\\' OR topic LIKE ?1 ESCAPE '\\'"
               " OR error_code LIKE ?1 ESCAPE '\\' OR error_text LIKE ?1 ESCAPE '\\')";
    }
    sql += orderOf(query);
    const Result<std::vector<std::int64_t>> found = m_impl->numbers(sql, texts, cancel);
    if (!found) {
        return fail(found.error());
    }
    return std::vector<DeadLetterId>(found->begin(), found->end());
}

Result<std::vector<DeadRow>> StoreReader::deadRows(std::span<const DeadLetterId> ids) {
    const Result<Statement*> query =
        m_impl->statement("SELECT id, thread, tenant, topic, error_code, error_text, sequence, type, state, died_at,"
                          " attempts, rounds, bytes FROM dead_letters WHERE id = ?");
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
    const Result<Statement*> query = m_impl->statement(
        "SELECT d.id, state, error_code, error_text, died_at, trace_id, rounds, value, " DASHSTREAM_MESSAGE_COLUMNS
        " FROM dead_letters d JOIN dead_values v ON v.id = d.id WHERE d.id = ?");
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

Result<std::vector<GroupCount>> StoreReader::deadGroups() {
    return m_impl->groups("SELECT error_code, count(*) AS n, min(died_at), max(died_at) FROM dead_letters"
                          " WHERE state < 2 GROUP BY error_code ORDER BY n DESC, error_code");
}

} // namespace dashstream::store
