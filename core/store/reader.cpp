#include "core/store/reader.h"

#include "core/store/migrations.h"
#include "core/store/reader_impl.h"
#include "core/store/row_io.h"
#include "core/store/sqlite_error.h"

#include <sqlite3.h>

#include <cerrno>

namespace dashstream::store {

namespace {

constexpr int kStepsBetweenCancelChecks = 1000;    ///< of SQLite's machine: some ten microseconds
constexpr std::size_t kLongestFilterBytes = 20000; ///< escaped it stays below SQLite's limit for patterns, 50 000

constexpr const char* kConnection = "PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON";

Error missing(const std::filesystem::path& file) {
    return {
        ErrorClass::Usage, "store.missing", "There is no store at " + file.string(),
        "Check the profile or --data-dir; the store is made when the console or `dashstreamctl produce` first runs."};
}

int cancelled(void* token) {
    return static_cast<const CancelToken*>(token)->cancelled() ? 1 : 0;
}

} // namespace

CancelWatch::CancelWatch(Database& database, const CancelToken& token) : m_handle(database.handle()) {
    sqlite3_progress_handler(m_handle, kStepsBetweenCancelChecks, &cancelled, const_cast<CancelToken*>(&token));
}

CancelWatch::~CancelWatch() {
    sqlite3_progress_handler(m_handle, 0, nullptr, nullptr);
}

Result<Statement*> StoreReader::Impl::statement(const std::string& sql) {
    const auto known = statements.find(sql);
    if (known != statements.end()) {
        return &known->second;
    }
    Result<Statement> prepared = database.prepare(sql);
    if (!prepared) {
        return fail(std::move(prepared.error()));
    }
    return &statements.emplace(sql, std::move(*prepared)).first->second;
}

Result<std::vector<std::int64_t>>
StoreReader::Impl::numbers(const std::string& sql, const std::vector<std::string>& texts, const CancelToken& cancel) {
    const Result<Statement*> query = statement(sql);
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    for (const std::string& text : texts) {
        use->bindText(text);
    }
    const CancelWatch watch(database, cancel);
    std::vector<std::int64_t> found;
    for (;;) {
        if (cancel.cancelled()) {
            return fail(sqliteError(database.handle(), SQLITE_INTERRUPT));
        }
        const Result<bool> row = use->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return found;
        }
        found.push_back(use->integer(0));
    }
}

Result<std::vector<GroupCount>> StoreReader::Impl::groups(const std::string& sql) {
    const Result<Statement*> query = statement(sql);
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    std::vector<GroupCount> found;
    for (;;) {
        const Result<bool> row = use->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return found;
        }
        found.push_back({use->bytes(0), use->integer(1), use->time(2), use->time(3)});
    }
}

Result<std::vector<Attempt>> StoreReader::Impl::attempts(const char* table, std::int64_t id) {
    const Result<Statement*> query = statement("SELECT " DASHSTREAM_ATTEMPT_COLUMNS " FROM " + std::string(table) +
                                               " WHERE id = ? ORDER BY position");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(id);
    std::vector<Attempt> found;
    for (;;) {
        const Result<bool> row = use->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return found;
        }
        found.push_back(readAttempt(*use, 0));
    }
}

std::string orderBy(const char* column, SortOrder order) {
    const std::string ties = std::string("id") + direction(order);
    if (std::string_view(column) == "id") {
        return " ORDER BY " + ties;
    }
    return std::string(" ORDER BY ") + column + direction(order) + ", " + ties;
}

Result<std::string> containing(const std::string& text) {
    if (text.size() > kLongestFilterBytes) {
        return fail(ErrorClass::Usage, "store.filter_too_long",
                    "The filter text is longer than " + std::to_string(kLongestFilterBytes) + " bytes",
                    "Search for a shorter part.");
    }
    std::string pattern = "%";
    for (const char letter : text) {
        if (letter == '%' || letter == '_' || letter == '\\') {
            pattern.push_back('\\');
        }
        pattern.push_back(letter);
    }
    pattern.push_back('%');
    return pattern;
}

std::string traceIdOf(const std::string& given) {
    constexpr std::size_t kTraceparentBytes = 55;
    return given.size() >= kTraceparentBytes && given[2] == '-' && given[35] == '-' ? given.substr(3, 32) : given;
}

Error noSuchEntry(const char* what, std::int64_t id) {
    return {ErrorClass::Usage, "store.no_such_entry", std::string("There is no ") + what + " " + std::to_string(id),
            "It may have been settled meanwhile; list them again."};
}

StoreReader::StoreReader() : m_impl(std::make_unique<Impl>()) {}
StoreReader::~StoreReader() = default;

Result<std::unique_ptr<StoreReader>> StoreReader::open(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "store.db";
    std::error_code failure;
    if (!std::filesystem::exists(file, failure)) {
        return fail(failure && failure.value() != ENOTDIR ? cannotOpenBecause(file, failure.value()) : missing(file));
    }
    Result<Database> database = Database::open(file, Database::Mode::ReadOnly);
    if (!database) {
        return fail(std::move(database.error()));
    }
    // Only the writer checkpoints: a reader that closes last must not.
    sqlite3_db_config(database->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    const Result<int> version = versionOf(*database, file, latestVersion());
    if (!version) {
        const Error& error = version.error();
        return fail(error.code == "store.io" ? cannotOpen(file, sqlite3_extended_errcode(database->handle())) : error);
    }
    if (*version == 0) {
        return fail(missing(file)); // another process is about to make it
    }
    if (*version < latestVersion()) {
        return fail(ErrorClass::Usage, "store.old_version",
                    "The store " + file.string() + " has version " + std::to_string(*version) +
                        " and was not yet brought to version " + std::to_string(latestVersion()),
                    "Start the console or `dashstreamctl produce` on it once.");
    }
    if (Result<void> ready = database->execute(kConnection); !ready) {
        return fail(std::move(ready.error()));
    }
    std::unique_ptr<StoreReader> reader(new StoreReader);
    reader->m_impl->database = std::move(*database);
    Result<void> ready = reader->m_impl->prepareSearch();
    ready = ready ? reader->m_impl->prepareFilter() : ready;
    if (!ready) {
        return fail(std::move(ready.error()));
    }
    return reader;
}

Result<StoreReader::Counts> StoreReader::counts() {
    const Result<Statement*> query =
        m_impl->statement("SELECT (SELECT count(*) FROM retries),"
                          " (SELECT count(*) FROM dead_letters WHERE state < 2), (SELECT count(*) FROM threads)");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    const Result<bool> row = use->step();
    if (!row) {
        return fail(row.error());
    }
    return Counts{use->integer(0), use->integer(1), use->integer(2)};
}

} // namespace dashstream::store
