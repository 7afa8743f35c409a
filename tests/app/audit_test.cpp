// audit list, verify and export, as an operator calls them, and after somebody wrote into the store meanwhile.
#include "core/store/audit_log_line.h"
#include "tests/app/ctl_program.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <csignal>
#include <sstream>

namespace dashstream::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

/// A demo profile whose operator forgot two threads.
class AuditCommand : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(ctl.run({"--demo", "produce", "-"}, eventLine(1) + eventLine(2) + eventLine(3)).exitCode, 0);
        for (const char* thread : {"t-1", "t-2"}) {
            const ProgramResult forgot = run({"sequences", "forget", "--thread", thread, "--yes"});
            ASSERT_EQ(forgot.exitCode, 0) << forgot.describe();
        }
    }
    [[nodiscard]] ProgramResult run(std::vector<std::string> command) const {
        command.insert(command.begin(), "--demo");
        return ctl.run(command);
    }
    void tamper(const std::string& sql) const {
        sqlite3* handle = nullptr;
        ASSERT_EQ(sqlite3_open((ctl.dataFolder("demo") / "store.db").c_str(), &handle), SQLITE_OK);
        const std::string all = "DROP TRIGGER audit_not_changed; DROP TRIGGER audit_not_deleted; " + sql;
        EXPECT_EQ(sqlite3_exec(handle, all.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
        sqlite3_close(handle);
    }
    [[nodiscard]] std::filesystem::path log() const { return ctl.file(".local/state/dashstream/demo.log"); }

    const CtlProgram ctl;
};

TEST_F(AuditCommand, ListSaysWhoDidWhatNewestFirst) {
    const json all = jsonOf(run({"--json", "audit", "list"}));
    const json one = jsonOf(run({"--json", "audit", "list", "--limit", "1"}));
    const ProgramResult text = run({"audit", "list", "--since", "1h"});

    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0]["id"], 2);
    EXPECT_EQ(all[0]["action"], "sequences.forget");
    EXPECT_EQ(all[0]["count"], 1);
    EXPECT_EQ(all[0]["filter"], "");
    EXPECT_EQ(all[0]["hash"].get<std::string>().size(), 64U);
    EXPECT_NE(all[0]["user"], "");
    EXPECT_EQ(one, json::array({all[0]}));
    EXPECT_THAT(text.out, HasSubstr("t-2 (next was 2)"));
    EXPECT_EQ(jsonOf(run({"--json", "audit", "list", "--since", "9999-01-01"})), json::array());
    EXPECT_EQ(run({"audit", "list", "--since", "soon"}).exitCode, 2);
}

TEST_F(AuditCommand, WholeLogIsWholeAndTheApplicationLogHasItsHead) {
    const ProgramResult text = run({"audit", "verify"});
    const ProgramResult result = run({"--json", "audit", "verify"});

    EXPECT_EQ(text.exitCode, 0) << text.describe();
    EXPECT_THAT(text.out, HasSubstr("The audit log is whole: 2 entries, head "));
    EXPECT_THAT(text.out, HasSubstr("has 2 lines about it, up to entry 2"));
    EXPECT_EQ(result.exitCode, 0) << result.describe();
    const json report = jsonOf(result);
    EXPECT_EQ(report["whole"], true);
    EXPECT_EQ(report["head"], jsonOf(run({"--json", "audit", "list"}))[0]["hash"]);
    EXPECT_EQ(report["log"]["lines"], 2);
    EXPECT_THAT(readFile(log()), HasSubstr("audit: entry 2, head " + report["head"].get<std::string>() + ", store " +
                                           report["store"].get<std::string>() + "\n"));
}

TEST_F(AuditCommand, ChangedEntryIsExitCodeOneWithItsNumber) {
    tamper("UPDATE audit SET user = 'somebody' WHERE id = 1");

    const ProgramResult result = run({"--json", "audit", "verify"});
    const ProgramResult text = run({"audit", "verify"});

    EXPECT_EQ(result.exitCode, 1) << result.describe();
    const json report = jsonOf(result);
    EXPECT_EQ(report["whole"], false);
    ASSERT_EQ(report["findings"].size(), 1U) << result.describe();
    EXPECT_EQ(report["findings"][0]["kind"], "changed");
    EXPECT_EQ(report["findings"][0]["entry"], 1);
    EXPECT_EQ(text.exitCode, 1);
    EXPECT_THAT(text.out, HasSubstr("NOT AS IT WAS WRITTEN: 2 entries, 1 thing found\n  entry 1 is not as"));
    EXPECT_THAT(text.err, HasSubstr("Keep a copy of "));
}

