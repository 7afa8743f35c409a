// store check, rescue and backup, as an operator calls them.
#include "tests/app/ctl_program.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <utility>

namespace dashstream::testing {
namespace {

constexpr int kLetters = 30;

std::string someLines() {
    std::string lines;
    for (int number = 1; number <= kLetters; ++number) {
        lines += eventLine(number);
    }
    return lines;
}

/// One store with dead letters, made once; every test has a copy of it.
class StoreCare : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        s_made = std::make_unique<CtlProgram>();
        ASSERT_EQ(letDie(*s_made, someLines()).exitCode, 1);
    }
    static void TearDownTestSuite() { s_made.reset(); }
    void SetUp() override {
        std::filesystem::copy(s_made->dataFolder("demo"), ctl.file("data"), std::filesystem::copy_options::recursive);
    }

    [[nodiscard]] ProgramResult run(std::vector<std::string> command) const {
        command.insert(command.begin(), {"--demo", "--data-dir", ctl.file("data").string()});
        return ctl.run(command);
    }

    const CtlProgram ctl;

private:
    static std::unique_ptr<CtlProgram> s_made;
};
std::unique_ptr<CtlProgram> StoreCare::s_made;

TEST_F(StoreCare, WholeStoreIsSaidToBeWhole) {

    const ProgramResult result = run({"--json", "store", "check"});

    EXPECT_EQ(result.exitCode, 0) << result.describe();
    EXPECT_EQ(jsonOf(result)["whole"], true) << result.describe();
    EXPECT_EQ(jsonOf(result)["open_dead"], kLetters) << result.describe();
}

TEST_F(StoreCare, WhatIsRescuedCanBeSentAgain) {
    const std::string saved = ctl.file("saved.frames").string();

    const ProgramResult rescued = run({"store", "rescue", "--dead", saved});
    EXPECT_EQ(rescued.exitCode, 0) << rescued.describe();
    const ProgramResult sent =
        ctl.run({"--demo", "--json", "--data-dir", ctl.file("other").string(), "produce", "frames:" + saved});

    EXPECT_EQ(jsonOf(sent)["delivered"], kLetters) << sent.describe();
}

TEST_F(StoreCare, DamagedStoreIsSaidToBeDamagedWithWhatToDo) {
    const auto file = ctl.file("data") / "store.db";
    std::FILE* out = std::fopen(file.c_str(), "r+b");
    ASSERT_NE(out, nullptr);
    const std::string rubbish(8192, '\xEE');
    ASSERT_EQ(std::fseek(out, 8192L * 4, SEEK_SET), 0);
    for (int page = 0; page < 3; ++page) {
        ASSERT_EQ(std::fwrite(rubbish.data(), 1, rubbish.size(), out), rubbish.size());
    }
    std::fclose(out);

    const ProgramResult result = run({"--json", "store", "check"});

    EXPECT_EQ(result.exitCode, 1) << result.describe();
    EXPECT_EQ(jsonOf(result)["whole"], false) << result.describe();
    EXPECT_NE(result.err.find("store rescue"), std::string::npos) << result.describe();
}

TEST_F(StoreCare, BackupIsAProfileAndOverwritesNothing) {
    const auto folder = ctl.file("copy");
    const std::vector<std::string> command{"store", "backup", folder.string()};

    EXPECT_EQ(run(command).exitCode, 0);
    const ProgramResult again = run(command);

    EXPECT_EQ(again.exitCode, 2) << again.describe();
    EXPECT_NE(again.err.find("there already"), std::string::npos) << again.describe();
    const ProgramResult listed = ctl.run({"--demo", "--json", "--data-dir", folder.string(), "dead", "list"});
    EXPECT_EQ(jsonOf(listed).size(), static_cast<std::size_t>(kLetters)) << listed.describe();
}

TEST_F(StoreCare, NoStoreAndNoPlaceAreSaidInWords) {
    EXPECT_EQ(ctl.run({"--demo", "--data-dir", ctl.file("none").string(), "store", "check"}).exitCode, 2);

    const ProgramResult nowhere = run({"store", "rescue", "/no/such/folder/file"});

    EXPECT_EQ(nowhere.exitCode, 2) << nowhere.describe();
    EXPECT_NE(nowhere.err.find("/no/such/folder/file"), std::string::npos) << nowhere.describe();
}

/// A profile whose messages nobody took: they wait in its journal.
class JournalCare : public ::testing::Test {
protected:
    static constexpr int kMessages = 40;

