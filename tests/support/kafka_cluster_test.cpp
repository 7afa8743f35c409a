// The harness itself, so that a failure of a later test is not looked for in the wrong place.
#include "tests/support/kafka_client.h"
#include "tests/support/kafka_cluster.h"
#include "tests/support/wait.h"

#include <gtest/gtest.h>

namespace dashstream::testing {
namespace {

using namespace std::chrono_literals;

ProgramSpec kcat(const std::string& servers, std::vector<std::string> arguments) {
    ProgramSpec spec;
    spec.program = "/usr/bin/kcat";
    spec.arguments = {"-b", servers};
    spec.arguments.insert(spec.arguments.end(), arguments.begin(), arguments.end());
    return spec;
}

TEST(KafkaCluster, TakesRecordsAndGivesThemBack) {
    auto cluster = KafkaCluster::start();
    ASSERT_TRUE(cluster) << cluster.error().text();
    const std::string servers = (*cluster)->bootstrapServers();
    const auto made = createTopic(servers, {.name = "t", .partitions = 3, .replicas = 1, .settings = {}});
    ASSERT_TRUE(made) << made.error().text();

    ProgramSpec producer = kcat(servers, {"-P", "-t", "t", "-K", ":", "-H", "h=v"});
    producer.input = "a:1\nb:2\na:3\n";
    const ProgramResult sent = runProgram(producer, 30s);
    ASSERT_EQ(sent.exitCode, 0) << sent.describe();

    const auto records = readTopic(servers, "t");
    ASSERT_TRUE(records) << records.error().text();
    ASSERT_EQ(records->size(), 3U);
    std::map<std::string, std::string> values;
    for (const TopicRecord& record : *records) {
        values[record.key] += record.value;
        EXPECT_EQ(record.headers.at("h"), "v");
    }
    EXPECT_EQ(values, (std::map<std::string, std::string>{{"a", "13"}, {"b", "2"}}));
    EXPECT_EQ(countRecords(servers, "t").value(), 3);
}

TEST(KafkaCluster, RefusesWhoHasNoRight) {
    KafkaOptions options;
    options.plainUsers = {{"bob", "bobs-word"}};
    options.accessControl = true;
    auto cluster = KafkaCluster::start(options);
    ASSERT_TRUE(cluster) << cluster.error().text();
    const std::string servers = (*cluster)->bootstrapServers();
    ASSERT_TRUE(createTopic(servers, {.name = "t", .partitions = 1, .replicas = 1, .settings = {}}));
    ProgramSpec producer =
        kcat((*cluster)->bootstrapServers(Listener::SaslPlaintext),
             {"-P", "-t", "t", "-X", "security.protocol=sasl_plaintext", "-X", "sasl.mechanism=PLAIN", "-X",
              "sasl.username=bob", "-X", "sasl.password=bobs-word", "-X", "message.timeout.ms=8000"});
    producer.input = "x\n";

    const ProgramResult refused = runProgram(producer, 60s);
    EXPECT_NE(refused.exitCode, 0);
    EXPECT_NE(refused.err.find("authorization failed"), std::string::npos) << refused.describe();

    const auto granted = allow(servers, "bob", Right::Write, "t");
    ASSERT_TRUE(granted) << granted.error().text();
    const ProgramResult taken = runProgram(producer, 60s);
    EXPECT_EQ(taken.exitCode, 0) << taken.describe();
    EXPECT_EQ(countRecords(servers, "t").value(), 1);
}

TEST(KafkaCluster, GoesOnWithoutAKilledLeader) {
    KafkaOptions options;
    options.nodes = 3;
    auto cluster = KafkaCluster::start(options);
    ASSERT_TRUE(cluster) << cluster.error().text();
    const std::string servers = (*cluster)->bootstrapServers();
    const auto made = createTopic(servers, {.name = "t", .partitions = 3, .replicas = 3, .settings = {}});
    ASSERT_TRUE(made) << made.error().text();
    const auto before = leaderOf(servers, "t", 0);
    ASSERT_TRUE(before) << before.error().text();

    (*cluster)->killNode(*before);
    EXPECT_TRUE(waitUntil(
        [&] {
            const auto now = leaderOf(servers, "t", 0);
            return now && *now != *before;
        },
        60s));

    const auto back = (*cluster)->startNode(*before);
    EXPECT_TRUE(back) << back.error().text();
}

} // namespace
} // namespace dashstream::testing
