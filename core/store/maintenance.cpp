#include "core/store/maintenance.h"

#include "core/store/data_folder.h"
#include "core/store/file_handle.h"
#include "core/store/migrations.h"
#include "core/store/row_io.h"
#include "core/store/sqlite.h"
#include "core/store/sqlite_error.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <limits>
#include <optional>

namespace dashstream::store {

namespace {
constexpr std::size_t kProblemsKept = 100;
constexpr std::int64_t kGapTried =
    10'000; ///< ids in a row that are tried in vain where a table cannot be walked through

constexpr int kEntriesSince = 3; ///< version of the schema

// An older store is read as it is: its version is not brought up by who only reads.
constexpr const char* kRetry = "SELECT id, value, " DASHSTREAM_MESSAGE_COLUMNS " FROM retries WHERE id ";
constexpr const char* kOldRetry = "SELECT id, value, " DASHSTREAM_MESSAGE_COLUMNS_2 ", 0 FROM retries WHERE id ";
#define DASHSTREAM_FROM_DEAD " FROM dead_letters l JOIN dead_values v ON v.id = l.id WHERE l.state < 2 AND l.id "
constexpr const char* kDead = "SELECT l.id, v.value, " DASHSTREAM_MESSAGE_COLUMNS DASHSTREAM_FROM_DEAD;
constexpr const char* kOldDead = "SELECT l.id, v.value, " DASHSTREAM_MESSAGE_COLUMNS_2 ", 0" DASHSTREAM_FROM_DEAD;
constexpr const char* kRetryOrder = " ORDER BY id";
constexpr const char* kDeadOrder = " ORDER BY l.id";

Error cancelled() {
    return {ErrorClass::Cancelled, "store.cancelled", "Stopped before the end", {}};
}

Result<Database> openToRead(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "store.db";
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        return fail(ErrorClass::Usage, "store.missing", "There is no store in " + folder.string(),
                    "Check --profile or --data-dir.");
    }
    auto database = Database::open(file, Database::Mode::ReadOnly);
    if (!database) {
        return database;
    }
    if (auto version = versionOf(*database, file, latestVersion()); !version) {
        return fail(version.error());
    }
    return database;
}

/// Walks one table through from both ends, and tries the ids between where it cannot.
class TableWalk {
public:
    TableWalk(Database& database, const char* select, const char* order, const RescueVisitor& visit,
              const CancelToken& cancel, RescueReport& report)
        : m_database(database), m_select(select), m_order(order), m_visit(visit), m_cancel(cancel), m_report(report) {}

    Result<void> run();

private:
    struct Row {
        std::int64_t id = 0;
        StoredMessage message;
    };
    /// Nothing: there is none. Error: it cannot be read.
    Result<std::optional<Row>> readOne(const std::string& condition, std::int64_t id) const;
    /// The end of the part of the table that can be walked from below; nothing: all of it.
    Result<std::optional<std::int64_t>> ascend();
    /// Ids of what can be walked from above, down to `low`.
    std::vector<std::int64_t> descend(std::int64_t low) const;
    Result<void> tryEach(std::int64_t low, std::int64_t high);
    Result<void> give(const StoredMessage& message);

