#include "core/kafka/client_handle.h"
#include "core/kafka/consumer.h"
#include "tests/core/kafka/kafka_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>

namespace dashstream::kafka::test {
namespace {

class ConsumerTest : public ::testing::Test {
protected:
    void SetUp() override {
        auto started = DemoCluster::start(kTopic);
        ASSERT_TRUE(started.has_value()) << started.error().text();
        cluster = std::move(*started);
    }

    ConsumerOptions options() const {
        ConsumerOptions result;
        result.cluster.kafka.bootstrapServers = cluster->bootstrapServers();
        result.cluster.topic = kTopic;
        result.untilEnd = true;
        return result;
    }

    /// Delivers each text to the partition of its index, counted round.
    void deliver(const std::vector<std::string>& texts) {
        PolledProducer producer(optionsFor(cluster->bootstrapServers()));
        for (std::size_t i = 0; i < texts.size(); ++i) {
            Record record = recordOf(texts[i], static_cast<int>(i % DemoCluster::kPartitions));
            record.timestampMs = 1'700'000'000'000 + static_cast<std::int64_t>(i);
            ASSERT_EQ(producer->send(record).status, SendStatus::Queued);
        }
        ASSERT_TRUE(producer.pollUntilReports(texts.size()));
    }

    static std::vector<ConsumedRecord> readUntilFinished(const ConsumerOptions& options) {
        std::vector<ConsumedRecord> records;
        auto consumer = TopicConsumer::open(options, kDeadline);
        EXPECT_TRUE(consumer.has_value()) << consumer.error().text();
        const auto end = std::chrono::steady_clock::now() + kDeadline;
        while (consumer && !(*consumer)->finished() && std::chrono::steady_clock::now() < end) {
            auto batch = (*consumer)->poll(milliseconds(100));
            EXPECT_TRUE(batch.has_value()) << batch.error().text();
            if (!batch) {
                break;
            }
            std::ranges::move(batch->records, std::back_inserter(records));
        }
        EXPECT_TRUE(consumer && (*consumer)->finished());
        return records;
    }

    std::unique_ptr<DemoCluster> cluster;
};

TEST_F(ConsumerTest, ReadsBackEveryRecordInOrderWithKeyValueAndTime) {
    const auto texts = numberedTexts(3000);
    deliver(texts);

    const auto records = readUntilFinished(options());

    ASSERT_EQ(records.size(), texts.size());
    std::map<int, std::int64_t> next;
    for (const auto& record : records) {
        const std::int64_t expected = next[record.partition.value]++;
        ASSERT_EQ(record.offset.value, expected);
        const auto index = static_cast<std::size_t>(expected * DemoCluster::kPartitions + record.partition.value);
        EXPECT_EQ(record.value, texts[index]);
        EXPECT_EQ(record.key, texts[index]);
        EXPECT_EQ(record.timestampMs, 1'700'000'000'000 + static_cast<std::int64_t>(index));
        EXPECT_TRUE(record.headers.empty());
    }
}

TEST_F(ConsumerTest, TraceHeadersArrive) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    const auto texts = numberedTexts(3);
    std::vector<Record> records;
    for (const auto& text : texts) {
        records.push_back(recordOf(text, 0));
    }
    records[1].traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    records[2].traceparent = records[1].traceparent;
    records[2].tracestate = "vendor=1";
    for (const auto& record : records) {
        ASSERT_EQ(producer->send(record).status, SendStatus::Queued);
    }
    ASSERT_TRUE(producer.pollUntilReports(3));

    const auto read = readUntilFinished(options());

