// dead discard and dead restore as an operator calls them: on the store itself, and through the process that holds it.
#include "core/control/control_client.h"
#include "tests/app/ctl_program.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>

#include <csignal>

namespace dashstream::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

/// A demo profile with three dead letters.
class DeadDiscard : public ::testing::Test {
protected:
    void SetUp() override {
        const ProgramResult died = letDie(ctl, eventLine(1) + eventLine(2) + eventLine(3));
        ASSERT_EQ(jsonOf(died)["dead"], 3) << died.describe();
    }
    [[nodiscard]] ProgramResult run(std::vector<std::string> command) const {
        command.insert(command.begin(), {"--demo", "--json"});
        return ctl.run(command);
    }
    [[nodiscard]] json listed(const std::string& state) const {
        return jsonOf(run({"dead", "list", "--state", state}));
    }
    [[nodiscard]] json audit(const std::string& action) const {
        json found = json::array();
        for (const json& entry : jsonOf(run({"audit", "list"}))) {
            if (entry["action"] == action) {
                found.push_back(entry);
            }
        }
        return found;
    }
    void hold() {
        holder = ctl.start({"--demo", "--json", "produce", "-"}, true);
        ASSERT_TRUE(holder);
        ASSERT_TRUE(waitUntil([this] { return control::ControlClient::connect(ctl.dataFolder("demo")).has_value(); },
                              kPatience));
    }
    [[nodiscard]] json accounting() const { return jsonOf(run({"status"}))["accounting"]; }

    CtlProgram ctl;
    std::unique_ptr<Process> holder;
};

TEST_F(DeadDiscard, WithoutAHolderItIsDoneOnTheStoreAndTakenBack) {
    const ProgramResult dry = run({"dead", "discard", "--all", "--dry-run"});
    EXPECT_EQ(jsonOf(dry)["total"], 3) << dry.describe();
    EXPECT_EQ(listed("open").size(), 3U) << "a dry run changes nothing";

    const ProgramResult one = run({"dead", "discard", "--where", "thread = t-2", "--reason", "load test", "--yes"});

    EXPECT_EQ(one.exitCode, 0) << one.describe();
    EXPECT_EQ(jsonOf(one)["discarded"], 1) << one.describe();
    const json gone = listed("discarded");
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone[0]["thread"], "t-2");
    EXPECT_EQ(gone[0]["discarded"]["reason"], "load test");
    EXPECT_NE(gone[0]["discarded"]["by"], "");
    EXPECT_GT(gone[0]["discarded"]["restorable_until"], gone[0]["discarded"]["at"]);
    EXPECT_EQ(listed("open").size(), 2U);
    EXPECT_EQ(listed("open")[0]["discarded"], nullptr);
    const std::string id = std::to_string(gone[0]["id"].get<int>());
    EXPECT_THAT(ctl.run({"--demo", "dead", "show", id}).out, HasSubstr("load test; can be restored until "));
    EXPECT_THAT(ctl.run({"--demo", "dead", "list", "--state", "discarded"}).out, HasSubstr("load test"));
    const json entries = audit("dead.discard");
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0]["count"], 1);
    EXPECT_EQ(entries[0]["filter"], "thread = t-2");
    EXPECT_EQ(entries[0]["detail"], "load test");
    EXPECT_EQ(entries[0]["result"], "discarded 1");
    EXPECT_EQ(entries[0]["user"], gone[0]["discarded"]["by"]);

    const ProgramResult back = run({"dead", "restore", "--id", id, "--yes"});

    EXPECT_EQ(back.exitCode, 0) << back.describe();
    EXPECT_EQ(jsonOf(back)["restored"], 1) << back.describe();
    EXPECT_EQ(listed("open").size(), 3U);
    EXPECT_EQ(audit("dead.restore").size(), 1U);
    EXPECT_EQ(run({"audit", "verify"}).exitCode, 0);
    EXPECT_EQ(run({"dead", "restore", "--id", id, "--yes"}).exitCode, 2) << "it is not discarded any more";
}

TEST_F(DeadDiscard, NothingHappensWithoutAReasonASelectionOrAYes) {
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"--all", "--yes"},
                                               {"--all", "--yes", "--reason", "  "},
                                               {"--all", "--yes", "--reason", std::string(501, 'x')},
                                               {"--all", "--yes", "--reason", "two\nlines"},
                                               {"--yes", "--reason", "x"},
                                               {"--all", "--reason", "x"},
                                               {"--id", "77", "--yes", "--reason", "x"},
                                               {"--where", "no such field = 1 =", "--yes", "--reason", "x"}}) {
        std::vector<std::string> command{"dead", "discard"};
        command.insert(command.end(), words.begin(), words.end());
        const ProgramResult result = run(command);
        EXPECT_EQ(result.exitCode, 2) << result.describe();
        EXPECT_NE(result.err, "");
    }
    EXPECT_EQ(listed("open").size(), 3U);
    EXPECT_EQ(audit("dead.discard").size(), 0U);
    EXPECT_THAT(run({"dead", "discard", "--all", "--yes"}).err, HasSubstr("needs a reason"));
}

TEST_F(DeadDiscard, ThroughTheHolderItsBooksFollow) {
    hold();
    const json before = accounting();
    EXPECT_EQ(before["dead"], 3);

    const ProgramResult result = run({"dead", "discard", "--id", "1-2", "--reason", "no use", "--yes"});

    EXPECT_EQ(result.exitCode, 0) << result.describe();
    EXPECT_EQ(jsonOf(result)["discarded"], 2);
    EXPECT_TRUE(waitUntil([this] { return accounting()["discarded"] == 2; }, kPatience));
    EXPECT_EQ(accounting()["dead"], 1);
    EXPECT_EQ(accounting()["balanced"], true);
    EXPECT_EQ(run({"dead", "restore", "--all", "--yes"}).exitCode, 0);
    EXPECT_TRUE(waitUntil([this] { return accounting()["dead"] == 3; }, kPatience));
    EXPECT_EQ(run({"dead", "discard", "--id", "3", "--reason", "no use", "--yes"}).exitCode, 0);

    holder->sendSignal(SIGTERM);
    const ProgramResult end = holder->wait(kPatience);
    EXPECT_EQ(jsonOf(end)["balanced"], true) << end.describe();
    EXPECT_EQ(jsonOf(end)["discarded"], 1) << end.describe();
    EXPECT_EQ(audit("dead.discard").size(), 2U);
    EXPECT_EQ(run({"audit", "verify"}).exitCode, 0) << "the holder's log has the head, too";
}

TEST_F(DeadDiscard, BooksHoldAfterTheHolderIsKilled) {
    hold();
    ASSERT_EQ(run({"dead", "discard", "--id", "1-2", "--reason", "no use", "--yes"}).exitCode, 0);

    holder->sendSignal(SIGKILL);
    static_cast<void>(holder->wait(kPatience));
    hold();

    ASSERT_TRUE(waitUntil([this] { return accounting()["carried_in"] == 3; }, kPatience));
    EXPECT_EQ(accounting()["dead"], 1);
    EXPECT_EQ(accounting()["discarded"], 2);
    EXPECT_EQ(accounting()["balanced"], true);
    EXPECT_EQ(jsonOf(run({"dead", "restore", "--id", "2", "--yes"}))["restored"], 1);
    EXPECT_TRUE(waitUntil([this] { return accounting()["dead"] == 2; }, kPatience));
    EXPECT_EQ(accounting()["balanced"], true);
}

} // namespace
} // namespace dashstream::testing
