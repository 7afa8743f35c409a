// store check, rescue and backup, as an operator calls them.
#include "tests/app/ctl_program.h"

#include <gtest/gtest.h>

#include <cstdio>

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
    void SetUp() override { std::filesystem::copy(s_made->dataFolder("demo"), ctl.file("data")); }

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

TEST_F(StoreCare, BackupIsAStoreAndOverwritesNothing) {
    const auto folder = ctl.file("copy");
    std::filesystem::create_directories(folder);
    const std::vector<std::string> command{"store", "backup", (folder / "store.db").string()};

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

} // namespace
} // namespace dashstream::testing
