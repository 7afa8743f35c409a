// dead export and dead import through the program itself: with and without a process that holds the store.
#include "core/control/control_client.h"
#include "tests/app/ctl_program.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <sstream>

namespace dashstream::testing {
namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

void put(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

class Exchange : public ::testing::Test {
protected:
    /// Three dead letters in profile demo, and their lines in a file.
    void SetUp() override {
        ASSERT_EQ(letDie(m_from, eventLine(1) + eventLine(2) + eventLine(3)).exitCode, 1);
        const ProgramResult result = m_from.run({"--demo", "--json", "dead", "export", "--all", letters().string()});
        ASSERT_EQ(result.exitCode, 0) << result.describe();
        ASSERT_EQ(jsonOf(result)["exported"], 3) << result.describe();
        m_lines = readFile(letters());
    }

    [[nodiscard]] std::filesystem::path letters() const { return m_from.file("letters.jsonl"); }
    [[nodiscard]] std::string allOf(const CtlProgram& ctl) const {
        return ctl.run({"--demo", "dead", "export", "--all", "-"}).out;
    }
    /// The newest entry of the audit log.
    [[nodiscard]] static nlohmann::json lastAudit(const CtlProgram& ctl) {
        return jsonOf(ctl.run({"--demo", "--json", "audit", "list", "--limit", "1"})).at(0);
    }

    CtlProgram m_from;
    CtlProgram m_to;
    std::string m_lines;
};

TEST_F(Exchange, GoesToAnotherProfileAndComesBackByteForByte) {
    struct stat facts {};
    ASSERT_EQ(::stat(letters().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    EXPECT_EQ(lastAudit(m_from)["action"], "dead.export");
    EXPECT_EQ(lastAudit(m_from)["count"], 3);

    const ProgramResult result = m_to.run({"--demo", "--json", "dead", "import", letters().string(), "--yes"});

    EXPECT_EQ(result.exitCode, 0) << result.describe();
    EXPECT_EQ(jsonOf(result)["imported"], 3) << result.describe();
    EXPECT_EQ(allOf(m_to), m_lines);
    const auto entry = jsonOf(m_to.run({"--demo", "--json", "audit", "list", "--limit", "2"})).at(1);
    EXPECT_EQ(entry["action"], "dead.import") << entry;
    EXPECT_EQ(entry["count"], 3);
    EXPECT_TRUE(has(entry["detail"], "letters.jsonl")) << entry;
    EXPECT_EQ(m_to.run({"--demo", "audit", "verify"}).exitCode, 0);
    const auto again = jsonOf(m_to.run({"--demo", "--json", "dead", "import", letters().string(), "--yes"}));
    EXPECT_EQ(again["imported"], 0) << again;
    EXPECT_EQ(again["known"], 3) << again;
    EXPECT_EQ(allOf(m_to), m_lines);
}

TEST_F(Exchange, ChoosesByIdAndByFilter) {
    const ProgramResult one = m_from.run({"--demo", "dead", "export", "--id", "2", "-"});
    EXPECT_EQ(one.exitCode, 0) << one.describe();
    EXPECT_EQ(one.out, m_lines.substr(m_lines.find('\n') + 1, one.out.size()));
    EXPECT_EQ(std::count(one.out.begin(), one.out.end(), '\n'), 1);
    const ProgramResult found = m_from.run({"--demo", "dead", "export", "--where", "thread = t-1", "-"});
    EXPECT_TRUE(has(found.out, R"("thread":"t-1")")) << found.describe();
    EXPECT_EQ(std::count(found.out.begin(), found.out.end(), '\n'), 1);
    EXPECT_EQ(lastAudit(m_from)["filter"], "thread = t-1");
    EXPECT_EQ(m_from.run({"--demo", "dead", "export", "-"}).exitCode, 2) << "nothing is chosen";
    EXPECT_EQ(m_from.run({"--demo", "dead", "export", "--all", "--id", "1", "-"}).exitCode, 2);
    EXPECT_EQ(m_from.run({"--demo", "dead", "export", "--id", "99", "-"}).exitCode, 2);
    EXPECT_EQ(m_from.run({"--demo", "--json", "dead", "export", "--all", "-"}).exitCode, 2) << "both to stdout";
}

TEST_F(Exchange, NeverOverwritesWithoutBeingAsked) {
    const ProgramResult refused = m_from.run({"--demo", "dead", "export", "--id", "1", letters().string()});
    EXPECT_EQ(refused.exitCode, 2) << refused.describe();
    EXPECT_EQ(readFile(letters()), m_lines);

    const ProgramResult asked = m_from.run({"--demo", "dead", "export", "--id", "1", letters().string(), "--replace"});

    EXPECT_EQ(asked.exitCode, 0) << asked.describe();
    EXPECT_EQ(readFile(letters()), m_lines.substr(0, m_lines.find('\n') + 1));
}

TEST_F(Exchange, SaysWhatItWouldDoAndAsksFirst) {
    const ProgramResult dry = m_to.run({"--demo", "--json", "dead", "import", "-", "--dry-run"}, m_lines);
    EXPECT_EQ(dry.exitCode, 0) << dry.describe();
    EXPECT_EQ(jsonOf(dry)["new"], 3) << dry.describe();
    EXPECT_EQ(jsonOf(dry)["open"], 3);
    EXPECT_FALSE(std::filesystem::exists(m_to.dataFolder("demo") / "store.db"));

    const ProgramResult unasked = m_to.run({"--demo", "dead", "import", "-"}, m_lines);

    EXPECT_EQ(unasked.exitCode, 2) << unasked.describe();
    EXPECT_TRUE(has(unasked.err, "--yes")) << unasked.err;
    EXPECT_FALSE(std::filesystem::exists(m_to.dataFolder("demo") / "store.db"));
}

TEST_F(Exchange, AWrongLineIsToldAndNothingIsImported) {
    std::string wrong = m_lines;
    wrong.replace(wrong.rfind("\"rounds\":0"), 10, "\"rounds\":x");
    put(m_to.file("wrong.jsonl"), wrong);

    const ProgramResult refused = m_to.run({"--demo", "dead", "import", m_to.file("wrong.jsonl").string(), "--yes"});

    EXPECT_EQ(refused.exitCode, 2) << refused.describe();
    EXPECT_TRUE(has(refused.err, "wrong.jsonl, line 3: it is no JSON from byte ")) << refused.err;
    EXPECT_TRUE(has(refused.err, "Nothing was imported")) << refused.err;
    EXPECT_FALSE(std::filesystem::exists(m_to.dataFolder("demo") / "store.db"));
    const ProgramResult dry =
        m_to.run({"--demo", "--json", "dead", "import", m_to.file("wrong.jsonl").string(), "--dry-run"});
    EXPECT_EQ(dry.exitCode, 1) << dry.describe();
    EXPECT_EQ(jsonOf(dry)["problems"][0]["line"], 3) << dry.describe();
    const ProgramResult rest = m_to.run(
        {"--demo", "--json", "dead", "import", m_to.file("wrong.jsonl").string(), "--leave-out-wrong", "--yes"});
    EXPECT_EQ(rest.exitCode, 1) << rest.describe();
    EXPECT_EQ(jsonOf(rest)["imported"], 2) << rest.describe();
    EXPECT_TRUE(m_lines.starts_with(allOf(m_to)));
}

TEST_F(Exchange, GoesThroughTheProcessThatHoldsTheStoreAndTheBooksBalance) {
    const auto holder = m_to.start({"--demo", "--json", "produce", "-"}, true);
    ASSERT_TRUE(holder);
    const auto status = [this] { // while the holder starts there may be none
        const auto answer = jsonOf(m_to.run({"--demo", "--json", "status"}));
        return answer.is_object() ? answer : nlohmann::json{{"live", false}, {"accounting", nlohmann::json::object()}};
    };
    ASSERT_TRUE(waitUntil([&] { return status().value("live", false); }, kPatience)) << holder->err();
    ASSERT_TRUE(holder->feed(eventLine(1)));
    ASSERT_TRUE(waitUntil([&] { return status()["accounting"]["delivered"] == 1; }, kPatience)) << holder->err();

    const ProgramResult result = m_to.run({"--demo", "--json", "dead", "import", letters().string(), "--yes"});

    EXPECT_EQ(result.exitCode, 0) << result.describe();
    EXPECT_EQ(jsonOf(result)["imported"], 3) << result.describe();
    ASSERT_TRUE(waitUntil([&] { return status()["accounting"]["dead"] == 3; }, kPatience)) << status();
    const auto books = status()["accounting"];
    EXPECT_EQ(books["carried_in"], 3) << books;
    EXPECT_EQ(books["balanced"], true) << books;
    const auto again = jsonOf(m_to.run({"--demo", "--json", "dead", "import", letters().string(), "--yes"}));
    EXPECT_EQ(again["known"], 3) << again;
    EXPECT_EQ(status()["accounting"]["dead"], 3);
    const ProgramResult out = m_to.run({"--demo", "--json", "dead", "export", "--all", m_to.file("out").string()});
    EXPECT_EQ(out.exitCode, 0) << out.describe();
    EXPECT_EQ(lastAudit(m_to)["action"], "dead.export");
    // what came in can be sent like any other
    const ProgramResult sent = m_to.run({"--demo", "--json", "dead", "resend", "--all", "--rate", "0", "--yes"});
    EXPECT_EQ(jsonOf(sent)["delivered"], 3) << sent.describe();

    holder->sendSignal(SIGTERM);
    const ProgramResult ended = holder->wait(kPatience);

    EXPECT_EQ(jsonOf(ended)["balanced"], true) << ended.describe();
    EXPECT_EQ(jsonOf(ended)["dead"], 0) << ended.describe();
    EXPECT_EQ(jsonOf(ended)["delivered"], 4) << ended.describe();
}

TEST_F(Exchange, ALetterThatTheHolderCannotTakeIsRefusedBeforeAnythingIsWritten) {
    auto big = nlohmann::json::parse(m_lines.substr(0, m_lines.find('\n')));
    big["value"] = std::string(8U * 1024 * 1024, 'A');
    big["sequence"] = 99;
    put(m_to.file("big.jsonl"), m_lines + big.dump() + "\n");
    {
        const auto holder = m_to.start({"--demo", "--json", "produce", "-"}, true);
        ASSERT_TRUE(holder);
        ASSERT_TRUE(
            waitUntil([&] { return bool(control::ControlClient::connect(m_to.dataFolder("demo"))); }, kPatience));

        const ProgramResult refused = m_to.run({"--demo", "dead", "import", m_to.file("big.jsonl").string(), "--yes"});

        EXPECT_EQ(refused.exitCode, 2) << refused.describe();
        EXPECT_TRUE(has(refused.err, "line 4 has")) << refused.err;
        EXPECT_EQ(allOf(m_to), "");
        holder->sendSignal(SIGTERM);
        static_cast<void>(holder->wait(kPatience));
    }
    const auto alone =
        jsonOf(m_to.run({"--demo", "--json", "dead", "import", m_to.file("big.jsonl").string(), "--yes"}));
    EXPECT_EQ(alone["imported"], 4) << alone;
}

} // namespace
} // namespace dashstream::testing
