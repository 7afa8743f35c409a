// What is done to an audit log behind the program's back is found, and named; what the program does itself is not.
#include "core/care/audit.h"
#include "core/care/backup.h"
#include "core/care/check.h"
#include "core/store/audit_log_line.h"
#include "core/store/migrations.h"
#include "tests/core/care/test_profile.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

namespace dashstream::care::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = AuditFinding::Kind;

constexpr int kEntries = 6;

store::op::AppendAudit entryOf(int number) {
    const std::string text = std::to_string(number);
    return {{0, store::test::at(1'700'000'000'000'000 + number), "user" + text, "action" + text, "detail" + text,
             number, "filter" + text, "result" + text}};
}

auto finding(Kind kind, std::int64_t entry, const char* text = "") {
    return AllOf(Field(&AuditFinding::kind, kind), Field(&AuditFinding::entry, entry),
                 Field(&AuditFinding::text, HasSubstr(text)));
}

class Audit : public ::testing::Test {
protected:
    void SetUp() override {
        for (int number = 1; number <= kEntries; ++number) {
            append(number);
        }
        profile.close();
    }
    void append(int number) {
        profile.commit(entryOf(number));
        const auto head = (*store::StoreReader::open(profile.data()))->auditHead();
        ASSERT_TRUE(head);
        heads.push_back(*head);
    }
    /// As somebody would who may write the file and takes the triggers away first.
    void tamper(const std::string& sql) const {
        profileExecute("DROP TRIGGER IF EXISTS audit_not_changed; DROP TRIGGER IF EXISTS audit_not_deleted;"
                       "DROP TRIGGER IF EXISTS audit_not_replaced; " +
                       sql);
    }
    void profileExecute(const std::string& sql) const {
        sqlite3* handle = nullptr;
        ASSERT_EQ(sqlite3_open((profile.data() / "store.db").c_str(), &handle), SQLITE_OK);
        char* error = nullptr;
        EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
        sqlite3_close(handle);
    }
    /// Makes the hashes from this entry on anew, as somebody would who knows the encoding.
    void chainAnew(std::int64_t from) const {
        auto reader = store::StoreReader::open(profile.data());
        const auto store = (*reader)->auditHead()->store;
        std::string previous;
        std::string sql;
        const auto ids = (*reader)->auditIds({.order = store::SortOrder::Ascending});
        auto entries = (*reader)->auditRows(*ids);
        for (store::AuditEntry& entry : *entries) {
            if (entry.id >= from) {
                entry.hash = *store::auditHash(store, previous, entry);
                sql += "UPDATE audit SET hash = x'" + store::toHex(entry.hash) +
                       "' WHERE id = " + std::to_string(entry.id) + ";";
            }
            previous = entry.hash;
        }
        reader->reset();
        tamper(sql);
    }
    /// The application log with these heads, from the n-th to the m-th.
    std::vector<std::filesystem::path> log(std::size_t first, std::size_t last) {
        std::string text = "2026-11-23T20:48:41.000123Z info    app      dashstreamctl starts\n";
        for (std::size_t i = first; i <= last; ++i) {
            text += "2026-11-23T20:48:41.000123Z info    store    " + store::auditLogText(heads[i - 1]) + "\n" +
                    std::string(3000, 'x') + "\n";
        }
        dashstream::testing::writeFile(profile.file("app.log"), text);
        return {profile.file("app.log")};
    }
    AuditReport verify(const std::vector<std::filesystem::path>& logs = {}) {
        auto report = verifyAudit(profile.data(), logs, {});
        EXPECT_TRUE(report) << (report ? "" : report.error().text());
        return report ? *report : AuditReport{};
    }

    TestProfile profile;
    std::vector<store::AuditHead> heads;
};

TEST_F(Audit, WholeLogIsWholeAndTheApplicationLogAgrees) {
    const AuditReport report = verify(log(1, kEntries));

    EXPECT_TRUE(report.isWhole());
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_EQ(report.entries, kEntries);
    EXPECT_EQ(report.last, kEntries);
    EXPECT_EQ(report.head, heads.back().hash);
    EXPECT_EQ(report.log.files, 1);
    EXPECT_EQ(report.log.lines, kEntries);
    EXPECT_EQ(report.log.last, kEntries);
    EXPECT_EQ(report.log.otherStores, 0);
}

TEST_F(Audit, ChangeOfAnyFieldIsFoundWhereItIs) {
    for (const char* change :
         {"at = at + 1", "user = 'x'", "action = 'x'", "detail = detail || ' '", "count = 0", "filter = ''",
          "result = 'x'", "hash = x'00'", "count = count + 0.5", "detail = CAST(detail AS BLOB)"}) {
        TestProfile other;
        for (int number = 1; number <= 3; ++number) {
            other.commit(entryOf(number));
        }
        other.close();
        sqlite3* handle = nullptr;
        ASSERT_EQ(sqlite3_open((other.data() / "store.db").c_str(), &handle), SQLITE_OK);
        const std::string sql =
            std::string("DROP TRIGGER audit_not_changed; UPDATE audit SET ") + change + " WHERE id = 2";
        ASSERT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << change;
        sqlite3_close(handle);

        const auto report = verifyAudit(other.data(), {}, {});

        ASSERT_TRUE(report);
        EXPECT_FALSE(report->isWhole()) << change;
        ASSERT_FALSE(report->findings.empty()) << change;
        EXPECT_THAT(report->findings.front(), finding(Kind::Changed, 2, "entry 2 is not as it was written")) << change;
        EXPECT_EQ(report->found, std::string(change).starts_with("hash") ? 2 : 1) << change;
    }
}

TEST_F(Audit, ChangedLastEntryIsFound) {
    tamper("UPDATE audit SET user = 'x' WHERE id = 6");

    EXPECT_THAT(verify().findings, ElementsAre(finding(Kind::Changed, 6)));
}

TEST_F(Audit, EntriesRemovedInTheMiddleOrAtTheBeginningAreFound) {
    tamper("DELETE FROM audit WHERE id IN (1, 3, 4)");

    EXPECT_THAT(verify().findings, ElementsAre(finding(Kind::Removed, 2, "entry 1 is gone"),
                                               finding(Kind::Removed, 5, "entries 3 to 4 are gone")));
}

TEST_F(Audit, RemovedEntryWhosePlaceWasFilledIsFound) {
    tamper("DELETE FROM audit WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4; UPDATE audit SET id = 4 WHERE id = 5;"
           "UPDATE audit SET id = 5 WHERE id = 6; UPDATE sqlite_sequence SET seq = 5 WHERE name = 'audit'");

    const AuditReport report = verify();

    EXPECT_EQ(report.entries, 5);
    ASSERT_FALSE(report.isWhole());
    EXPECT_THAT(report.findings.front(), finding(Kind::Changed, 3));
}

TEST_F(Audit, SwappedEntriesAreFoundAsReordered) {
    tamper("UPDATE audit SET id = -1 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4;"
           "UPDATE audit SET id = 4 WHERE id = -1");

    EXPECT_THAT(verify().findings.front(), finding(Kind::Moved, 3, "stands as entry 4 now"));
}

TEST_F(Audit, EntriesWhoseContentsAloneAreSwappedAreFoundAsReordered) {
    const std::string fields = "at, user, action, detail, count, filter, result";
    tamper("CREATE TEMP TABLE kept AS SELECT * FROM audit WHERE id IN (2, 5);"
           "UPDATE audit SET (" +
           fields + ") = (SELECT " + fields +
           " FROM kept WHERE kept.id = 7 - audit.id)"
           " WHERE id IN (2, 5)");

    EXPECT_THAT(verify().findings.front(), finding(Kind::Moved, 2, "stands as entry 5 now"));
}

TEST_F(Audit, EntryPutInIsFound) {
    tamper("UPDATE audit SET id = 7 WHERE id = 6; UPDATE audit SET id = 6 WHERE id = 5; UPDATE audit SET id = 5 WHERE "
           "id = 4; INSERT INTO audit SELECT 4, at, 'x', action, detail, count, filter, result, hash FROM audit WHERE "
           "id = 3");

    EXPECT_THAT(verify().findings.front(), finding(Kind::Moved, 4, "stands as entry 5 now"));
}

TEST_F(Audit, EntryPutInBeforeTheFirstIsFoundAndTheRestFits) {
    tamper("INSERT INTO audit SELECT -4, at, 'x', action, detail, count, filter, result, hash FROM audit WHERE id = 3");

    EXPECT_THAT(verify().findings, ElementsAre(finding(Kind::Added, -4)));
}

TEST_F(Audit, CutEndIsFoundByTheNumbersThatWereGiven) {
    tamper("DELETE FROM audit WHERE id > 4");

    EXPECT_THAT(verify().findings, ElementsAre(finding(Kind::EndCut, 6, "none after 4")));
}

TEST_F(Audit, CutEndThatWasWrittenOnIsFound) {
    tamper("DELETE FROM audit WHERE id > 4");
    profile.commit(entryOf(9));
    profile.close();

    EXPECT_THAT(verify().findings, ElementsAre(finding(Kind::Removed, 7, "entries 5 to 6 are gone: cut off the end")));
}

TEST_F(Audit, CarefullyCutEndIsFoundByTheApplicationLogAlone) {
    tamper("DELETE FROM audit WHERE id > 4; UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit'");

    EXPECT_TRUE(verify().isWhole());
    const AuditReport silent = verify({profile.file("none.log")});
    EXPECT_TRUE(silent.isWhole());
    EXPECT_EQ(silent.log.files, 0);
    EXPECT_EQ(silent.log.lines, 0) << "the log says nothing about it";
    EXPECT_THAT(verify(log(2, 6)).findings,
                ElementsAre(finding(Kind::EndCut, 6, "the application log names entry 6, and there are none after 4")));
}

TEST_F(Audit, EmptiedLogIsFoundByTheApplicationLog) {
    tamper("DELETE FROM audit; DELETE FROM sqlite_sequence");

    EXPECT_TRUE(verify().isWhole());
    EXPECT_THAT(verify(log(1, 3)).findings, ElementsAre(finding(Kind::EndCut, 3)));
}

TEST_F(Audit, ChainMadeAnewIsFoundByTheApplicationLogAlone) {
    tamper("UPDATE audit SET user = 'somebody else' WHERE id = 5");
    chainAnew(5);

    EXPECT_TRUE(verify().isWhole());
    EXPECT_THAT(verify(log(1, 6)).findings, ElementsAre(finding(Kind::Rewritten, 5), finding(Kind::Rewritten, 6)));
}

TEST_F(Audit, EndThatTheApplicationLogDoesNotKnowYetIsNoFault) {
    const AuditReport report = verify(log(1, 4));

    EXPECT_TRUE(report.isWhole());
    EXPECT_EQ(report.log.last, 4);
    EXPECT_EQ(report.last, 6);
}

TEST_F(Audit, LinesAboutOtherStoresAreCountedOnly) {
    for (store::AuditHead& head : heads) {
        head.store += 1;
        head.id += 100;
    }

    const AuditReport report = verify(log(1, 6));

    EXPECT_TRUE(report.isWhole());
    EXPECT_EQ(report.log.lines, 0);
    EXPECT_EQ(report.log.otherStores, 6);
}

TEST_F(Audit, ManyPagesAreRead) {
    store::WriteBatch batch;
    for (int number = kEntries + 1; number <= 3500; ++number) {
        batch.add(entryOf(number));
    }
    profile.commit(std::move(batch));
    profile.close();
    EXPECT_EQ(verify().entries, 3500);
    EXPECT_TRUE(verify().isWhole());

    tamper("UPDATE audit SET id = -1 WHERE id = 1000; UPDATE audit SET id = 1000 WHERE id = 3400;"
           "UPDATE audit SET id = 3400 WHERE id = -1; UPDATE audit SET user = 'x' WHERE id > 1200 AND id <> 3400");

    const AuditReport report = verify();
    EXPECT_THAT(report.findings.front(), finding(Kind::Moved, 1000, "stands as entry 3400"));
    EXPECT_EQ(report.findings.size(), AuditReport::kFindingsKept);
    EXPECT_GE(report.found, 2300);
}

TEST_F(Audit, BackupKeepsTheChainAndItsGuards) {
    ASSERT_TRUE(backupProfile(profile.files(), profile.data(), profile.file("copy"), {}));

    const auto report = verifyAudit(profile.file("copy"), log(1, 6), {});
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->isWhole());
    EXPECT_EQ(report->entries, kEntries);
    EXPECT_EQ(report->head, heads.back().hash);
    EXPECT_EQ(report->log.lines, kEntries);
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open((profile.file("copy") / "store.db").c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, "DELETE FROM audit", nullptr, nullptr, nullptr), SQLITE_CONSTRAINT);
    sqlite3_close(handle);
}

