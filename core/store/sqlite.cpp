#include "core/store/sqlite.h"

#include "core/store/sqlite_error.h"

#include <sqlite3.h>

#include <utility>

namespace dashstream::store {

namespace {

constexpr int kBusyTimeoutMs = 5000; ///< readers and the writer meet only while a WAL is recovered

std::string unchangingUri(const std::filesystem::path& file) {
    std::string uri = "file:";
    for (const char letter : file.string()) {
        const bool special = letter == '?' || letter == '#' || letter == '%';
        uri += special ? (letter == '?' ? "%3f" : letter == '#' ? "%23" : "%25") : std::string(1, letter);
    }
    return uri + "?immutable=1";
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Statement& Statement::bind(std::int64_t value) {
    const int code = sqlite3_bind_int64(m_statement.get(), m_nextParameter++, value);
    m_bindError = m_bindError == SQLITE_OK ? code : m_bindError;
    return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value) {
    if (value) {
        return bind(*value);
    }
    const int code = sqlite3_bind_null(m_statement.get(), m_nextParameter++);
    m_bindError = m_bindError == SQLITE_OK ? code : m_bindError;
    return *this;
}

Statement& Statement::bindReal(double value) {
    const int code = sqlite3_bind_double(m_statement.get(), m_nextParameter++, value);
    m_bindError = m_bindError == SQLITE_OK ? code : m_bindError;
    return *this;
}

Statement& Statement::bindText(std::string_view text) {
    const char* data = text.empty() ? "" : text.data(); // a null pointer would bind NULL
    const int code =
        sqlite3_bind_text64(m_statement.get(), m_nextParameter++, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    m_bindError = m_bindError == SQLITE_OK ? code : m_bindError;
    return *this;
}

Statement& Statement::bindBlob(std::string_view bytes) {
    const char* data = bytes.empty() ? "" : bytes.data();
    const int code = sqlite3_bind_blob64(m_statement.get(), m_nextParameter++, data, bytes.size(), SQLITE_STATIC);
    m_bindError = m_bindError == SQLITE_OK ? code : m_bindError;
    return *this;
}

Result<bool> Statement::step() {
    if (m_bindError != SQLITE_OK) {
        return fail(sqliteError(sqlite3_db_handle(m_statement.get()), m_bindError));
    }
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        return false;
    }
    return fail(sqliteError(sqlite3_db_handle(m_statement.get()), code));
}

Result<void> Statement::run() {
    const StatementUse use(*this);
    for (;;) {
        const Result<bool> row = step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return {};
        }
    }
}

void Statement::reset() {
    sqlite3_reset(m_statement.get()); // repeats the error of the last step, which step() has reported
    sqlite3_clear_bindings(m_statement.get());
    m_nextParameter = 1;
    m_bindError = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(m_statement.get(), column);
}

std::optional<std::int64_t> Statement::optionalInteger(int column) const {
    if (sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL) {
        return std::nullopt;
    }
    return integer(column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(m_statement.get(), column);
}

std::string Statement::bytes(int column) const {
    const void* data = sqlite3_column_blob(m_statement.get(), column); // also of a text, without conversion
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return data == nullptr ? std::string()
                           : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

std::string_view Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return data == nullptr ? std::string_view() : std::string_view(data, static_cast<std::size_t>(size));
}

void Database::Close::operator()(sqlite3* handle) const {
    sqlite3_close_v2(handle);
}

Result<Database> Database::open(const std::filesystem::path& file, Mode mode, const std::string& vfs) {
    sqlite3* handle = nullptr;
    const bool unchanging = mode == Mode::Unchanging;
    const int access =
        (mode == Mode::ReadWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | (unchanging ? SQLITE_OPEN_URI : 0);
    const std::string name = unchanging ? unchangingUri(file) : file.string();
    const int code = sqlite3_open_v2(name.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                     vfs.empty() ? nullptr : vfs.c_str());
    Database database;
    database.m_handle.reset(handle);
    if (code != SQLITE_OK) {
        return fail(cannotOpen(file, code));
    }
    sqlite3_busy_timeout(handle, kBusyTimeoutMs);
    // The file may come from anywhere: no SQL functions with side effects out of its schema, no writes to its
    // internals.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(m_handle.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    Statement statement;
    statement.m_statement.reset(raw);
    if (code != SQLITE_OK) {
        return fail(sqliteError(m_handle.get(), code));
    }
    return statement;
}

Result<void> Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return fail(sqliteError(m_handle.get(), code));
    }
    return {};
}

Result<std::int64_t> Database::queryInteger(std::string_view sql) {
    Result<std::string> text = queryText(sql);
    if (!text) {
        return fail(std::move(text.error()));
    }
    return std::strtoll(text->c_str(), nullptr, 10);
}

Result<std::string> Database::queryText(std::string_view sql) {
    Result<Statement> statement = prepare(sql);
    if (!statement) {
        return fail(std::move(statement.error()));
    }
    Result<bool> row = statement->step();
    if (!row) {
        return fail(std::move(row.error()));
    }
    if (!*row) {
        return fail(sqliteError(m_handle.get(), SQLITE_ERROR));
    }
    const unsigned char* text = sqlite3_column_text(statement->m_statement.get(), 0);
    return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

bool Database::inTransaction() const {
    return sqlite3_get_autocommit(m_handle.get()) == 0;
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(m_handle.get());
}

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
    const Result<void> begun = database.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN");
    if (!begun) {
        return fail(begun.error());
    }
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}

Transaction::~Transaction() {
    if (m_database != nullptr && m_database->inTransaction()) {
        // A rollback writes nothing and cannot fail in a way that could be mended here.
        const Result<void> undone = m_database->execute("ROLLBACK");
        static_cast<void>(undone);
    }
}

Result<void> Transaction::commit() {
    return m_database->execute("COMMIT");
}

} // namespace dashstream::store