    ASSERT_EQ(read.size(), 3U);
    EXPECT_TRUE(read[0].headers.empty());
    const Header parent{"traceparent", std::string(records[1].traceparent)};
    EXPECT_THAT(read[1].headers, ::testing::ElementsAre(parent));
    EXPECT_THAT(read[2].headers, ::testing::ElementsAre(parent, Header{"tracestate", "vendor=1"}));
}

TEST_F(ConsumerTest, WhatIsNullStaysNullAndHeadersKeepTheirOrderAndRepeats) {
    PolledProducer producer(optionsFor(cluster->bootstrapServers()));
    const std::string text = "v";
    std::vector<Header> headers;
    for (int i = 0; i < 40; ++i) {
        headers.push_back(
            {"h" + std::to_string(i % 3), i % 5 == 0 ? std::nullopt : std::optional(std::string(i, 'x'))});
    }
    Record empty = recordOf(text, 0);
    empty.headers = headers;
    empty.nullKey = true;
    empty.nullValue = true;
    Record plain = recordOf(text, 0);
    for (const Record& record : {empty, plain}) {
        ASSERT_EQ(producer->send(record).status, SendStatus::Queued);
    }
    ASSERT_TRUE(producer.pollUntilReports(2));

    const auto read = readUntilFinished(options());

    ASSERT_EQ(read.size(), 2U);
    const auto& first = read[0].headers.empty() ? read[1] : read[0];
    const auto& second = read[0].headers.empty() ? read[0] : read[1];
    EXPECT_TRUE(first.nullKey);
    EXPECT_TRUE(first.nullValue);
    EXPECT_EQ(first.headers, headers);
    EXPECT_FALSE(second.nullKey);
    EXPECT_FALSE(second.nullValue);
    EXPECT_EQ(second.value, text);
}

TEST_F(ConsumerTest, StartsAtAnOffsetOfOnePartitionAndStopsAtTheLimit) {
    deliver(numberedTexts(60));
    auto wanted = options();
    wanted.partitions = {PartitionId(4)};
    wanted.startAt = StartAt::FromOffset;
    wanted.offset = Offset(3);
    wanted.limit = 5;

    const auto records = readUntilFinished(wanted);

    ASSERT_EQ(records.size(), 5U);
    EXPECT_EQ(records.front().offset, Offset(3));
    EXPECT_EQ(records.back().offset, Offset(7));
    EXPECT_EQ(records.front().value, "message-22");
}

TEST_F(ConsumerTest, AnEmptyTopicIsAtItsEndAtOnce) {
    EXPECT_TRUE(readUntilFinished(options()).empty());
}

TEST_F(ConsumerTest, FromTheEndOnlyWhatComesLaterIsRead) {
    deliver(numberedTexts(12));
    auto wanted = options();
    wanted.startAt = StartAt::End;
    wanted.untilEnd = false;
    wanted.limit = 6;
    auto consumer = TopicConsumer::open(wanted, kDeadline);
    ASSERT_TRUE(consumer.has_value()) << consumer.error().text();

    deliver({"a", "b", "c", "d", "e", "f"});

    std::vector<std::string> values;
    const auto end = std::chrono::steady_clock::now() + kDeadline;
    while (!(*consumer)->finished() && std::chrono::steady_clock::now() < end) {
        const auto batch = (*consumer)->poll(milliseconds(100));
        ASSERT_TRUE(batch.has_value()) << batch.error().text();
        for (const auto& record : batch->records) {
            values.push_back(record.value);
        }
    }
    EXPECT_THAT(values, ::testing::UnorderedElementsAre("a", "b", "c", "d", "e", "f"));
}

TEST_F(ConsumerTest, AnUnknownPartitionIsSaid) {
    auto wanted = options();
    wanted.partitions = {PartitionId(6)};

    const auto consumer = TopicConsumer::open(wanted, kDeadline);

    ASSERT_FALSE(consumer.has_value());
    EXPECT_EQ(consumer.error().code, "kafka.partition");
    EXPECT_EQ(consumer.error().errorClass, ErrorClass::Usage);
}

TEST_F(ConsumerTest, AnUnknownTopicIsSaidAndNotMade) {
    auto wanted = options();
    wanted.cluster.topic = "no-such-topic";

    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto consumer = TopicConsumer::open(wanted, kDeadline);
        ASSERT_FALSE(consumer.has_value()) << "attempt " << attempt;
        EXPECT_EQ(consumer.error().code, "kafka.UNKNOWN_TOPIC_OR_PART");
    }
}

/// What librdkafka chooses by itself for `keys` with `partitioner`.
void produceBare(const std::string& servers, const std::string& partitioner, const std::vector<std::string>& keys) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    std::array<char, 200> text{};
    rd_kafka_conf_set(conf, "bootstrap.servers", servers.c_str(), text.data(), text.size());
    rd_kafka_conf_set(conf, "partitioner", partitioner.c_str(), text.data(), text.size());
    const ClientPtr client(rd_kafka_new(RD_KAFKA_PRODUCER, conf, text.data(), text.size()));
    ASSERT_NE(client, nullptr) << text.data();
    const TopicPtr topic(rd_kafka_topic_new(client.get(), kTopic, nullptr));
    for (const auto& key : keys) {
        ASSERT_EQ(rd_kafka_produce(topic.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, nullptr, 0, key.data(),
                                   key.size(), nullptr),
                  0);
    }
    ASSERT_EQ(rd_kafka_flush(client.get(), 20'000), RD_KAFKA_RESP_ERR_NO_ERROR);
}

class PartitionerTest : public ConsumerTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(PartitionerTest, OurChoiceIsLibrdkafkasChoice) {
    std::vector<std::string> keys;
    for (int i = 0; i < 500; ++i) {
        keys.push_back("thread-" + std::to_string(i * 7919));
    }
    produceBare(cluster->bootstrapServers(), GetParam(), keys);
    auto producerOptions = optionsFor(cluster->bootstrapServers());
    producerOptions.kafka.partitioner = GetParam();
    const PolledProducer producer(producerOptions);

    const auto records = readUntilFinished(options());

    ASSERT_EQ(records.size(), keys.size());
    for (const auto& record : records) {
        EXPECT_EQ(producer->partitionFor(record.key, DemoCluster::kPartitions), record.partition) << record.key;
    }
}

INSTANTIATE_TEST_SUITE_P(Partitioners, PartitionerTest, ::testing::Values("consistent_random", "murmur2_random"));

} // namespace
} // namespace dashstream::kafka::test
