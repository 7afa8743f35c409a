// Threads and their numbers.
#include "core/store/reader_impl.h"
#include "core/store/row_io.h"

namespace dashstream::store {

namespace {

const char* columnOf(ThreadQuery::Column column) {
    switch (column) {
    case ThreadQuery::Column::Thread:
        return "thread";
    case ThreadQuery::Column::Next:
        return "next";
    case ThreadQuery::Column::LastDelivered:
        return "last_delivered";
    case ThreadQuery::Column::Delivered:
        return "delivered";
    case ThreadQuery::Column::Dead:
        return "dead";
    case ThreadQuery::Column::UpdatedAt:
        return "updated_at";
    }
    return "thread";
}

/// The first text behind all that begin with `prefix`; empty: there is none.
std::string behind(std::string prefix) {
    while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) {
        prefix.pop_back();
    }
    if (!prefix.empty()) {
        prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    }
    return prefix;
}

ThreadRecord readRecord(const Statement& row) {
    ThreadRecord record;
    record.thread = row.bytes(0);
    record.next = SequenceNo(unsignedColumn(row, 1));
    record.reservedUntil = SequenceNo(unsignedColumn(row, 2));
    record.lastDelivered = SequenceNo(unsignedColumn(row, 3));
    record.delivered = unsignedColumn(row, 4);
    record.dead = unsignedColumn(row, 5);
    record.updatedAt = row.time(6);
    return record;
}

constexpr const char* kRecord =
    "SELECT thread, next, reserved_until, last_delivered, delivered, dead, updated_at FROM threads WHERE ";

} // namespace

Result<std::vector<std::int64_t>> StoreReader::threadIds(const ThreadQuery& query, const CancelToken& cancel) {
    std::string sql = "SELECT id FROM threads WHERE true";
    std::vector<std::string> texts;
    if (!query.prefix.empty()) { // a range, which the index on the name serves
        texts.push_back(query.prefix);
        sql += " AND thread >= ?1";
        if (std::string end = behind(query.prefix); !end.empty()) {
            texts.push_back(std::move(end));
            sql += " AND thread < ?2";
        }
    }
    return m_impl->numbers(sql + orderBy(columnOf(query.sortBy), query.order), texts, cancel);
}

Result<std::vector<ThreadRecord>> StoreReader::threadRows(std::span<const std::int64_t> ids) {
    const Result<Statement*> query = m_impl->statement(std::string(kRecord) + "id = ?");
    if (!query) {
        return fail(query.error());
    }
    return rowsOf<ThreadRecord>(m_impl->database, **query, ids, readRecord);
}

Result<std::map<std::string, ThreadRecord>> StoreReader::threads(std::span<const std::string> names) {
    const Result<Statement*> query = m_impl->statement(std::string(kRecord) + "thread = ?");
    if (!query) {
        return fail(query.error());
    }
    Result<std::vector<ThreadRecord>> rows = rowsOf<ThreadRecord>(m_impl->database, **query, names, readRecord);
    if (!rows) {
        return fail(std::move(rows.error()));
    }
    std::map<std::string, ThreadRecord> byName;
    for (ThreadRecord& record : *rows) {
        std::string name = record.thread;
        byName.emplace(std::move(name), std::move(record));
    }
    return byName;
}

} // namespace dashstream::store
