// health on real Kafka: what it says of brokers that hang, with and without a process that works on the profile.
#include "tests/integration/ctl.h"
#include "tests/integration/telemetry.h"
#include "tests/support/wait.h"

#include <csignal>

namespace dashstream::testing {
namespace {

class HealthOnKafka : public OnKafka {
protected:
    void TearDown() override { kafka().resumeNode(1); }

    [[nodiscard]] static nlohmann::json health(const Ctl& ctl, const std::string& timeout, int exitCode) {
        const ProgramResult result = ctl.run({"--json", "health", "--timeout", timeout});
        EXPECT_EQ(result.exitCode, exitCode) << result.describe();
        return lastObject(result);
    }
};

TEST_F(HealthOnKafka, AStoppedBrokerMakesTheClusterFailAndNothingElse) {
    makeTopic(topic());
    const Ctl ctl(settings());
    const auto before = health(ctl, "60s", kDone);
    EXPECT_EQ(before["parts"]["cluster"]["state"], "ok") << before;
    EXPECT_EQ(before["brokers_reachable"], 1);

    kafka().pauseNode(1);
    const auto stopped = health(ctl, "1s", kUnreachable);

    EXPECT_EQ(stopped["timeout_ms"], 1000) << "it ends by its own deadline";
    EXPECT_EQ(stopped["ready"], false);
    EXPECT_EQ(stopped["parts"]["cluster"]["state"], "failing") << stopped;
    EXPECT_NE(stopped["parts"]["store"]["state"], "failing") << stopped;
    EXPECT_EQ(stopped["parts"]["limiter"]["state"], "off") << stopped;
    EXPECT_EQ(stopped["reason"].get<std::string>().rfind("cluster: ", 0), 0U) << stopped;
    kafka().resumeNode(1);
    EXPECT_EQ(health(ctl, "60s", kDone)["ready"], true);
}

TEST_F(HealthOnKafka, AWorkingProcessTellsOfAStoppedBrokerFromWhatItKnows) {
    makeTopic(topic());
    Ctl ctl(settings());
    ctl.set("delivery.stall_ms", "1s");
    const auto holder = ctl.start({"produce", "-"}, true);
    ASSERT_TRUE(holder);
    ASSERT_TRUE(holder->feed(telemetryLine(1, 1)));
    const auto now = [&ctl] { return lastObject(ctl.run({"--json", "health", "--timeout", "10s"})); };
    ASSERT_TRUE(waitUntil([&] { return now()["ready"] == true; }, kPatience)) << holder->err();

    kafka().pauseNode(1);
    ASSERT_TRUE(holder->feed(telemetryLine(1, 2)));
    ASSERT_TRUE(waitUntil([&] { return now()["parts"]["cluster"]["state"] == "failing"; }, kPatience)) << now();

    const auto stopped = now();
    EXPECT_EQ(stopped["live"], true) << "the process itself does not hang";
    EXPECT_EQ(stopped["parts"]["store"]["state"], "ok") << stopped;
    kafka().resumeNode(1);
    EXPECT_TRUE(waitUntil([&] { return now()["ready"] == true; }, kPatience)) << now();
    holder->closeInput();
    EXPECT_EQ(holder->wait(kPatience).exitCode, kDone);
}

} // namespace
} // namespace dashstream::testing
