#include "core/kafka/client_handle.h"
#include "core/kafka/error_class.h"
#include "tests/core/kafka/kafka_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <map>
#include <set>

namespace dashstream::kafka::test {
namespace {

class ProducerTest : public ::testing::Test {
protected:
    void SetUp() override {
        auto started = DemoCluster::start(kTopic);
        ASSERT_TRUE(started.has_value()) << started.error().text();
        cluster = std::move(*started);
    }

    /// Sends each text to the partition of its index.
    static void sendAll(Producer& producer, const std::vector<std::string>& texts) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto partition = static_cast<int>(i % DemoCluster::kPartitions);
            ASSERT_EQ(producer.send(recordOf(texts[i], partition)).status, SendStatus::Queued);
        }
    }

    static bool allDelivered(const std::vector<DeliveryReport>& reports) {
        return std::ranges::all_of(reports, [](const DeliveryReport& report) { return report.errorCode == 0; });
    }

    std::unique_ptr<DemoCluster> cluster;
};

TEST_F(ProducerTest, ReportsEveryMessageOnceWithItsPartitionAndAnOffset) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    const auto texts = numberedTexts(600);

    sendAll(*producer, texts);

    ASSERT_TRUE(producer.pollUntilReports(texts.size()));
    EXPECT_TRUE(allDelivered(producer.reports));
    EXPECT_EQ(producer->outstanding(), 0U);
    std::set<void*> tokens;
    std::map<int, std::set<std::int64_t>> offsets;
    for (const auto& report : producer.reports) {
        const auto index = static_cast<const std::string*>(report.token) - texts.data();
        EXPECT_EQ(report.partition.value, index % DemoCluster::kPartitions);
        EXPECT_EQ(report.persistence, Persistence::Persisted);
        tokens.insert(report.token);
        offsets[report.partition.value].insert(report.offset.value);
    }
    EXPECT_EQ(tokens.size(), texts.size());
    for (const auto& [partition, seen] : offsets) {
        EXPECT_EQ(seen.size(), 100U) << "partition " << partition;
        EXPECT_EQ(*seen.rbegin(), 99) << "partition " << partition;
    }
}

TEST_F(ProducerTest, MetadataOfTheTopicArrivesByItself) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));

    ASSERT_TRUE(producer.pollUntil([&] { return !producer.metadata.empty(); }));

    const TopicMetadata& metadata = producer.metadata.front();
    EXPECT_EQ(metadata.topic, kTopic);
    EXPECT_EQ(metadata.error, "");
    EXPECT_NE(metadata.clusterId, "");
    EXPECT_EQ(metadata.brokers.size(), 3U);
    ASSERT_EQ(metadata.partitions.size(), 6U);
    for (const auto& partition : metadata.partitions) {
        EXPECT_EQ(partition.leader.value, partition.id.value % 3 + 1);
        EXPECT_EQ(partition.replicas.size(), 3U);
        EXPECT_EQ(partition.inSync.size(), 3U);
    }
}

TEST_F(ProducerTest, AskingForMetadataBringsItAgain) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    ASSERT_TRUE(producer.pollUntil([&] { return !producer.metadata.empty(); }));
    ASSERT_TRUE(cluster->setLeaderLost(true).has_value());

    producer->refreshMetadata();

    EXPECT_TRUE(producer.pollUntil([&] { return producer.metadata.back().partitions.at(0).leader.value == -1; }));
}

TEST_F(ProducerTest, AFullQueueIsSaidAndTheMessageStaysOutside) {
    auto options = optionsFor(cluster->bootstrapServers());
    options.queueMessages = 10;
    options.kafka.linger = milliseconds(500);
    PolledProducer producer(options);
    const auto texts = numberedTexts(11);

    for (int i = 0; i < 10; ++i) {
        ASSERT_EQ(producer->send(recordOf(texts[static_cast<std::size_t>(i)], 0)).status, SendStatus::Queued);
    }
    const SendResult refused = producer->send(recordOf(texts[10], 0));

    EXPECT_EQ(refused.status, SendStatus::Full);
    EXPECT_EQ(producer->outstanding(), 10U);
    ASSERT_TRUE(producer.pollUntilReports(10));
    EXPECT_EQ(producer->send(recordOf(texts[10], 0)).status, SendStatus::Queued);
    EXPECT_TRUE(producer.pollUntilReports(11));
}

