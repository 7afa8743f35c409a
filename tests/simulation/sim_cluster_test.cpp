// The simulated brokers and the simulated client keep what Kafka and librdkafka promise: otherwise a simulation on them
// shows nothing.
#include "tests/simulation/sim_producer.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>

namespace dashstream::simulation {
namespace {

using namespace std::chrono_literals;

class ClusterRig {
public:
    explicit ClusterRig(std::uint64_t seed, SimProducerSettings settings = {}) : random(seed), cluster(seed, clock, 2) {
        producer = std::make_unique<SimProducer>(cluster, settings);
    }
    ~ClusterRig() { producer.reset(); }

    void send(std::int32_t partition) {
        auto& number = m_sent[partition];
        values.push_back(std::make_unique<std::string>(std::to_string(++number)));
        kafka::Record record;
        record.key = "key";
        record.value = asBytes(*values.back());
        record.partition = PartitionId(partition);
        record.token = values.back().get();
        ASSERT_EQ(producer->send(record).status, kafka::SendStatus::Queued);
    }
    void pass(milliseconds time) {
        for (; time.count() > 0; --time) {
            clock.advance(1ms);
            cluster.step();
            take();
        }
    }
    void take() {
        kafka::ProducerEvents events;
        producer->poll(events, 0ms);
        for (const kafka::DeliveryReport& report : events.reports) {
            EXPECT_TRUE(reports.emplace(report.token, report).second) << "reported twice";
        }
        fatal = fatal || (!events.errors.empty() && events.errors.front().fatal);
    }
    [[nodiscard]] std::size_t delivered() const {
        return static_cast<std::size_t>(std::count_if(reports.begin(), reports.end(), [](const auto& entry) {
            return entry.second.errorCode == RD_KAFKA_RESP_ERR_NO_ERROR;
        }));
    }
    [[nodiscard]] std::vector<std::string> topic(std::int32_t partition) const {
        std::vector<std::string> found;
        for (const SimRecord& record : cluster.log(partition).records()) {
            found.push_back(record.payload.value);
        }
        return found;
    }
    [[nodiscard]] std::size_t written() const { return topic(0).size() + topic(1).size(); }

    std::mt19937_64 random;
    SimClock clock;
    SimCluster cluster;
    std::unique_ptr<SimProducer> producer;
    std::vector<std::unique_ptr<std::string>> values;
    std::map<void*, kafka::DeliveryReport> reports;
    bool fatal = false;

private:
    std::map<std::int32_t, int> m_sent;
};

std::vector<std::string> upTo(std::size_t count) {
    std::vector<std::string> numbers;
    for (std::size_t number = 1; number <= count; ++number) {
        numbers.push_back(std::to_string(number));
    }
    return numbers;
}

TEST(SimCluster, UntilDeliveredEachMessageArrivesOnceAndInOrderWhateverTheBrokersDo) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        ClusterRig rig(seed);
        std::size_t first = 0;
        for (int step = 0; step < 300; ++step) {
            const auto partition = static_cast<std::int32_t>(rig.random() % 2);
            switch (rig.random() % 24) {
            case 0:
                rig.cluster.cut(partition, 2'000ms);
                break;
            case 1:
                rig.cluster.moveLeader(partition, 300ms);
                break;
            case 2:
                rig.cluster.goDown(partition, 500ms);
                break;
            case 3:
                rig.cluster.holdFollowers(partition, 700ms);
                break;
            default:
                rig.send(partition);
                first += partition == 0 ? 1 : 0;
            }
            rig.pass(milliseconds(rig.random() % 20));
        }
        rig.pass(20s);
        ASSERT_EQ(rig.delivered(), rig.values.size()) << "seed " << seed;
        ASSERT_EQ(rig.topic(0), upTo(first)) << "seed " << seed;
        ASSERT_EQ(rig.topic(1), upTo(rig.values.size() - first)) << "seed " << seed;
        ASSERT_FALSE(rig.fatal) << "seed " << seed;
    }
}

TEST(SimCluster, AnAcknowledgedRecordIsBelowTheHighWatermarkAndNoLeaderLosesIt) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        ClusterRig rig(seed);
        for (int step = 0; step < 100; ++step) {
            rig.send(0);
            rig.pass(milliseconds(rig.random() % 30));
            ASSERT_LE(rig.delivered(), static_cast<std::size_t>(rig.cluster.log(0).high(rig.clock.steadyNow())));
            if (rig.random() % 10 == 0) {
                rig.cluster.holdFollowers(0, 200ms);
                rig.pass(30ms);
                rig.cluster.moveLeader(0, 10ms);
            }
        }
    }
}

