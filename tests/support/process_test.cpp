#include "tests/support/process.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>

#include <csignal>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;

ProgramSpec shell(const std::string& script) {
    ProgramSpec spec;
    spec.program = "/bin/sh";
    spec.arguments = {"-c", script};
    return spec;
}

TEST(Process, TellsOutputsAndExitCodeApart) {
    const ProgramResult result = runProgram(shell("echo one; echo two >&2; exit 3"), 10s);

    EXPECT_EQ(result.exitCode, 3);
    EXPECT_EQ(result.out, "one\n");
    EXPECT_EQ(result.err, "two\n");
    EXPECT_FALSE(result.timedOut);
}

TEST(Process, GivesInputAndEnvironment) {
    ProgramSpec spec = shell("cat; echo $DASHSTREAM_TEST_WORD; echo ${HOME:-none}");
    spec.input = "fed\n";
    spec.environment = {{"DASHSTREAM_TEST_WORD", "told"}, {"HOME", ""}};

    EXPECT_EQ(runProgram(spec, 10s).out, "fed\ntold\nnone\n");
}

TEST(Process, ReadsAlongAndSendsSignals) {
    auto process = Process::start(shell("trap 'echo stopped; exit 4' INT; echo ready; while :; do sleep 0.05; done"));
    ASSERT_TRUE(process) << process.error().text();
    ASSERT_TRUE(waitUntil([&] { return (*process)->out() == "ready\n"; }, 10s));

    (*process)->sendSignal(SIGINT);
    const ProgramResult result = (*process)->wait(10s);

    EXPECT_EQ(result.exitCode, 4) << result.describe();
    EXPECT_EQ(result.out, "ready\nstopped\n");
}

TEST(Process, KillsWhatTakesTooLong) {
    const ProgramResult result = runProgram(shell("exec sleep 60"), 100ms);

    EXPECT_TRUE(result.timedOut);
    EXPECT_EQ(result.signal, SIGKILL);
}

TEST(Process, EndsTheChildWithItself) {
    int pid = 0;
    {
        auto process = Process::start(shell("exec sleep 60"));
        ASSERT_TRUE(process) << process.error().text();
        pid = (*process)->pid();
        ASSERT_EQ(kill(pid, 0), 0);
    }
    EXPECT_NE(kill(pid, 0), 0);
}

TEST(Process, FeedsAnOpenInputUntilItIsClosed) {
    ProgramSpec spec = shell("exec cat");
    spec.keepInputOpen = true;
    auto process = Process::start(spec);
    ASSERT_TRUE(process) << process.error().text();

    ASSERT_TRUE((*process)->feed("first\n"));
    ASSERT_TRUE(waitUntil([&] { return (*process)->out() == "first\n"; }, 10s));
    ASSERT_TRUE((*process)->feed("second\n"));
    (*process)->closeInput();

    EXPECT_EQ((*process)->wait(10s).out, "first\nsecond\n");
}

TEST(Process, SaysWhatCannotBeStarted) {
    ProgramSpec spec;
    spec.program = "/nonexistent/program";

    const auto process = Process::start(spec);

    ASSERT_FALSE(process);
    EXPECT_EQ(process.error().code, "test.start");
    EXPECT_NE(process.error().text().find("/nonexistent/program"), std::string::npos);
}

TEST(TempDir, IsRemovedWithWhatIsInIt) {
    std::filesystem::path path;
    {
        const TempDir folder;
        path = folder.path();
        writeFile(folder / "file", "content");
        ASSERT_EQ(readFile(path / "file"), "content");
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

} // namespace
} // namespace dashstream::testing
