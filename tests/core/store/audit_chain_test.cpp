// The audit log's hash chain as the store writes it: its encoding, that it goes on through groups, failures, restarts
// and migrations, and that what is written cannot be changed by the way.
#include "core/store/audit_chain.h"
#include "core/store/audit_log_line.h"
#include "core/store/migrations.h"
#include "tests/core/store/faulty_vfs.h"
#include "tests/core/store/sample_rows.h"
#include "tests/core/store/store_support.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <future>
#include <sstream>

namespace dashstream::store::test {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

AuditEntry entryOf(const std::string& detail) {
    return {0, at(1'700'000'006'000'000), "ann", "dead.resend", detail, 3, "tenant = acme", "3 sent"};
}

op::AppendAudit append(const std::string& detail) {
    return {entryOf(detail)};
}

Database databaseIn(const std::filesystem::path& folder) {
    auto database = Database::open(folder / "store.db", Database::Mode::ReadWrite);
    EXPECT_TRUE(database);
    return std::move(*database);
}

/// The details of all entries, oldest first, after the chain was followed from the first one to the head.
std::vector<std::string> wholeChain(const std::filesystem::path& folder) {
    const auto reader = openReader(folder);
    const auto head = reader->auditHead();
    const auto rows = reader->auditRows(*reader->auditIds({.order = SortOrder::Ascending}));
    EXPECT_TRUE(head && rows);
    std::vector<std::string> details;
    std::string previous;
    for (const AuditEntry& entry : *rows) {
        EXPECT_EQ(entry.id, static_cast<std::int64_t>(details.size()) + 1);
        EXPECT_EQ(entry.hash, *auditHash(head->store, previous, entry)) << "entry " << entry.id;
        previous = entry.hash;
        details.push_back(entry.detail);
    }
    EXPECT_EQ(head->hash, previous);
    EXPECT_EQ(head->id, static_cast<std::int64_t>(details.size()));
    return details;
}

TEST(AuditChain, HashIsTheOneThatTheDocumentationDescribes) {
    AuditEntry first{1, at(1'700'000'006'000'000), "ann", "dead.resend", "job 1", 3};
    AuditEntry second{2,
                      at(1'700'000'007'000'000),
                      "b\0b"s,
                      "retries.give_up",
                      "é",
                      -1,
                      "error ~ \"timeout\"",
                      "2 given up, 1 stays"};

    first.hash = auditHash(-2, "", first).value_or("");
    second.hash = auditHash(-2, first.hash, second).value_or("");

    // Made by another program from the documentation alone.
    EXPECT_EQ(toHex(first.hash), "63fbbcd36197767f719ccc2dc96e153ceed0bdb4ee0410b24d16e4b671dfde10");
    EXPECT_EQ(toHex(second.hash), "91845733f45a83e2bf0f458f1f00f3ea62bfad0c3e3cd39010645141832e1cdf");
}

TEST(AuditChain, TextCannotMoveFromOneFieldToTheNext) {
    AuditEntry one = entryOf("");
    one.user = "ab";
    one.action = "c";
    AuditEntry other = one;
    other.user = "a";
    other.action = "bc";

    EXPECT_NE(*auditHash(1, "", one), *auditHash(1, "", other));
}

TEST(AuditChain, GoesOnThroughBatchesGroupsAndRestarts) {
    const TempFolder folder;
    {
        const auto store = openStore(folder.data());
        EXPECT_EQ(store->summary().audit.id, 0);
        expectStored(store->commit(batchOf(append("a"), append("b"))));
        expectStored(store->commit(batchOf(append("c"))));
    }
    const auto store = openStore(folder.data());
    expectStored(store->commit(batchOf(append("d"))));

    EXPECT_THAT(wholeChain(folder.data()), ElementsAre("a", "b", "c", "d"));
    EXPECT_EQ(store->summary().audit.id, 3) << "as found at open";
    const AuditEntry kept = openReader(folder.data())->audit(1)->front();
    EXPECT_EQ(kept.filter, "tenant = acme");
    EXPECT_EQ(kept.result, "3 sent");
}

TEST(AuditChain, BatchThatFailsAmongOthersLeavesNoLink) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    std::promise<void> gate;
    const std::shared_future<void> opened = gate.get_future().share();
    store->submit(batchOf(append("first")), [opened](const Result<void>&) { opened.wait(); });
    Result<void> failed;
    store->submit(batchOf(append("before")), {});
    store->submit(batchOf(append("bad"), op::SetDeadState{DeadLetterId(77)}),
                  [&failed](Result<void> result) { failed = std::move(result); });
    store->submit(batchOf(append("after")), {});
    gate.set_value();
    store->close();

    EXPECT_FALSE(failed);
    EXPECT_THAT(wholeChain(folder.data()), ElementsAre("first", "before", "after"));
}

TEST(AuditChain, CommitThatFailsAnywhereLeavesNoLink) {
    for (const auto& [call, code] :
         {std::pair(FaultyVfs::Call::Write, SQLITE_FULL), std::pair(FaultyVfs::Call::Sync, SQLITE_IOERR_FSYNC)}) {
        int places = 0;
        for (int nth = 1, failures = 1; failures > 0; ++nth) {
            const TempFolder folder;
            FaultyVfs vfs;
            std::vector<std::int64_t> told;
            StoreOptions options{vfs.name()};
            options.auditGrew = [&told](const AuditHead& head) { told.push_back(head.id); };
            const auto store = openStore(folder.data(), options);
            expectStored(store->commit(batchOf(append("before"))));

            vfs.failFrom(call, "-wal", nth, code, 1);
            const bool stored = store->commit(batchOf(append("ill"), append("ill"))).has_value();
            failures = vfs.failed();
            vfs.heal();
            expectStored(store->commit(batchOf(append("after"))));
            store->close();

            ASSERT_TRUE(stored || failures > 0);
            places += stored ? 0 : 1;
            const std::vector<std::string> expected = stored ? std::vector<std::string>{"before", "ill", "ill", "after"}
                                                             : std::vector<std::string>{"before", "after"};
            EXPECT_EQ(wholeChain(folder.data()), expected) << "place " << nth;
            EXPECT_EQ(told, stored ? (std::vector<std::int64_t>{1, 3, 4}) : (std::vector<std::int64_t>{1, 2}));
        }
        EXPECT_GT(places, 0);
    }
}

TEST(AuditChain, HeadIsToldOnceACommitBeforeWhoeverWaitsForIt) {
    const TempFolder folder;
    std::vector<AuditHead> told;
    StoreOptions options;
    options.auditGrew = [&told](const AuditHead& head) { told.push_back(head); };
    const auto store = openStore(folder.data(), options);

    expectStored(store->commit(batchOf(op::PutRetry{sampleRetry(1)})));
    EXPECT_TRUE(told.empty());
    expectStored(store->commit(batchOf(append("a"), append("b"))));

    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].id, 2);
    EXPECT_EQ(told[0].hash, openReader(folder.data())->audit(1)->front().hash);
    EXPECT_EQ(told[0].store, openReader(folder.data())->auditHead()->store);
}

TEST(AuditChain, StoresHaveNumbersOfTheirOwn) {
    const TempFolder one;
    const TempFolder other;

    EXPECT_NE(openStore(one.data())->summary().audit.store, openStore(other.data())->summary().audit.store);
}

TEST(AuditChain, EntriesAreNeitherChangedNorDeletedNorReplaced) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    expectStored(store->commit(batchOf(append("a"), append("b"))));
    Database database = databaseIn(folder.data());

    for (const char* sql :
         {"UPDATE audit SET detail = 'x' WHERE id = 1", "DELETE FROM audit WHERE id = 2", "DELETE FROM audit",
          "INSERT OR REPLACE INTO audit SELECT id, at, user, action, 'x', count, filter, result, hash FROM audit"}) {
        const auto done = database.execute(sql);
        ASSERT_FALSE(done) << sql;
        EXPECT_EQ(done.error().code, "store.constraint");
        EXPECT_THAT(done.error().message, HasSubstr("entries of the audit log are not ")) << sql;
    }
    EXPECT_THAT(wholeChain(folder.data()), ElementsAre("a", "b"));
}

TEST(AuditChain, NumberOfAnEntryThatWasCutOffIsNotGivenAgain) {
    const TempFolder folder;
    {
        const auto store = openStore(folder.data());
        expectStored(store->commit(batchOf(append("a"), append("b"))));
    }
    expectStored(databaseIn(folder.data()).execute("DROP TRIGGER audit_not_deleted; DELETE FROM audit WHERE id = 2"));
    const auto store = openStore(folder.data());

    expectStored(store->commit(batchOf(append("c"))));

    EXPECT_EQ(openReader(folder.data())->audit(1)->front().id, 3);
}

TEST(AuditChain, EntriesOfAnOldStoreAreChained) {
    const TempFolder folder;
    std::filesystem::create_directory(folder.data());
    std::ofstream(folder.data() / "store.db").flush();
    {
        const char* source = std::getenv("DASHSTREAM_SOURCE_DIR");
        std::stringstream sql;
        sql << std::ifstream(std::filesystem::path(source == nullptr ? "." : source) /
                             "tests/core/store/fixtures/version_1.sql")
                   .rdbuf();
        Database database = databaseIn(folder.data());
        expectStored(database.execute(sql.str()));
        expectStored(
            database.execute("WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
                             "INSERT INTO audit SELECT i, 1700000006000000 + i, 'operator', 'x', i, i FROM n"));
    }
    const auto store = openStore(folder.data());

    expectStored(store->commit(batchOf(append("new"))));

    const auto details = wholeChain(folder.data());
    ASSERT_EQ(details.size(), 2501U);
    EXPECT_EQ(details.front(), "2 letters");
    EXPECT_EQ(details[2499], "2500");
    EXPECT_EQ(details.back(), "new");
    EXPECT_FALSE(databaseIn(folder.data()).execute("UPDATE audit SET count = 0 WHERE id = 1"));
}

TEST(AuditChain, ListIsCutByTimeAndNumberInEitherOrder) {
    const TempFolder folder;
    const auto store = openStore(folder.data());
    WriteBatch batch;
    for (int i = 1; i <= 5; ++i) {
        AuditEntry entry = entryOf(std::to_string(i));
        entry.at = at(i * 1000);
        batch.add(op::AppendAudit{entry});
    }
    expectStored(store->commit(std::move(batch)));
    const auto reader = openReader(folder.data());

    EXPECT_THAT(*reader->auditIds({}), ElementsAre(5, 4, 3, 2, 1));
    EXPECT_THAT(*reader->auditIds({.since = at(3000)}), ElementsAre(5, 4, 3));
    EXPECT_THAT(*reader->auditIds({.since = at(2001), .order = SortOrder::Ascending, .limit = 2}), ElementsAre(3, 4));
}

TEST(AuditLogLine, IsFoundAgainInTheLog) {
    const AuditHead head{.store = -2, .id = 17, .hash = std::string("\0\x01\xff", 3) + std::string(29, 'x')};

    const auto found = auditHeadIn("2026-11-23T20:48:41.000123Z info    store    " + auditLogText(head));

    EXPECT_EQ(auditLogText(head),
              "audit: entry 17, head 0001ff7878787878787878787878787878787878787878787878787878787878"
              ", store fffffffffffffffe");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->store, -2);
    EXPECT_EQ(found->id, 17);
    EXPECT_EQ(found->hash, head.hash);
}

TEST(AuditLogLine, TextThatOnlyQuotesOneIsNone) {
    const std::string before = "2026-11-23T20:48:41.000123Z info    ";
    const std::string said = auditLogText({.store = 5, .id = 1, .hash = std::string(32, 'x')});

    ASSERT_TRUE(auditHeadIn(before + "store    " + said));
    for (const std::string& line :
         {before + "engine   " + said, before + "store    thread " + said, before + "store    " + said + " x", said,
          before + "store    " + said.substr(0, said.size() - 1), ""s, before + "store    audit: entry 0, head "}) {
        EXPECT_FALSE(auditHeadIn(line)) << line;
    }
}

} // namespace
} // namespace dashstream::store::test
