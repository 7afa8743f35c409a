// run: sources and endpoints until SIGTERM; SIGHUP reads the settings again.
#include "tests/app/ctl_program.h"
#include "tests/support/http_get.h"
#include "tests/support/kafka_cluster.h"
#include "tests/support/wait.h"

#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

namespace dashstream::testing {
namespace {

using ::testing::HasSubstr;

class RunTest : public ::testing::Test {
protected:
    void write(const std::string& more) const {
        std::ofstream(m_ctl.file("p.toml"))
            << "[metrics]\nlisten = \"" << m_ports[0] << "\"\n[health]\nlisten = \"" << m_ports[1] << "\"\n"
            << more;
    }
    void start() {
        m_run = m_ctl.start({"--demo", "--json", "--config", m_ctl.file("p.toml").string(), "run"});
        ASSERT_TRUE(m_run);
        ASSERT_TRUE(waitUntil([this] { return get(1, "/ready").status == 200; }, kPatience))
            << m_run->err() << get(1, "/health").body;
    }
    [[nodiscard]] HttpAnswer get(std::size_t port, const std::string& path) const {
        return httpGet("127.0.0.1", m_ports[port], path);
    }
    [[nodiscard]] bool says(const std::string& text) const {
        return waitUntil([&] { return m_run->err().find(text) != std::string::npos; }, kPatience);
    }

    CtlProgram m_ctl;
    std::vector<int> m_ports = freeLoopbackPorts(3);
    std::unique_ptr<Process> m_run;
};

constexpr const char* kGenerator = "[[sources]]\nname = \"feed\"\nsource = \"generate:rate=100,threads=3,seed=1\"\n";

TEST_F(RunTest, SourcesFlowAndTermDrains) {
    write(kGenerator);
    start();
    ASSERT_TRUE(waitUntil(
        [this] { return get(0, "/metrics").body.find("dashstream_messages_sent_total 0\n") == std::string::npos; },
        kPatience));
    EXPECT_THAT(get(0, "/metrics").body, HasSubstr("dashstream_sources{state=\"running\"} 1\n"));
    const auto health = jsonOf(m_ctl.run({"--demo", "--json", "health", "--timeout", "20s"}));
    EXPECT_EQ(health["pid"], m_run->pid());
    EXPECT_EQ(health["parts"]["cluster"]["state"], "ok") << health;

    m_run->sendSignal(SIGTERM);
    const ProgramResult result = m_run->wait(kPatience);

    EXPECT_EQ(jsonOf(result)["balanced"], true) << result.describe();
    EXPECT_EQ(jsonOf(result)["in_flight"], 0) << result.describe();
    EXPECT_GT(jsonOf(result)["delivered"], 0);
    EXPECT_TRUE(result.exitCode == 0 || result.exitCode == 1) << result.describe(); // 1: read but not admitted
    EXPECT_EQ(get(1, "/live").status, 0);
}

TEST_F(RunTest, HangupAppliesWhatCanBeAppliedAndSaysTheRest) {
    write(kGenerator);
    start();

    m_ports[0] = m_ports[2];
    write("[log]\nlevel = \"debug\"\n[kafka]\nlinger_ms = 50\n"
          "[[sources]]\nname = \"other\"\nsource = \"generate:rate=10,threads=1\"\n");
    m_run->sendSignal(SIGHUP);

    ASSERT_TRUE(says("source other starts")) << m_run->err();
    ASSERT_TRUE(says("needs a restart: kafka.linger_ms: 5ms → 50ms")) << m_run->err();
    EXPECT_THAT(m_run->err(), HasSubstr("applied: log.level: info → debug"));
    EXPECT_THAT(m_run->err(), HasSubstr("applied: source feed stops"));
    EXPECT_TRUE(waitUntil(
        [this] {
            const std::string page = get(0, "/metrics").body;
            return page.find("dashstream_sources{state=\"running\"} 1\n") != std::string::npos &&
                   page.find("dashstream_sources{state=\"stopped\"} 1\n") != std::string::npos;
        },
        kPatience))
        << get(0, "/metrics").body;
}

TEST_F(RunTest, BrokenSettingsChangeNothingAndSayWhy) {
    write(kGenerator);
    start();

    write("[kafka]\nlingr_ms = 1\n");
    m_run->sendSignal(SIGHUP);
    ASSERT_TRUE(says("the new settings are not taken")) << m_run->err();
    EXPECT_TRUE(says("kafka.linger_ms")) << m_run->err();

    std::filesystem::remove(m_ctl.file("p.toml"));
    m_run->sendSignal(SIGHUP);
    EXPECT_TRUE(says("p.toml")) << m_run->err();
    EXPECT_EQ(get(1, "/ready").status, 200);
    EXPECT_THAT(get(0, "/metrics").body, HasSubstr("dashstream_sources{state=\"running\"} 1\n"));
}

TEST_F(RunTest, SourceThatCannotBeOpenedIsNotReadyUntilItCan) {
    const std::string feed = m_ctl.file("feed.jsonl").string();
    const std::string settings = "[[sources]]\nname = \"feed\"\nsource = \"jsonl:" + feed + "\"\n";
    write(settings);
    m_run = m_ctl.start({"--demo", "--config", m_ctl.file("p.toml").string(), "run"});
    ASSERT_TRUE(m_run);
    ASSERT_TRUE(says("Source feed is not open")) << m_run->err();
    EXPECT_TRUE(waitUntil([this] { return get(1, "/ready").status == 503; }, kPatience));
    EXPECT_THAT(get(1, "/health").body, HasSubstr("feed.jsonl"));

    std::ofstream(feed) << eventLine(1);
    m_run->sendSignal(SIGHUP);

    EXPECT_TRUE(waitUntil([this] { return get(1, "/ready").status == 200; }, kPatience)) << get(1, "/health").body;
}

TEST_F(RunTest, UsedPortStopsTheStart) {
    write(kGenerator);
    start();
    const ProgramResult second =
        m_ctl.run({"--demo", "--profile", "second", "--config", m_ctl.file("p.toml").string(), "run"});
    EXPECT_EQ(second.exitCode, 2) << second.describe();
    EXPECT_THAT(second.err, HasSubstr("metrics.listen: Cannot listen on 127.0.0.1:" + std::to_string(m_ports[0])));
}

TEST_F(RunTest, HolderThatIsStoppedIsNotLive) {
    write(kGenerator);
    start();
    m_run->sendSignal(SIGSTOP);
    const ProgramResult health = m_ctl.run({"--demo", "health", "--timeout", "500ms"});
    m_run->sendSignal(SIGCONT);
    EXPECT_EQ(health.exitCode, 3) << health.describe();
    EXPECT_THAT(health.out, HasSubstr("not live: engine: The process that holds the store does not answer"));
}

} // namespace
} // namespace dashstream::testing