TEST_F(AuditCommand, CutEndIsFoundByTheLogAlsoAfterItWasRotated) {
    tamper("DELETE FROM audit WHERE id = 2; UPDATE sqlite_sequence SET seq = 1 WHERE name = 'audit'");
    std::filesystem::rename(log(), log().parent_path() / "demo.1.log");
    writeFile(log(), "");

    const ProgramResult result = run({"--json", "audit", "verify"});

    EXPECT_EQ(result.exitCode, 1) << result.describe();
    EXPECT_EQ(jsonOf(result)["findings"][0]["kind"], "end_cut") << result.describe();
    EXPECT_EQ(jsonOf(result)["findings"][0]["entry"], 2) << result.describe();
    std::filesystem::remove(log().parent_path() / "demo.1.log");
    const ProgramResult silent = run({"audit", "verify"});
    EXPECT_EQ(silent.exitCode, 0) << silent.describe();
    EXPECT_THAT(silent.out, HasSubstr("says nothing about it"));
}

TEST_F(AuditCommand, LogThatIsKeptElsewhereIsComparedOnRequest) {
    std::filesystem::rename(log(), ctl.file("kept.log"));
    tamper("DELETE FROM audit; DELETE FROM sqlite_sequence");

    const ProgramResult kept = run({"audit", "verify", "--log", ctl.file("kept.log").string()});

    EXPECT_EQ(run({"audit", "verify"}).exitCode, 0);
    EXPECT_EQ(kept.exitCode, 1) << kept.describe();
    EXPECT_EQ(run({"audit", "verify", "--log", ctl.file("none.log").string()}).exitCode, 2);
}

TEST_F(AuditCommand, NoStoreIsExitCodeTwo) {
    for (const char* verb : {"verify", "list"}) {
        EXPECT_EQ(ctl.run({"--demo", "--data-dir", ctl.file("none").string(), "audit", verb}).exitCode, 2) << verb;
    }
}

TEST_F(AuditCommand, ExportHoldsAllThatTheHashesCover) {
    const std::string file = ctl.file("audit.jsonl").string();

    const ProgramResult saved = run({"--json", "audit", "export", file});
    const ProgramResult piped = run({"audit", "export", "-"});

    EXPECT_EQ(jsonOf(saved)["entries"], 2) << saved.describe();
    EXPECT_EQ(readFile(file), piped.out);
    std::istringstream lines(piped.out);
    std::string previous;
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const json object = json::parse(line);
        const store::AuditEntry entry{object["id"],     utcFromMicros(object["at_us"]),
                                      object["user"],   object["action"],
                                      object["detail"], object["count"],
                                      object["filter"], object["result"]};
        const auto number = static_cast<std::int64_t>(std::stoull(object["store"].get<std::string>(), nullptr, 16));
        previous = store::auditHash(number, previous, entry).value_or("");
        EXPECT_EQ(store::toHex(previous), object["hash"]) << line;
    }
    EXPECT_EQ(count, 2);
    EXPECT_EQ(run({"audit", "export", file}).exitCode, 2) << "it is there already";
}

TEST_F(AuditCommand, HostileTextReachesNoTerminalAndLosesNoByteInAnExport) {
    tamper(R"(UPDATE audit SET user = char(27) || '[31m', detail = CAST(x'ff41' AS TEXT) WHERE id = 1)");

    const ProgramResult listed = run({"audit", "list"});
    const ProgramResult saved = run({"audit", "export", "-"});

    EXPECT_THAT(listed.out, Not(HasSubstr("\x1b")));
    EXPECT_THAT(listed.out, HasSubstr("\\x1b[31m"));
    EXPECT_THAT(saved.out, HasSubstr(R"("detail_base64":"/0E=")"));
    EXPECT_THAT(saved.out, HasSubstr(R"("user":"\u001b[31m")"));
}

TEST_F(AuditCommand, HolderSaysItsHeadAtOnceAndAtItsStart) {
    const auto holder = ctl.start({"--demo", "produce", "-"}, true);
    ASSERT_TRUE(holder && holder->feed(eventLine(1)));
    const auto delivered = [this] {
        const json status = jsonOf(run({"--json", "status"}));
        return status.is_object() && status.value("live", false) && status["accounting"].value("delivered", 0) == 1;
    };
    ASSERT_TRUE(waitUntil(delivered, kPatience)) << holder->err();

    const json started = jsonOf(run({"--json", "audit", "verify"}));
    const ProgramResult forgot = run({"sequences", "forget", "--thread", "t-1", "--yes"});
    const ProgramResult result = run({"--json", "audit", "verify"});
    holder->sendSignal(SIGTERM);

    EXPECT_EQ(started["log"]["lines"], 3);
    EXPECT_EQ(started["log"]["last"], 2);
    EXPECT_EQ(forgot.exitCode, 0) << forgot.describe();
    EXPECT_EQ(result.exitCode, 0) << result.describe();
    EXPECT_EQ(jsonOf(result)["entries"], 3) << result.describe();
    EXPECT_EQ(jsonOf(result)["log"]["last"], 3) << result.describe();
    EXPECT_FALSE(holder->wait(kPatience).timedOut);
}

} // namespace
} // namespace dashstream::testing
