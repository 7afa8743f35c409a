#include "core/kafka/cluster_info.h"
#include "tests/core/kafka/kafka_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace dashstream::kafka::test {
namespace {

using ::testing::HasSubstr;

QueryOptions lookAt(const std::string& servers) {
    QueryOptions options;
    options.kafka.bootstrapServers = servers;
    options.topic = kTopic;
    return options;
}

TEST(ClusterInfoTest, NamesBrokersAndPartitionsOfAHealthyCluster) {
    const auto cluster = DemoCluster::start(kTopic);
    ASSERT_TRUE(cluster.has_value());

    const auto info = readCluster(lookAt((*cluster)->bootstrapServers()), kDeadline);

    ASSERT_TRUE(info.has_value()) << info.error().text();
    EXPECT_NE(info->topic.clusterId, "");
    EXPECT_EQ(info->topic.partitions.size(), 6U);
    ASSERT_EQ(info->brokers.size(), 3U);
    for (const auto& broker : info->brokers) {
        EXPECT_TRUE(broker.reachable) << broker.broker.id.value << " " << broker.state << " " << broker.error;
        EXPECT_EQ(broker.error, "");
    }
}

TEST(ClusterInfoTest, ABrokerThatIsDownIsNamedWithTheReason) {
    const auto cluster = DemoCluster::start(kTopic);
    ASSERT_TRUE(cluster.has_value());
    ASSERT_TRUE((*cluster)->setBrokerDown(BrokerId(2), true).has_value());

    const auto info = readCluster(lookAt((*cluster)->bootstrapServers()), kDeadline);

    ASSERT_TRUE(info.has_value()) << info.error().text();
    ASSERT_EQ(info->brokers.size(), 3U);
    for (const auto& broker : info->brokers) {
        const bool down = broker.broker.id == BrokerId(2);
        EXPECT_EQ(broker.reachable, !down) << broker.broker.id.value;
        EXPECT_EQ(broker.error.empty(), !down);
    }
}

TEST(ClusterInfoTest, AnUnknownTopicIsSaidBesideTheBrokers) {
    const auto cluster = DemoCluster::start(kTopic);
    ASSERT_TRUE(cluster.has_value());
    auto options = lookAt((*cluster)->bootstrapServers());
    options.topic = "no-such-topic";

    const auto info = readCluster(options, kDeadline);

    ASSERT_TRUE(info.has_value()) << info.error().text();
    EXPECT_THAT(info->topic.error, HasSubstr("does not exist"));
    EXPECT_TRUE(info->topic.partitions.empty());
    EXPECT_EQ(info->brokers.size(), 3U);
}

TEST(ClusterInfoTest, NobodyAnswersNamesTheAddressAndTheReason) {
    const auto info = readCluster(lookAt("127.0.0.1:1"), milliseconds(700));

    ASSERT_FALSE(info.has_value());
    EXPECT_EQ(info.error().code, "kafka.unreachable");
    EXPECT_EQ(info.error().errorClass, ErrorClass::Retriable);
    EXPECT_THAT(info.error().message, HasSubstr("127.0.0.1:1"));
    EXPECT_THAT(info.error().message, HasSubstr("Connection refused"));
    EXPECT_NE(info.error().remedy, "");
}

TEST(ClusterInfoTest, ATlsFailureIsSaidAsOne) {
    const auto cluster = DemoCluster::start(kTopic); // speaks no TLS
    ASSERT_TRUE(cluster.has_value());
    auto options = lookAt((*cluster)->bootstrapServers());
    options.kafka.securityProtocol = config::SecurityProtocol::Ssl;

    const auto info = readCluster(options, milliseconds(1500));

    ASSERT_FALSE(info.has_value());
    EXPECT_EQ(info.error().code, "kafka.SSL") << info.error().text();
    EXPECT_THAT(info.error().remedy, HasSubstr("tls.ca_location"));
}

} // namespace
} // namespace dashstream::kafka::test
