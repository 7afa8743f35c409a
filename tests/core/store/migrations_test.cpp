// The numbered steps: a store of an older version is brought up with its rows, or left as it was.
#include "core/store/migrations.h"
#include "core/store/salvage.h"
#include "tests/core/store/same_rows.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace dashstream::store::test {
namespace {

std::filesystem::path fixture(const char* name) {
    const char* source = std::getenv("DASHSTREAM_SOURCE_DIR");
    return std::filesystem::path(source == nullptr ? "." : source) / "tests/core/store/fixtures" / name;
}

Database openDatabase(const std::filesystem::path& file) {
    std::ofstream(file, std::ios::app).flush();
    auto database = Database::open(file, Database::Mode::ReadWrite);
    EXPECT_TRUE(database);
    return std::move(*database);
}

/// As a store held it before there was a journal.
template <typename Row>
Row withoutEntry(Row row) {
    row.message.entry = 0;
    return row;
}

int versionIn(Database& database) {
    const auto version = versionOf(database, "store.db", 99);
    EXPECT_TRUE(version);
    return version ? *version : -1;
}

TEST(Migrations, AreNumberedFromOneWithoutGap) {
    int expected = 1;
    for (const Migration& step : migrations()) {
        EXPECT_EQ(step.version, expected++);
    }
    EXPECT_EQ(latestVersion(), expected - 1);
}

TEST(Migrations, StoreOfVersionOneIsOpenedWithItsRows) {
    const TempFolder folder;
    std::filesystem::create_directory(folder.data());
    std::stringstream sql;
    sql << std::ifstream(fixture("version_1.sql")).rdbuf();
    ASSERT_FALSE(sql.str().empty());
    {
        Database database = openDatabase(folder.data() / "store.db");
        expectStored(database.execute(sql.str()));
        EXPECT_EQ(versionIn(database), 1);
    }

    const auto store = openStore(folder.data());

    ASSERT_NE(store, nullptr);
    EXPECT_EQ(store->summary().schemaVersion, latestVersion());
    EXPECT_EQ(store->summary().nextRetry, RetryId(3));
    EXPECT_EQ(store->summary().nextDead, DeadLetterId(3));
    EXPECT_EQ(store->summary().nextJob, ResendJobId(2));
    const auto reader = openReader(folder.data());
    const auto retry = reader->retry(RetryId(2));
    const auto letter = reader->deadLetter(DeadLetterId(1));
    ASSERT_TRUE(retry);
    ASSERT_TRUE(letter);
    expectSame(*retry, withoutEntry(sampleRetry(2)));
    expectSame(*letter, withoutEntry(sampleDead(1)));
    EXPECT_EQ(store->summary().highestEntry, 0U);
    EXPECT_EQ(store->summary().journalCheckpoint, 0U);
    EXPECT_EQ(store->summary().nextSource, SourceNumber(1));
    EXPECT_EQ(letter->copyState, CopyState::Pending) << "what died before there were copies gets its copy";
    const auto copies = reader->copyCounts();
    ASSERT_TRUE(copies);
    EXPECT_EQ(copies->pending, 2);
    EXPECT_EQ(copies->refused, 0);
    EXPECT_EQ(*reader->pendingCopies(10), (std::vector{DeadLetterId(1), DeadLetterId(2)}));
    const std::vector<std::string> names{"thread-1"};
    EXPECT_EQ(reader->threads(names)->at("thread-1").next, SequenceNo(8));
    EXPECT_EQ(reader->resendItems(ResendJobId(1), ResendItemState::Pending, DeadLetterId(0), 10)->size() +
                  reader->resendItems(ResendJobId(1), ResendItemState::Sending, DeadLetterId(0), 10)->size(),
              2U);
    EXPECT_TRUE(reader->resendJobs(true)->empty()) << "jobs of that time are over";
    EXPECT_EQ(reader->audit(10)->at(0).action, "dead.resend");
    const auto causes = reader->deadGroups({});
    ASSERT_TRUE(causes);
    ASSERT_FALSE(causes->groups.empty());
    EXPECT_THAT(causes->groups[0].key, ::testing::HasSubstr("Broker: refused <n>"));
    EXPECT_EQ(causes->letters, 2);
    EXPECT_FALSE(letter->errorClass) << "it was not written down then";
    EXPECT_EQ(reader->deadIds({filterOf("error ~ 'refused 1' and partition >= 0")})->size(), 1U);
    expectStored(store->commit(batchOf(op::PutRetry{sampleRetry(3)})));
}

TEST(Migrations, StoreOfVersionTwoIsReadByWhoeverOnlyReads) {
    const TempFolder folder;
    std::filesystem::create_directory(folder.data());
    {
        std::stringstream sql;
        sql << std::ifstream(fixture("version_1.sql")).rdbuf();
        Database database = openDatabase(folder.data() / "store.db");
        expectStored(database.execute(sql.str()));
        expectStored(migrate(database, 1, migrations().first(2)));
    }
    std::vector<std::uint64_t> sequences;

    const auto note = [&](std::int64_t, const StoredMessage& message) {
        sequences.push_back(message.sequence.value);
        return Result<void>();
    };
    auto salvage = Salvage::open(folder.data());
    ASSERT_TRUE(salvage) << salvage.error().text();
    const auto waiting = salvage->waitingMessages(note, {});
    const auto dead = salvage->openDeadMessages(note, {});

    ASSERT_TRUE(waiting);
    ASSERT_TRUE(dead);
    EXPECT_EQ(waiting->unreadable + dead->unreadable, 0);
    EXPECT_THAT(sequences, ::testing::ElementsAre(1U, 2U, 1U, 2U));
    Database database = openDatabase(folder.data() / "store.db");
    EXPECT_EQ(versionIn(database), 2);
}

TEST(Migrations, ListsOfOpenLettersReadAnIndexAlone) {
    const TempFolder folder;
    Database database = openDatabase(folder.path() / "any.db");
    expectStored(migrate(database, 0, migrations()));

    for (const char* query :
         {"SELECT count(*) FROM dead_letters WHERE state < 2",
          "SELECT id FROM dead_letters WHERE state < 2 ORDER BY died_at DESC, id DESC",
          "SELECT id FROM dead_letters WHERE state < 2 ORDER BY thread, died_at, id",
          "SELECT cause, died_at FROM dead_letters WHERE state < 2 ORDER BY died_at",
          "SELECT type, died_at FROM dead_letters WHERE state < 2 ORDER BY died_at",
          "SELECT thread, died_at FROM dead_letters WHERE state < 2 ORDER BY thread",
          "SELECT id FROM dead_letters WHERE state < 2 AND error + cause + type + error_class + attempts + rounds + "
          "bytes"
          " > 7 ORDER BY died_at DESC, id DESC",
          "SELECT id FROM dead_letters WHERE state < 2 AND tenant = 'a' ORDER BY died_at DESC, id DESC",
          "SELECT error_code, count(*) FROM dead_letters WHERE state < 2 GROUP BY error_code"}) {
        auto plan = database.prepare(std::string("EXPLAIN QUERY PLAN ") + query);
        ASSERT_TRUE(plan);
        ASSERT_TRUE(*plan->step());
        EXPECT_THAT(plan->bytes(3), ::testing::HasSubstr("COVERING INDEX dead_open_by_")) << query;
        EXPECT_FALSE(*plan->step()) << query << " needs a second step: sorting";
    }
}

TEST(Migrations, CopiesTracesAndEntriesAreFoundByAnIndex) {
    const TempFolder folder;
    Database database = openDatabase(folder.path() / "any.db");
    expectStored(migrate(database, 0, migrations()));

    for (const auto& [query, index] :
         {std::pair("SELECT id FROM dead_letters WHERE copy_state = 1 ORDER BY id LIMIT 5", "dead_copy_pending"),
          std::pair("SELECT count(*) FROM dead_letters WHERE copy_state = 3", "dead_copy_refused"),
          std::pair("SELECT id FROM retries WHERE traceparent <> '' AND substr(traceparent, 4, 32) = ?1",
                    "retries_by_trace"),
          std::pair("SELECT coalesce(max(entry), 0) FROM retries WHERE entry > 0", "retries_by_entry"),
          std::pair("SELECT entry FROM dead_letters WHERE entry > 0 AND entry >= ?1 ORDER BY entry",
                    "dead_by_entry")}) {
        auto plan = database.prepare(std::string("EXPLAIN QUERY PLAN ") + query);
        ASSERT_TRUE(plan);
        ASSERT_TRUE(*plan->step());
        EXPECT_THAT(plan->bytes(3), ::testing::HasSubstr(index)) << query;
    }
}

TEST(Migrations, MissingStepsAloneAreApplied) {
    const TempFolder folder;
    Database database = openDatabase(folder.path() / "any.db");
    const std::array steps{Migration{1, "CREATE TABLE one (x); INSERT INTO one VALUES (5)"},
                           Migration{2, "ALTER TABLE one ADD COLUMN y DEFAULT 6"}};
    EXPECT_EQ(versionIn(database), 0);
    expectStored(migrate(database, 0, std::span(steps).first(1)));
    EXPECT_EQ(versionIn(database), 1);

    expectStored(migrate(database, 1, steps));
    expectStored(migrate(database, 2, steps));

    EXPECT_EQ(versionIn(database), 2);
    EXPECT_EQ(*database.queryInteger("SELECT x + y FROM one"), 11);
}

TEST(Migrations, StepThatFailsLeavesTheVersionBeforeIt) {
    const TempFolder folder;
    Database database = openDatabase(folder.path() / "any.db");
    const std::array steps{Migration{1, "CREATE TABLE one (x)"},
                           Migration{2, "CREATE TABLE two (x); INSERT INTO nowhere VALUES (1)"}};

    EXPECT_FALSE(migrate(database, 0, steps));

    EXPECT_EQ(versionIn(database), 1);
    EXPECT_EQ(*database.queryInteger("SELECT count(*) FROM sqlite_schema"), 1);
    EXPECT_FALSE(database.inTransaction());
}

} // namespace
} // namespace dashstream::store::test