TEST_F(Audit, StoreSetBackToAnOlderCopyIsFound) {
    ASSERT_TRUE(backupProfile(profile.files(), profile.data(), profile.file("copy"), {}));
    append(7);
    profile.close();

    const auto report = verifyAudit(profile.file("copy"), log(1, 7), {});

    ASSERT_TRUE(report);
    EXPECT_THAT(report->findings, ElementsAre(finding(Kind::EndCut, 7, "set back to an older copy")));
}

TEST_F(Audit, StoreInUseIsRead) {
    append(7);

    EXPECT_EQ(verify(log(1, 7)).entries, 7);
    EXPECT_TRUE(verify(log(1, 7)).isWhole());
}

TEST_F(Audit, DamagedTableIsAFindingNotAFailure) {
    tamper("ALTER TABLE audit RENAME COLUMN result TO outcome");

    EXPECT_THAT(verify().findings.front(), finding(Kind::Unreadable, 0, "cannot be read"));
}

TEST_F(Audit, StoreWithAnAuditLogIsWholeForStoreCheck) {
    const auto check = checkProfile(profile.files(), profile.data(), {});

    ASSERT_TRUE(check) << check.error().text();
    EXPECT_TRUE(check->isWhole());
}

TEST_F(Audit, CancelledReadingEndsWithItsOwnError) {
    CareOptions options;
    options.cancel.cancel();

    const auto report = verifyAudit(profile.data(), log(1, 6), options);

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().errorClass, ErrorClass::Cancelled);
}

TEST(AuditOfAnOldStore, IsSaidToHaveNoChainYet) {
    TestProfile profile;
    dashstream::testing::writeFile(profile.data() / "store.db", "");
    {
        auto database = store::Database::open(profile.data() / "store.db", store::Database::Mode::ReadWrite);
        ASSERT_TRUE(database && store::migrate(*database, 0, store::migrations().first(3)));
    }

    const auto report = verifyAudit(profile.data(), {}, {});

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, "store.old_version");
}

TEST(AuditOfNoStore, IsSaidInWords) {
    TestProfile profile;

    const auto report = verifyAudit(profile.data(), {}, {});

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, "store.missing");
}

} // namespace
} // namespace dashstream::care::test
