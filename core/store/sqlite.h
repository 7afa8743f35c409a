// The SQLite C interface as values: a connection, a prepared statement, a transaction. None of them throws; each
// belongs to one thread at a time and frees what it holds when it goes. Errors: core/store/sqlite_error.h.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace dashstream::store {

/// Parameters are bound in their order: each bind() takes the next place. A failed bind is reported by step() or run().
/// What is bound must stay in place until reset().
class Statement {
public:
    Statement& bind(std::int64_t value);
    Statement& bind(std::optional<std::int64_t> value); ///< nothing: NULL
    Statement& bind(UtcTime value) { return bind(toMicros(value)); }
    Statement& bindReal(double value);
    Statement& bindText(std::string_view text);
    Statement& bindBlob(std::string_view bytes);

    /// True: there is a row; false: done.
    [[nodiscard]] Result<bool> step();
    /// Steps to the end and resets.
    [[nodiscard]] Result<void> run();
    /// Ready for other parameters; forgets row and parameters.
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<std::int64_t> optionalInteger(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] UtcTime time(int column) const { return utcFromMicros(integer(column)); }
    [[nodiscard]] std::string bytes(int column) const; ///< of a text or a blob, NUL bytes included
    /// As bytes(), a number as its digits; valid until the next step() or reset().
    [[nodiscard]] std::string_view text(int column) const;

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_nextParameter = 1;
    int m_bindError = 0;
};

/// Resets a cached statement when its use ends, so that no read transaction stays open behind it.
class StatementUse {
public:
    explicit StatementUse(Statement& statement) : m_statement(statement) {}
    ~StatementUse() { m_statement.reset(); }
    StatementUse(const StatementUse&) = delete;
    StatementUse& operator=(const StatementUse&) = delete;
    Statement* operator->() const { return &m_statement; }
    Statement& operator*() const { return m_statement; }

private:
    Statement& m_statement;
};

class Database {
public:
    /// Unchanging: read only, and without the files beside it: nobody can write it, and what its log holds is not seen.
    enum class Mode { ReadWrite, ReadOnly, Unchanging };

    /// The file must exist. `vfs`: name of a registered SQLite VFS; empty: the default.
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& file, Mode mode,
                                               const std::string& vfs = {});
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// One or more statements without parameters; rows are dropped.
    [[nodiscard]] Result<void> execute(const std::string& sql);
    /// First column of the first row; no row: an error.
    [[nodiscard]] Result<std::int64_t> queryInteger(std::string_view sql);
    [[nodiscard]] Result<std::string> queryText(std::string_view sql);

    [[nodiscard]] bool inTransaction() const;
    /// Rows that the last INSERT, UPDATE or DELETE changed.
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] sqlite3* handle() const { return m_handle.get(); }

private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    std::unique_ptr<sqlite3, Close> m_handle;
};

/// Rolls back when it goes without commit().
class Transaction {
public:
    enum class Kind { Read, Write };
    [[nodiscard]] static Result<Transaction> begin(Database& database, Kind kind);
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) = delete;

    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(Database& database) : m_database(&database) {}
    Database* m_database;
};

} // namespace dashstream::store
