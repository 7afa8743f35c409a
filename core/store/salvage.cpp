#include "core/store/salvage.h"

#include "core/store/migrations.h"
#include "core/store/row_io.h"

namespace dashstream::store {

namespace {
constexpr int kEntriesSince = 3; ///< version of the schema

/// What the log beside the store holds is not in the store's own file.
bool hasLog(const std::filesystem::path& file) {
    std::error_code ignored;
    const auto bytes = std::filesystem::file_size(file.string() + "-wal", ignored);
    return !ignored && bytes > 0;
}

Result<int> versionOf(Result<Database>& database, const std::filesystem::path& file) {
    return database ? versionOf(*database, file, latestVersion()) : Result<int>(fail(database.error()));
}
} // namespace

Result<Salvage> Salvage::open(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "store.db";
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        return fail(ErrorClass::Usage, "store.missing", "There is no store in " + folder.string(),
                    "Check --profile or --data-dir.");
    }
    auto database = Database::open(file, Database::Mode::ReadOnly);
    auto version = versionOf(database, file);
    if (!version && !hasLog(file)) {
        // SQLite makes files beside the store even to read it; where it may not, the store's own file has everything.
        auto alone = Database::open(file, Database::Mode::Unchanging);
        if (auto found = versionOf(alone, file)) {
            database = std::move(alone);
            version = found;
        }
    }
    if (!version) {
        return fail(version.error());
    }
    return Salvage(std::move(*database), *version);
}

bool Salvage::namesEntries() const {
    return m_version >= kEntriesSince;
}

Result<WalkReport> Salvage::waiting(const std::function<Result<void>(const WaitingName&)>& visit,
                                    const CancelToken& cancel) {
    const TableQuery query{std::string("SELECT id, thread, sequence, length(value), resend_of, ") +
                               (namesEntries() ? "entry" : "0") + " FROM retries",
                           "", "id"};
    const RowVisitor read = [&visit](const Statement& row) {
        WaitingName name;
        name.id = RetryId{row.integer(0)};
        name.thread = row.bytes(1);
        name.sequence = SequenceNo{unsignedColumn(row, 2)};
        name.entry = unsignedColumn(row, 5);
        name.hasValue = row.integer(3) > 0 || name.entry == 0;
        if (const auto letter = row.optionalInteger(4)) {
            name.resendOf = DeadLetterId{*letter};
        }
        return visit(name);
    };
    return TableWalk(m_database, query, read, cancel).run();
}

Result<WalkReport> Salvage::dead(const std::function<Result<void>(const DeadName&)>& visit, const CancelToken& cancel) {
    const TableQuery query{
        std::string("SELECT id, thread, state, ") + (namesEntries() ? "entry" : "0") + " FROM dead_letters", "", "id"};
    const RowVisitor read = [&visit](const Statement& row) {
        return visit({DeadLetterId{row.integer(0)}, row.bytes(1), unsignedColumn(row, 3),
                      static_cast<DeadState>(row.integer(2))});
    };
    return TableWalk(m_database, query, read, cancel).run();
}

Result<WalkReport> Salvage::messages(const TableQuery& query, const MessageVisitor& visit, const CancelToken& cancel) {
    const RowVisitor read = [&visit](const Statement& row) {
        StoredMessage message = readMessage(row, 2);
        message.value = row.bytes(1);
        return visit(row.integer(0), message);
    };
    return TableWalk(m_database, query, read, cancel).run();
}

TableQuery Salvage::waitingQuery() const {
    return {std::string("SELECT id, value, " DASHSTREAM_MESSAGE_COLUMNS_2 ", ") + (namesEntries() ? "entry" : "0") +
                " FROM retries",
            "", "id"};
}

Result<WalkReport> Salvage::waitingMessages(const MessageVisitor& visit, const CancelToken& cancel) {
    return messages(waitingQuery(), visit, cancel);
}

Result<WalkReport> Salvage::openDeadMessages(const MessageVisitor& visit, const CancelToken& cancel) {
    return messages({std::string("SELECT l.id, v.value, " DASHSTREAM_MESSAGE_COLUMNS_2 ", ") +
                         (namesEntries() ? "entry" : "0") + " FROM dead_letters l JOIN dead_values v ON v.id = l.id",
                     "l.state < 2", "l.id"},
                    visit, cancel);
}

Result<std::optional<StoredMessage>> Salvage::waitingMessage(RetryId id) {
    auto statement = m_database.prepare(waitingQuery().select + " WHERE id = ?");
    if (!statement) {
        return fail(statement.error());
    }
    const auto found = statement->bind(id.value).step();
    if (!found) {
        return fail(found.error());
    }
    if (!*found) {
        return std::nullopt;
    }
    StoredMessage message = readMessage(*statement, 2);
    message.value = statement->bytes(1);
    return message;
}

Result<std::uint64_t> Salvage::journalCheckpoint() {
    if (!namesEntries()) {
        return 0;
    }
    const auto found = m_database.queryInteger("SELECT value FROM meta WHERE key = 'journal_checkpoint'");
    return found ? Result<std::uint64_t>(static_cast<std::uint64_t>(*found)) : fail(found.error());
}

Result<std::int64_t> Salvage::threads() {
    return m_database.queryInteger("SELECT count(*) FROM threads");
}

} // namespace dashstream::store
