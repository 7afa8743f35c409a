#include "tests/core/care/sql_recount.h"

#include "core/store/sqlite.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <ostream>

namespace dashstream::care::test {

namespace {
constexpr const char* kInFlight = "SELECT thread, count(*) FROM unsettled u"
                                  " WHERE NOT EXISTS (SELECT 1 FROM dead_letters d WHERE d.entry = u.entry)"
                                  " AND NOT EXISTS (SELECT 1 FROM retries r WHERE r.entry = u.entry) GROUP BY 1";
constexpr const char* kRetrying =
    "SELECT thread, count(*) FROM retries r WHERE r.entry = 0 OR r.entry IN (SELECT entry FROM unsettled)"
    " AND r.entry NOT IN (SELECT entry FROM dead_letters) GROUP BY 1";
constexpr const char* kDead = "SELECT thread, count(*) FROM dead_letters d WHERE d.state < 2"
                              " AND NOT EXISTS (SELECT 1 FROM retries r WHERE r.resend_of = d.id) GROUP BY 1";

void expectDone(const Result<void>& done) {
    EXPECT_TRUE(done) << (done ? "" : done.error().text());
}

/// What a start would find, into a table.
void readJournal(const std::filesystem::path& folder, store::Database& database) {
    expectDone(database.execute("CREATE TABLE unsettled (entry INTEGER PRIMARY KEY, thread TEXT)"));
    if (!std::filesystem::exists(folder)) {
        return;
    }
    const auto files = journal::realFiles();
    journal::SegmentFiles segments(*files, folder, 1);
    std::map<journal::EntryId, std::string> threads;
    const auto recovered = journal::recover(
        segments, [&](const journal::MessageRecord& record) { threads[record.entry] = std::string(record.thread); });
    ASSERT_TRUE(recovered) << recovered.error().text();
    auto insert = database.prepare("INSERT INTO unsettled VALUES (?, ?)");
    ASSERT_TRUE(insert);
    for (const journal::EntryId entry : recovered->entries.liveEntries()) {
        expectDone(insert->bind(static_cast<std::int64_t>(entry.value)).bindText(threads.at(entry)).run());
    }
}

void count(store::Database& database, const char* sql, std::uint64_t OpenCounts::*column,
           std::map<std::string, OpenCounts>& threads) {
    auto query = database.prepare(sql);
    ASSERT_TRUE(query) << query.error().text();
    for (;;) {
        const auto row = query->step();
        ASSERT_TRUE(row) << row.error().text();
        if (!*row) {
            return;
        }
        threads[query->bytes(0)].*column = static_cast<std::uint64_t>(query->integer(1));
    }
}
} // namespace

std::map<std::string, OpenCounts> sqlRecount(const std::filesystem::path& dataFolder) {
    const dashstream::testing::TempDir copy;
    std::filesystem::create_directory(copy / "data");
    for (const char* name : {"store.db", "store.db-wal", "journal"}) {
        if (std::filesystem::exists(dataFolder / name)) {
            std::filesystem::copy(dataFolder / name, (copy / "data") / name, std::filesystem::copy_options::recursive);
        }
    }
    std::map<std::string, OpenCounts> threads;
    auto database = store::Database::open((copy / "data") / "store.db", store::Database::Mode::ReadWrite);
    EXPECT_TRUE(database) << (database ? "" : database.error().text());
    if (database) {
        readJournal((copy / "data") / "journal", *database);
        count(*database, kInFlight, &OpenCounts::inFlight, threads);
        count(*database, kRetrying, &OpenCounts::retrying, threads);
        count(*database, kDead, &OpenCounts::dead, threads);
    }
    return threads;
}

OpenCounts sumOf(const std::map<std::string, OpenCounts>& threads) {
    OpenCounts sum;
    for (const auto& [thread, counts] : threads) {
        sum.inFlight += counts.inFlight;
        sum.retrying += counts.retrying;
        sum.dead += counts.dead;
    }
    return sum;
}

} // namespace dashstream::care::test
