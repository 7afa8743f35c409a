// Sources and how far they were read.
#include "core/store/reader_impl.h"
#include "core/store/row_io.h"

namespace dashstream::store {

namespace {

constexpr const char* kRecord = "SELECT id, name, position, line, digest, reached, updated_at FROM sources ";

SourceRecord readRecord(const Statement& row) {
    SourceRecord record;
    record.number = SourceNumber(static_cast<std::uint32_t>(row.integer(0)));
    record.name = row.bytes(1);
    record.position = unsignedColumn(row, 2);
    record.line = unsignedColumn(row, 3);
    record.digest = row.bytes(4);
    record.reached = unsignedColumn(row, 5);
    record.updatedAt = row.time(6);
    return record;
}

} // namespace

Result<std::optional<SourceRecord>> StoreReader::source(const std::string& name) {
    const Result<Statement*> query = m_impl->statement(std::string(kRecord) + "WHERE name = ?");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    const Result<bool> row = use->bindText(name).step();
    if (!row) {
        return fail(row.error());
    }
    return *row ? std::optional(readRecord(*use)) : std::nullopt;
}

Result<std::vector<SourceRecord>> StoreReader::sources(std::size_t limit) {
    const Result<Statement*> query =
        m_impl->statement(std::string(kRecord) + "ORDER BY updated_at DESC, id DESC LIMIT ?");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(static_cast<std::int64_t>(limit));
    std::vector<SourceRecord> found;
    for (;;) {
        const Result<bool> row = use->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return found;
        }
        found.push_back(readRecord(*use));
    }
}

} // namespace dashstream::store