TEST_F(ProducerTest, ABrokerThatComesBackGetsItsMessages) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    ASSERT_TRUE(producer.pollUntil([&] { return !producer.metadata.empty(); }));
    ASSERT_TRUE(cluster->setBrokerDown(BrokerId(1), true).has_value());
    const auto texts = numberedTexts(60);

    sendAll(*producer, texts);
    ASSERT_TRUE(producer.pollUntilReports(40)); // those of the other two brokers
    EXPECT_EQ(producer->outstanding(), 20U);
    ASSERT_TRUE(cluster->setBrokerDown(BrokerId(1), false).has_value());

    ASSERT_TRUE(producer.pollUntilReports(60));
    EXPECT_TRUE(allDelivered(producer.reports));
}

TEST_F(ProducerTest, ALostLeaderHoldsOnlyItsPartitionAndThenGoesOn) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    const auto first = numberedTexts(60);
    sendAll(*producer, first);
    ASSERT_TRUE(producer.pollUntilReports(60));
    ASSERT_TRUE(cluster->setLeaderLost(true).has_value());
    const auto second = numberedTexts(60);

    sendAll(*producer, second);
    ASSERT_TRUE(producer.pollUntilReports(110));
    EXPECT_EQ(producer->outstanding(), 10U);
    ASSERT_TRUE(cluster->setLeaderLost(false).has_value());

    ASSERT_TRUE(producer.pollUntilReports(120));
    EXPECT_TRUE(allDelivered(producer.reports));
}

TEST_F(ProducerTest, RefusedWritesAreReportedAsNotPersistedAndEndWithTheRefusal) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    ASSERT_TRUE(producer.pollUntil([&] { return !producer.metadata.empty(); }));
    ASSERT_TRUE(cluster->setRefuseWrites(true).has_value());
    const auto texts = numberedTexts(2);

    ASSERT_EQ(producer->send(recordOf(texts[0], 0)).status, SendStatus::Queued);
    ASSERT_TRUE(producer.pollUntilReports(1));

    EXPECT_EQ(codeName(producer.reports[0].errorCode), "TOPIC_AUTHORIZATION_FAILED");
    EXPECT_EQ(producer.reports[0].persistence, Persistence::NotPersisted);
    EXPECT_EQ(classify(producer.reports[0].errorCode, producer.reports[0].persistence), ErrorClass::PermanentTopic);

    // when the right is granted, the producer notices by itself
    ASSERT_TRUE(cluster->setRefuseWrites(false).has_value());
    ASSERT_TRUE(producer.pollUntil([&] {
        const SendResult again = producer->send(recordOf(texts[1], 0));
        if (again.status == SendStatus::Failed) {
            EXPECT_EQ(codeName(again.errorCode), "TOPIC_AUTHORIZATION_FAILED");
        }
        return again.status == SendStatus::Queued;
    }));
    ASSERT_TRUE(producer.pollUntilReports(2));
    EXPECT_EQ(producer.reports[1].errorCode, 0);
}

TEST_F(ProducerTest, BoundedModeGivesUpWithATimeout) {
    auto options = optionsFor(cluster->bootstrapServers());
    options.messageTimeout = milliseconds(500);
    PolledProducer producer(options);
    ASSERT_TRUE(producer.pollUntil([&] { return !producer.metadata.empty(); }));
    ASSERT_TRUE(cluster->setBrokerDown(BrokerId(2), true).has_value());
    const auto texts = numberedTexts(1);

    ASSERT_EQ(producer->send(recordOf(texts[0], 1)).status, SendStatus::Queued);

    ASSERT_TRUE(producer.pollUntilReports(1));
    EXPECT_EQ(codeName(producer.reports[0].errorCode), "MSG_TIMED_OUT");
    EXPECT_EQ(producer.reports[0].persistence, Persistence::NotPersisted);
}

TEST_F(ProducerTest, PurgeGivesEveryMessageAReport) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    ASSERT_TRUE(producer.pollUntil([&] { return !producer.metadata.empty(); }));
    for (const int broker : {1, 2, 3}) {
        ASSERT_TRUE(cluster->setBrokerSlow(BrokerId(broker), true).has_value());
    }
    const auto texts = numberedTexts(600);
    sendAll(*producer, texts);

    producer->purge();

    ASSERT_TRUE(producer.pollUntilReports(600));
    EXPECT_EQ(producer->outstanding(), 0U);
    EXPECT_FALSE(allDelivered(producer.reports));
    for (const auto& report : producer.reports) {
        EXPECT_THAT(codeName(report.errorCode), ::testing::AnyOf("PURGE_QUEUE", "PURGE_INFLIGHT", "NO_ERROR"));
    }
}

TEST_F(ProducerTest, AValueOfTheLargestSizePasses) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    const std::string key = "thread-1";
    const std::string value(1'048'577, 'x');
    Record record = recordOf(value, 2);
    record.key = key;
    record.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    ASSERT_EQ(producer->send(record).status, SendStatus::Queued);

    ASSERT_TRUE(producer.pollUntilReports(1));
    EXPECT_EQ(codeName(producer.reports[0].errorCode), "NO_ERROR");
}