    Database& m_database;
    const char* m_select;
    const char* m_order;
    const RescueVisitor& m_visit;
    const CancelToken& m_cancel;
    RescueReport& m_report;
};

Result<std::optional<TableWalk::Row>> TableWalk::readOne(const std::string& condition, std::int64_t id) const {
    auto statement = m_database.prepare(m_select + condition);
    if (!statement) {
        return fail(statement.error());
    }
    statement->bind(id);
    const auto found = statement->step();
    if (!found) {
        return fail(found.error());
    }
    if (!*found) {
        return std::nullopt;
    }
    Row row{statement->integer(0), readMessage(*statement, 2)};
    row.message.value = statement->bytes(1);
    return row;
}

Result<void> TableWalk::give(const StoredMessage& message) {
    if (message.entry > 0 && message.value.empty()) {
        ++m_report.inJournal;
        return {};
    }
    ++m_report.messages;
    return m_visit(message);
}

Result<std::optional<std::int64_t>> TableWalk::ascend() {
    std::int64_t last = 0;
    for (;;) {
        if (m_cancel.cancelled()) {
            return fail(cancelled());
        }
        auto row = readOne(std::string("> ?") + m_order + " LIMIT 1", last);
        if (!row) {
            return last;
        }
        if (!*row) {
            return std::nullopt;
        }
        last = (*row)->id;
        if (auto taken = give((*row)->message); !taken) {
            return fail(taken.error());
        }
    }
}

std::vector<std::int64_t> TableWalk::descend(std::int64_t low) const {
    std::vector<std::int64_t> ids;
    std::int64_t last = std::numeric_limits<std::int64_t>::max();
    while (!m_cancel.cancelled()) {
        const auto row = readOne(std::string("< ?") + m_order + " DESC LIMIT 1", last);
        if (!row || !*row || (*row)->id <= low) {
            break;
        }
        last = (*row)->id;
        ids.push_back(last);
    }
    return ids;
}

Result<void> TableWalk::tryEach(std::int64_t low, std::int64_t high) {
    std::int64_t misses = 0; // in a row
    for (std::int64_t id = low; id < high && misses < kGapTried; ++id) {
        if (m_cancel.cancelled()) {
            return fail(cancelled());
        }
        auto row = readOne("= ?", id);
        misses = row && *row ? 0 : misses + 1;
        if (!row) {
            ++m_report.unreadable;
        } else if (*row) {
            if (auto taken = give((*row)->message); !taken) {
                return taken;
            }
        }
    }
    return {};
}

Result<void> TableWalk::run() {
    const auto reached = ascend();
    if (!reached) {
        return fail(reached.error());
    }
    if (!*reached) {
        return {};
    }
    const std::int64_t low = **reached;
    const std::vector<std::int64_t> above = descend(low);
    const std::int64_t high = above.empty() ? std::numeric_limits<std::int64_t>::max() : above.back();
    if (auto tried = tryEach(low + 1, high); !tried) {
        return tried;
    }
    for (auto id = above.rbegin(); id != above.rend(); ++id) {
        if (auto tried = tryEach(*id, *id + 1); !tried) {
            return tried;
        }
    }
    return {};
}

Result<void> collectProblems(Database& database, const char* pragma, const char* prefix, CheckReport& report) {
    auto statement = database.prepare(pragma);
    if (!statement) {
        return fail(statement.error());
    }
    for (;;) {
        const auto row = statement->step();
        if (!row) {
            report.problems.push_back(row.error().message);
            return {};
        }
        if (!*row) {
            return {};
        }
        if (auto text = statement->bytes(0); text != "ok" && report.problems.size() < kProblemsKept) {
            report.problems.push_back(prefix + std::move(text));
        }
    }
}

Result<RescueReport> walk(Database& database, RescueWhat what, const RescueVisitor& visit, const CancelToken& cancel) {
    const auto version = database.queryInteger("PRAGMA user_version");
    if (!version) {
        return fail(version.error());
    }
    const bool old = *version < kEntriesSince;
    RescueReport report;
    auto walked = TableWalk(database, old ? kOldRetry : kRetry, kRetryOrder, visit, cancel, report).run();
    if (walked && what == RescueWhat::UnsettledAndDead) {
        walked = TableWalk(database, old ? kOldDead : kDead, kDeadOrder, visit, cancel, report).run();
    }
    if (!walked) {
        return fail(walked.error());
    }
    return report;
}
} // namespace

Result<CheckReport> checkStore(const std::filesystem::path& folder, const CancelToken& cancel) {
    auto database = openToRead(folder);
    if (!database) {
        return fail(database.error());
    }
    CheckReport report;
    if (auto checked = collectProblems(*database, "PRAGMA integrity_check(100)", "", report); !checked) {
        return fail(checked.error());
    }
    if (auto checked =
            collectProblems(*database, "PRAGMA foreign_key_check", "a row without its owner in table ", report);
        !checked) {
        return fail(checked.error());
    }
    const auto count = [&database](const char* sql) { return database->queryInteger(sql).value_or(-1); };
    report.retries = count("SELECT count(*) FROM retries");
    report.openDead = count("SELECT count(*) FROM dead_letters WHERE state < 2");
    report.threads = count("SELECT count(*) FROM threads");
    const auto read = walk(
        *database, RescueWhat::UnsettledAndDead, [](const StoredMessage&) { return Result<void>(); }, cancel);
    if (!read) {
        return fail(read.error());
    }
    report.unreadable = read->unreadable;
    return report;
}

Result<RescueReport> rescueMessages(const std::filesystem::path& folder, RescueWhat what, const RescueVisitor& visit,
                                    const CancelToken& cancel) {
    auto database = openToRead(folder);
    if (!database) {
        return fail(database.error());
    }
    return walk(*database, what, visit, cancel);
}

Result<void> backupStore(const std::filesystem::path& folder, const std::filesystem::path& target) {
    auto database = openToRead(folder);
    if (!database) {
        return fail(database.error());
    }
    // Made first, for its owner only: SQLite writes into an empty file.
    const FileHandle made(::open(target.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!made.valid() && errno == EEXIST) {
        return fail(ErrorClass::Usage, "store.exists", "The file " + target.string() + " is there already",
                    "Name a new file; nothing was written.");
    }
    if (!made.valid()) {
        return fail(cannotOpenBecause(target, errno));
    }
    auto statement = database->prepare("VACUUM INTO ?");
    if (!statement) {
        return fail(statement.error());
    }
    const std::string name = target.string();
    statement->bindText(name);
    auto copied = statement->run();
    if (copied && ::fsync(made.get()) != 0) {
        copied = fail(cannotOpenBecause(target, errno));
    }
    if (!copied) {
        std::error_code ignored;
        std::filesystem::remove(target, ignored);
    }
    return copied;
}

} // namespace dashstream::store
