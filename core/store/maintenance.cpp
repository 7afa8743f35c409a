#include "core/store/maintenance.h"

#include "core/store/salvage.h"

namespace dashstream::store {

namespace {
constexpr std::size_t kProblemsKept = 100;

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
} // namespace

Result<CheckReport> checkStore(const std::filesystem::path& folder, const CancelToken& cancel) {
    auto salvage = Salvage::open(folder);
    if (!salvage) {
        return fail(salvage.error());
    }
    Database& database = salvage->database();
    CheckReport report;
    if (auto checked = collectProblems(database, "PRAGMA integrity_check(100)", "", report); !checked) {
        return fail(checked.error());
    }
    if (auto checked =
            collectProblems(database, "PRAGMA foreign_key_check", "a row without its owner in table ", report);
        !checked) {
        return fail(checked.error());
    }
    const auto count = [&database](const char* sql) { return database.queryInteger(sql).value_or(-1); };
    report.retries = count("SELECT count(*) FROM retries");
    report.openDead = count("SELECT count(*) FROM dead_letters WHERE state < 2");
    report.threads = count("SELECT count(*) FROM threads");
    const auto ignore = [](std::int64_t, const StoredMessage&) { return Result<void>(); };
    const auto waiting = salvage->waitingMessages(ignore, cancel);
    const auto dead = waiting ? salvage->openDeadMessages(ignore, cancel) : waiting;
    if (!dead) {
        return fail(dead.error());
    }
    report.unreadable = waiting->unreadable + dead->unreadable;
    return report;
}

} // namespace dashstream::store