TEST_F(ProducerTest, StatisticsNameBrokersAndPartitions) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    const auto texts = numberedTexts(60);
    sendAll(*producer, texts);

    ASSERT_TRUE(producer.pollUntil([&] {
        return !producer.statistics.empty() && producer.statistics.back().sentMessages == 60 &&
               producer.statistics.back().brokers.size() == 3;
    }));

    const Statistics& statistics = producer.statistics.back();
    ASSERT_EQ(statistics.partitions.size(), 6U);
    for (const auto& partition : statistics.partitions) {
        EXPECT_EQ(partition.leader.value, partition.id.value % 3 + 1);
    }
    for (const auto& broker : statistics.brokers) {
        EXPECT_EQ(broker.state, "UP");
        EXPECT_GT(broker.txBytes, 0);
        EXPECT_EQ(broker.connects, 1);
    }
}

TEST_F(ProducerTest, SettingsThatLibrdkafkaRefusesAreNamedWithoutSecrets) {
    auto options = optionsFor(cluster->bootstrapServers());
    options.kafka.extra["no.such.property"] = "1";
    options.kafka.extra["enable.idempotence"] = "false";
    options.kafka.compression = "brotli";
    options.kafka.securityProtocol = config::SecurityProtocol::SaslSsl;
    options.sasl.mechanism = "PLAIN";
    options.sasl.password = "canary-password";
    options.tls.keyPassword = "canary-key";

    const auto created = createLibrdkafkaProducer(options);

    ASSERT_FALSE(created.has_value());
    EXPECT_EQ(created.error().errorClass, ErrorClass::Usage);
    EXPECT_THAT(created.error().message, ::testing::HasSubstr("no.such.property"));
    EXPECT_THAT(created.error().message, ::testing::HasSubstr("kafka.extra.enable.idempotence"));
    EXPECT_THAT(created.error().message, ::testing::HasSubstr("compression.codec"));
    EXPECT_THAT(created.error().text(), ::testing::Not(::testing::HasSubstr("canary")));
}

TEST(FatalErrorTest, IsReportedAsFatalWithItsReasonAndNothingIsTakenAnyMore) {
    // given a cluster that denies the producer its id
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, nullptr);
    const ClientPtr host(rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0));
    ASSERT_NE(host, nullptr);
    const std::unique_ptr<rd_kafka_mock_cluster_t, decltype(&rd_kafka_mock_cluster_destroy)> mock(
        rd_kafka_mock_cluster_new(host.get(), 1), &rd_kafka_mock_cluster_destroy);
    constexpr std::int16_t kInitProducerId = 22;
    rd_kafka_mock_push_request_errors(mock.get(), kInitProducerId, 1, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
    PolledProducer producer(optionsFor(rd_kafka_mock_cluster_bootstraps(mock.get())));
    const auto texts = numberedTexts(2);

    // when a message is sent
    ASSERT_EQ(producer->send(recordOf(texts[0], 0)).status, SendStatus::Queued);

    // then the error says so, the message has its report, and the next one is refused
    const auto fatal = [&] { return std::ranges::find(producer.errors, true, &ClientError::fatal); };
    ASSERT_TRUE(producer.pollUntil([&] { return fatal() != producer.errors.end(); }));
    EXPECT_EQ(codeName(fatal()->errorCode), "CLUSTER_AUTHORIZATION_FAILED");
    EXPECT_NE(fatal()->text, "");
    ASSERT_TRUE(producer.pollUntilReports(1));
    EXPECT_NE(producer.reports[0].errorCode, 0);
    const SendResult refused = producer->send(recordOf(texts[1], 0));
    EXPECT_EQ(refused.status, SendStatus::Failed);
    EXPECT_EQ(classify(refused.errorCode, Persistence::NotPersisted), ErrorClass::Fatal);
    EXPECT_EQ(producer->outstanding(), 0U);
}

TEST(UnreachableClusterTest, IsSaidAndClosingDoesNotHang) {
    PolledProducer producer(optionsFor("127.0.0.1:1"));
    const auto texts = numberedTexts(100);
    for (const auto& text : texts) {
        ASSERT_EQ(producer->send(recordOf(text, 0)).status, SendStatus::Queued);
    }

    ASSERT_TRUE(producer.pollUntil([&] { return !producer.errors.empty(); }));

    EXPECT_THAT(producer.errors.front().text, ::testing::HasSubstr("Connection refused"));
    EXPECT_TRUE(producer.metadata.empty());
    // then: the destructor of the producer ends within the test's time limit, with messages inside
}

} // namespace
} // namespace dashstream::kafka::test
