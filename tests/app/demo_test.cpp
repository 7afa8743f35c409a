// produce and what works beside it, on the embedded demo cluster: the whole way of a message without anything
// installed.
#include "tests/app/ctl_program.h"

#include <gtest/gtest.h>

namespace dashstream::testing {
namespace {

TEST(Demo, GeneratedTelemetryIsDeliveredWholeAndBalanced) {
    const CtlProgram ctl;

    const ProgramResult result = ctl.run({"--demo", "--json", "produce", "generate:count=5000,threads=50,seed=1"});

    EXPECT_EQ(result.exitCode, 0) << result.describe();
    const auto accounting = jsonOf(result); // nothing else on stdout
    ASSERT_TRUE(accounting.is_object()) << result.describe();
    EXPECT_EQ(accounting["accepted"], 5000);
    EXPECT_EQ(accounting["delivered"], 5000);
    EXPECT_EQ(accounting["balanced"], true);
    for (const char* name : {"carried_in", "in_flight", "retrying", "dead", "discarded", "rejected", "send_retries",
                             "duplicates_avoided", "duplicates_possible", "elapsed_s"}) {
        EXPECT_TRUE(accounting.contains(name)) << name;
    }
    for (const char* name : {"invalid", "too_large", "rate_limited", "limiter_error", "stopped"}) {
        EXPECT_EQ(accounting["rejected_by"][name], 0) << name;
    }

    // then: the numbers of the threads are in the store
    const auto threads = jsonOf(ctl.run({"--demo", "--json", "sequences", "list"}));
    ASSERT_EQ(threads.size(), 50U);
    std::int64_t delivered = 0;
    for (const auto& thread : threads) {
        delivered += thread["delivered"].get<std::int64_t>();
        EXPECT_EQ(thread["next"].get<std::int64_t>(), thread["last_delivered"].get<std::int64_t>() + 1) << thread;
    }
    EXPECT_EQ(delivered, 5000);
}

TEST(Demo, RejectsAreCountedSaidAndKept) {
    const CtlProgram ctl;
    const std::string input =
        eventLine(1) + "not json\n" + eventLine(2) + R"({"event":{"header":{"thread_id":""}}})" + "\n";

    const ProgramResult result =
        ctl.run({"--demo", "--json", "produce", "-", "--rejects", ctl.file("rejects").string()}, input);

    EXPECT_EQ(result.exitCode, 1) << result.describe();
    EXPECT_EQ(jsonOf(result)["delivered"], 2);
    EXPECT_EQ(jsonOf(result)["rejected_by"]["invalid"], 2);
    EXPECT_NE(result.err.find("line 2"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("line 4"), std::string::npos) << result.err;
    const std::string kept = readFile(ctl.file("rejects"));
    const auto first = nlohmann::json::parse(kept.substr(0, kept.find('\n')), nullptr, false);
    EXPECT_EQ(first["position"], 2) << kept;
    EXPECT_EQ(first["line"], "not json") << kept;
}

TEST(Demo, BrokersAndHealthAnswer) {
    const CtlProgram ctl;
    const ProgramResult brokers = ctl.run({"--demo", "--json", "brokers"});
    EXPECT_EQ(brokers.exitCode, 0) << brokers.describe();
    EXPECT_EQ(jsonOf(brokers)["brokers"].size(), 3U);
    EXPECT_EQ(jsonOf(brokers)["partitions"].size(), 6U);
    const ProgramResult health = ctl.run({"--demo", "health", "--timeout", "20s"});
    EXPECT_EQ(health.exitCode, 0) << health.describe();
    EXPECT_EQ(health.out.rfind("ready", 0), 0U) << health.out;
}

TEST(Demo, ConsumeOfAnEmptyTopicEndsAtItsEnd) {
    const CtlProgram ctl;
    const ProgramResult result = ctl.run({"--demo", "--json", "consume", "--until-end", "--check"});
    EXPECT_EQ(result.exitCode, 0) << result.describe();
    EXPECT_EQ(jsonOf(result)["records"], 0);
}

TEST(Unreachable, HealthAndProduceExitWithThree) {
    const CtlProgram ctl;
    const std::vector<std::string> nobody{"--set", "kafka.bootstrap_servers=127.0.0.1:1"};
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"health", "--timeout", "1s"}, {"brokers", "--timeout", "1s"}}) {
        std::vector<std::string> words = nobody;
        words.insert(words.end(), command.begin(), command.end());
        EXPECT_EQ(ctl.run(words).exitCode, 3);
    }
    std::vector<std::string> words = nobody;
    words.insert(words.end(), {"--json", "produce", "--connect-timeout", "1s", "-"});
    const ProgramResult result = ctl.run(words, eventLine(1));
    EXPECT_EQ(result.exitCode, 3) << result.describe();
    EXPECT_EQ(jsonOf(result)["accepted"], 1) << result.describe();
    EXPECT_EQ(jsonOf(result)["balanced"], true) << result.describe();
    EXPECT_NE(result.err.find("127.0.0.1:1"), std::string::npos) << result.err;
}

TEST(Demo, DeadLettersAreResentWithoutAHolderToo) {
    const CtlProgram ctl;
    ASSERT_EQ(jsonOf(letDie(ctl, eventLine(1) + eventLine(2)))["dead"], 2);

    const ProgramResult resent = ctl.run({"--demo", "--json", "dead", "resend", "--all", "--yes"});

    EXPECT_EQ(resent.exitCode, 0) << resent.describe();
    EXPECT_EQ(jsonOf(resent)["delivered"], 2) << resent.describe();
    const auto status = jsonOf(ctl.run({"--demo", "--json", "status"}));
    EXPECT_EQ(status["live"], false);
    EXPECT_EQ(status["accounting"]["dead"], 0);
}

} // namespace
} // namespace dashstream::testing