    static void SetUpTestSuite() {
        s_made = std::make_unique<CtlProgram>();
        std::string lines;
        for (int number = 1; number < kMessages; ++number) {
            lines += eventLine(number);
        }
        // Two runs, two segments: what is damaged in the first has a whole group behind it, so it is no torn tail.
        for (const auto& [some, accepted] : {std::pair(lines, kMessages - 1), std::pair(eventLine(kMessages), 1)}) {
            const auto producer = s_made->start({"--profile", "demo", "--set", "kafka.bootstrap_servers=127.0.0.1:1",
                                                 "produce", "--drain-timeout", "1s", "-"},
                                                true);
            ASSERT_TRUE(producer && producer->feed(some));
            const auto all = [count = accepted] {
                const auto status = jsonOf(s_made->run({"--profile", "demo", "--json", "status"}));
                return status.is_object() && status["accounting"].value("accepted", 0) == count;
            };
            ASSERT_TRUE(waitUntil(all, kPatience)) << producer->err();
            producer->sendSignal(SIGINT);
            const ProgramResult sent = producer->wait(kPatience);
            ASSERT_FALSE(sent.timedOut) << sent.describe();
        }
    }
    static void TearDownTestSuite() { s_made.reset(); }
    void SetUp() override {
        const auto from = s_made->dataFolder("demo");
        std::filesystem::create_directories(ctl.file("data") / "journal");
        std::filesystem::copy(from / "store.db", ctl.file("data") / "store.db");
        for (const auto& file : std::filesystem::directory_iterator(from / "journal")) {
            if (file.path().filename().string().find("spare") != 0) {
                std::filesystem::copy(file, ctl.file("data") / "journal");
                const std::string name = file.path().filename().string();
                m_segment = m_segment.empty() ? name : std::min(m_segment, name);
            }
        }
    }
    [[nodiscard]] ProgramResult run(std::vector<std::string> command) const {
        command.insert(command.begin(), {"--demo", "--data-dir", ctl.file("data").string()});
        return ctl.run(command);
    }
    /// Somewhere in the first group.
    void damage() const {
        std::FILE* out = std::fopen((ctl.file("data") / "journal" / m_segment).c_str(), "r+b");
        ASSERT_NE(out, nullptr);
        ASSERT_EQ(std::fseek(out, 4096 + 40 + 60, SEEK_SET), 0);
        ASSERT_EQ(std::fputc(0xEE, out), 0xEE);
        ASSERT_EQ(std::fclose(out), 0);
    }

    const CtlProgram ctl;
    std::string m_segment;

private:
    static std::unique_ptr<CtlProgram> s_made;
};
std::unique_ptr<CtlProgram> JournalCare::s_made;

TEST_F(JournalCare, WhatWaitsInTheJournalIsCountedWithoutAHolder) {
    const ProgramResult status = run({"--json", "status"});

    EXPECT_EQ(status.exitCode, 0) << status.describe();
    const auto accounting = jsonOf(status)["accounting"];
    EXPECT_EQ(accounting["in_flight"].get<int>() + accounting["retrying"].get<int>(), kMessages) << status.describe();
    EXPECT_EQ(accounting["balanced"], true) << status.describe();
    EXPECT_EQ(jsonOf(status)["damaged"], false) << status.describe();
}

TEST_F(JournalCare, WholeJournalIsSaidToBeWhole) {
    const ProgramResult json = run({"--json", "store", "check"});
    const ProgramResult text = run({"store", "check"});

    EXPECT_EQ(json.exitCode, 0) << json.describe();
    EXPECT_EQ(jsonOf(json)["journal"]["unsettled"], kMessages) << json.describe();
    EXPECT_TRUE(jsonOf(json)["journal"]["damage"].empty()) << json.describe();
    EXPECT_NE(text.out.find("The journal is whole: 40 messages"), std::string::npos) << text.describe();
}

TEST_F(JournalCare, WhatIsRescuedFromTheJournalCanBeSentAgain) {
    const std::string saved = ctl.file("saved.frames").string();

    const ProgramResult rescued = run({"--json", "store", "rescue", saved});
    const ProgramResult sent =
        ctl.run({"--demo", "--json", "--data-dir", ctl.file("other").string(), "produce", "frames:" + saved});

    EXPECT_EQ(rescued.exitCode, 0) << rescued.describe();
    EXPECT_EQ(jsonOf(rescued)["from_journal"], kMessages) << rescued.describe();
    EXPECT_EQ(jsonOf(sent)["delivered"], kMessages) << sent.describe();
}

TEST_F(JournalCare, DamagedJournalIsSaidToBeDamagedWithItsPlaceAndWhatToDo) {
    damage();

    const ProgramResult check = run({"store", "check"});
    const ProgramResult json = run({"--json", "store", "check"});
    const ProgramResult rescued = run({"--json", "store", "rescue", ctl.file("saved.frames").string()});

    EXPECT_EQ(check.exitCode, 1) << check.describe();
    EXPECT_NE(check.out.find("THE JOURNAL IS DAMAGED"), std::string::npos) << check.describe();
    EXPECT_NE(check.out.find(m_segment + " at 4136"), std::string::npos) << check.describe();
    EXPECT_NE(check.err.find("store rescue"), std::string::npos) << check.describe();
    EXPECT_EQ(jsonOf(json)["whole"], false) << json.describe();
    EXPECT_EQ(rescued.exitCode, 1) << rescued.describe();
    EXPECT_EQ(jsonOf(rescued)["messages"], kMessages - 1) << rescued.describe();
    EXPECT_EQ(jsonOf(rescued)["unreadable"], 1) << rescued.describe();
}

TEST_F(JournalCare, BackupHoldsTheJournalAndCanBeUsed) {
    const auto copy = ctl.file("copy").string();

    const ProgramResult done = run({"--json", "store", "backup", copy});
    const ProgramResult sent = ctl.run({"--demo", "--json", "--data-dir", copy, "produce", "-"});

    EXPECT_EQ(done.exitCode, 0) << done.describe();
    EXPECT_EQ(jsonOf(done)["journal"]["unsettled"], kMessages) << done.describe();
    EXPECT_EQ(jsonOf(sent)["carried_in"], kMessages) << sent.describe();
    EXPECT_EQ(jsonOf(sent)["delivered"], kMessages) << sent.describe();
}

} // namespace
} // namespace dashstream::testing
