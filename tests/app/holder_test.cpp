// One process holds a store, another one works through its control socket.
#include "core/control/control_client.h"
#include "tests/app/ctl_program.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>

#include <csignal>

namespace dashstream::testing {
namespace {

/// A demo producer that reads what the test feeds it, and holds its store meanwhile.
class HeldDemo : public ::testing::Test {
protected:
    void start(std::vector<std::string> more = {}) {
        std::vector<std::string> words{"--demo", "--json"};
        words.insert(words.end(), more.begin(), more.end());
        words.insert(words.end(), {"produce", "-"});
        m_holder = m_ctl.start(words, true);
        ASSERT_TRUE(m_holder);
        ASSERT_TRUE(waitUntil([this] { return client() != nullptr; }, kPatience)) << m_holder->err();
    }

    [[nodiscard]] std::unique_ptr<control::ControlClient> client() const {
        auto client = control::ControlClient::connect(m_ctl.dataFolder("demo"));
        return client ? std::move(*client) : nullptr;
    }

    /// A count of the accounting that the holder tells now; -1: it does not answer.
    [[nodiscard]] std::int64_t count(const char* name) const {
        const auto status = jsonOf(m_ctl.run({"--demo", "--json", "status"}));
        return status.is_object() && status.value("live", false) ? status["accounting"].value(name, std::int64_t{-1})
                                                                 : -1;
    }

    CtlProgram m_ctl;
    std::unique_ptr<Process> m_holder;
};

TEST_F(HeldDemo, SignalDrainsAndSaysWhatHappened) {
    start();
    ASSERT_TRUE(m_holder->feed(eventLine(1) + eventLine(2) + eventLine(3)));
    ASSERT_TRUE(waitUntil([this] { return count("delivered") == 3; }, kPatience)) << m_holder->err();

    m_holder->sendSignal(SIGTERM);
    const ProgramResult result = m_holder->wait(kPatience);

    EXPECT_EQ(result.exitCode, 4) << result.describe();
    EXPECT_EQ(jsonOf(result)["delivered"], 3);
    EXPECT_EQ(jsonOf(result)["balanced"], true);
    EXPECT_FALSE(std::filesystem::exists(m_ctl.dataFolder("demo") / "control.sock"));
}

TEST_F(HeldDemo, SecondProducerIsRefusedWithTheHoldersPid) {
    start();
    const ProgramResult second = m_ctl.run({"--demo", "produce", "generate:count=1"});
    EXPECT_EQ(second.exitCode, 2) << second.describe();
    EXPECT_NE(second.err.find(std::to_string(m_holder->pid())), std::string::npos) << second.err;
}

TEST_F(HeldDemo, StatusOfTheHolderIsLive) {
    start();
    const auto status = jsonOf(m_ctl.run({"--demo", "--json", "status"}));
    EXPECT_EQ(status["live"], true);
    EXPECT_EQ(status["pid"], m_holder->pid());
    EXPECT_EQ(status["profile"], "demo");
    const ProgramResult text = m_ctl.run({"--demo", "status"});
    EXPECT_NE(text.out.find("accepted 0 + carried in 0"), std::string::npos) << text.out;
}

TEST_F(HeldDemo, StatusNamesEachSourceWithItsRejectsAndIgnoredTraces) {
    start();
    std::string traced = eventLine(1);
    traced.resize(traced.rfind('}'));
    ASSERT_TRUE(m_holder->feed(traced + R"(,"traceparent":"00-too-short"})" + "\n" + "no json\n" + eventLine(2)));
    ASSERT_TRUE(waitUntil([this] { return count("delivered") == 2; }, kPatience)) << m_holder->err();

    const auto sources = jsonOf(m_ctl.run({"--demo", "--json", "status"}))["sources"];
    const ProgramResult text = m_ctl.run({"--demo", "status"});

    ASSERT_EQ(sources.size(), 1U);
    EXPECT_EQ(sources[0]["trace_ignored"], 1);
    EXPECT_TRUE(sources[0]["trace_ignored_why"].get<std::string>().starts_with("traceparent: ")) << sources;
    EXPECT_NE(text.out.find("TRACES IGNORED"), std::string::npos) << text.out;
    EXPECT_NE(text.out.find("  traceparent: "), std::string::npos) << text.out;
    EXPECT_NE(text.out.find("last reject of -: 2: "), std::string::npos) << text.out;
}

TEST_F(HeldDemo, DeadLettersAreResentThroughTheHolder) {
    // given: dead letters of an earlier run
    const ProgramResult died = letDie(m_ctl, eventLine(1) + eventLine(2) + eventLine(3));
    ASSERT_EQ(died.exitCode, 1) << died.describe();
    ASSERT_EQ(jsonOf(died)["dead"], 3) << died.describe();
    const auto listed = jsonOf(m_ctl.run({"--demo", "--json", "dead", "list"}));
    ASSERT_EQ(listed.size(), 3U);
    const auto shown = jsonOf(m_ctl.run({"--demo", "--json", "dead", "show", "1"}));
    EXPECT_EQ(shown["message"]["event"]["node_id"], "n") << shown;
    EXPECT_FALSE(shown["attempts"].empty());
    EXPECT_EQ(m_ctl.run({"--demo", "dead", "resend", "--all"}).exitCode, 2); // nobody to ask
    EXPECT_EQ(jsonOf(m_ctl.run({"--demo", "--json", "dead", "resend", "--all", "--dry-run"}))["total"], 3);

    // when: a process holds the store, and another one resends
    start();
    const ProgramResult one = m_ctl.run({"--demo", "--json", "dead", "resend", "--id", "2", "--yes"});
    const ProgramResult rest =
        m_ctl.run({"--demo", "--json", "--progress", "dead", "resend", "--all", "--rate", "2", "--yes"});

    // then
    EXPECT_EQ(one.exitCode, 0) << one.describe();
    EXPECT_EQ(jsonOf(one)["delivered"], 1) << one.describe();
    EXPECT_EQ(rest.exitCode, 0) << rest.describe();
    EXPECT_EQ(jsonOf(rest)["delivered"], 2) << rest.describe();
    EXPECT_NE(rest.err.find("delivered"), std::string::npos) << rest.err;
    EXPECT_EQ(jsonOf(m_ctl.run({"--demo", "--json", "dead", "list"})).size(), 0U);
    EXPECT_TRUE(waitUntil([this] { return count("dead") == 0; }, kPatience));
}

} // namespace
} // namespace dashstream::testing
