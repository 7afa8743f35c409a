// store check and backup while another process holds the store and writes to it.
#include "tests/app/ctl_program.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>

#include <csignal>

namespace dashstream::testing {
namespace {

/// A producer whose broker is not there: what it reads waits in its journal, more of it all the time.
class BusyHolder : public ::testing::Test {
protected:
    void SetUp() override {
        m_holder = ctl.start({"--profile", "demo", "--json", "--set", "kafka.bootstrap_servers=127.0.0.1:1", "produce",
                              "--drain-timeout", "1s", "generate:rate=2000,threads=7,bytes=300"});
        ASSERT_TRUE(m_holder);
        ASSERT_TRUE(waitUntil([this] { return accepted() > 2'000; }, kPatience)) << m_holder->err();
    }

    [[nodiscard]] std::int64_t accepted() const {
        const auto status = jsonOf(ctl.run({"--profile", "demo", "--json", "status"}));
        return status.is_object() ? status["accounting"].value("accepted", std::int64_t{0}) : 0;
    }

    const CtlProgram ctl;
    std::unique_ptr<Process> m_holder;
};

TEST_F(BusyHolder, ItsStoreIsCheckedAndSaidToBeWhole) {
    const ProgramResult check = ctl.run({"--profile", "demo", "--json", "store", "check"});

    EXPECT_EQ(check.exitCode, 0) << check.describe();
    EXPECT_EQ(jsonOf(check)["whole"], true) << check.describe();
    EXPECT_TRUE(jsonOf(check)["journal"]["damage"].empty()) << check.describe();
}

TEST_F(BusyHolder, ABackupHasAllThatWasAcceptedBeforeItAndTheHolderGoesOn) {
    const std::string copy = ctl.file("copy").string();
    const std::int64_t before = accepted();
    const ProgramResult done = ctl.run({"--profile", "demo", "--json", "store", "backup", copy});
    const std::int64_t after = accepted();
    ASSERT_EQ(done.exitCode, 0) << done.describe();
    EXPECT_GT(after, before) << "nothing was written meanwhile: this shows nothing";

    m_holder->sendSignal(SIGTERM);
    const ProgramResult ended = m_holder->wait(kPatience);
    EXPECT_EQ(ended.exitCode, 4) << ended.describe();
    EXPECT_EQ(jsonOf(ended)["balanced"], true) << ended.describe();

    const ProgramResult check = ctl.run({"--demo", "--json", "--data-dir", copy, "store", "check"});
    EXPECT_EQ(jsonOf(check)["whole"], true) << check.describe();
    const ProgramResult sent = ctl.run({"--demo", "--json", "--data-dir", copy, "produce", "-"});
    const auto books = jsonOf(sent);
    EXPECT_EQ(books["balanced"], true) << sent.describe();
    EXPECT_GE(books["delivered"].get<std::int64_t>(), before) << sent.describe();
    EXPECT_LE(books["delivered"].get<std::int64_t>(), after) << sent.describe();
    EXPECT_EQ(books["delivered"], books["carried_in"]) << sent.describe();
}

} // namespace
} // namespace dashstream::testing