TEST(SimCluster, PurgingTellsWhatWasSentFromWhatWasNot) {
    std::map<int, std::size_t> codes;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        ClusterRig rig(seed);
        rig.send(0);
        rig.pass(milliseconds(rig.random() % 12));
        rig.send(0);
        rig.producer->purge();
        rig.take();
        ASSERT_EQ(rig.reports.size(), 2U);
        ASSERT_EQ(rig.producer->outstanding(), 0U);
        for (const auto& [token, report] : rig.reports) {
            ++codes[report.errorCode];
            if (report.errorCode == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) {
                EXPECT_EQ(report.persistence, kafka::Persistence::PossiblyPersisted);
            } else if (report.errorCode == RD_KAFKA_RESP_ERR__PURGE_QUEUE) {
                EXPECT_EQ(report.persistence, kafka::Persistence::NotPersisted);
            }
        }
    }
    EXPECT_GT(codes[RD_KAFKA_RESP_ERR__PURGE_INFLIGHT], 0U);
    EXPECT_GE(codes[RD_KAFKA_RESP_ERR__PURGE_QUEUE], 200U);
}

TEST(SimCluster, WhatADestroyedInstanceHadSentMayStillArrive) {
    std::size_t arrived = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        ClusterRig rig(seed);
        rig.send(0);
        for (int tick = 0; tick < 6; ++tick) {
            rig.clock.advance(1ms);
            rig.cluster.step();
        }
        const std::size_t before = rig.written();
        rig.producer.reset();
        for (int tick = 0; tick < 3'000; ++tick) {
            rig.clock.advance(1ms);
            rig.cluster.step();
        }
        arrived += rig.written() - before;
        for (const SimRecord& record : rig.cluster.log(0).records()) {
            EXPECT_EQ(record.orphan, before == 0);
        }
    }
    EXPECT_GT(arrived, 0U);
    EXPECT_LT(arrived, 200U);
}

TEST(SimCluster, ALargeMessageTakesItsBatchWithItAndTheRestGoesOn) {
    ClusterRig rig(1);
    rig.cluster.limitBatches(400);
    for (int i = 0; i < 10; ++i) {
        rig.send(0);
    }
    rig.pass(2'000ms);
    for (const auto& [token, report] : rig.reports) {
        EXPECT_EQ(report.errorCode, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
        EXPECT_EQ(report.persistence, kafka::Persistence::NotPersisted);
    }
    EXPECT_EQ(rig.reports.size(), 10U);
    rig.send(0);
    rig.pass(5'000ms);
    EXPECT_EQ(rig.topic(0), (std::vector<std::string>{"11"}));
    EXPECT_FALSE(rig.fatal);
}

TEST(SimCluster, AFatalInstanceTakesNothingMore) {
    ClusterRig rig(1);
    rig.cluster.killInstance(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    rig.take();
    EXPECT_TRUE(rig.fatal);
    EXPECT_EQ(rig.producer->send({}).status, kafka::SendStatus::Failed);
}

TEST(SimCluster, ARefusedTopicFailsAtOnceUntilMetadataSaysOtherwise) {
    ClusterRig rig(1);
    rig.cluster.refuseTopic(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 500ms);
    rig.send(0);
    rig.pass(100ms);
    ASSERT_EQ(rig.reports.size(), 1U);
    EXPECT_EQ(rig.reports.begin()->second.errorCode, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    EXPECT_EQ(rig.producer->send({}).errorCode, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    rig.pass(3'000ms);
    rig.send(0);
    rig.pass(3'000ms);
    EXPECT_EQ(rig.topic(0), (std::vector<std::string>{"2"}));
}

TEST(SimCluster, AReaderSeesWhatIsBelowTheHighWatermark) {
    ClusterRig rig(1);
    for (int i = 0; i < 5; ++i) {
        rig.send(0);
    }
    rig.pass(3'000ms);
    rig.cluster.holdFollowers(0, 10s);
    rig.send(0);
    rig.pass(2'000ms);
    ASSERT_EQ(rig.written(), 6U);
    std::vector<std::string> seen;
    kafka::SearchQuestion question;
    question.partition = PartitionId(0);
    question.from = Offset(2);
    const auto outcome = rig.cluster.search(question, [&](const kafka::SearchRecord& record) {
        seen.emplace_back(asText(record.value));
        return true;
    });
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, kafka::SearchEnd::Complete);
    EXPECT_EQ(outcome->readTo, Offset(5));
    EXPECT_EQ(seen, (std::vector<std::string>{"3", "4", "5"}));
    EXPECT_EQ(rig.cluster.ends()->partitions[0].high, Offset(5));
}

} // namespace
} // namespace dashstream::simulation
