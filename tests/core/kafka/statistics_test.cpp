#include "core/kafka/statistics.h"

#include <gtest/gtest.h>

namespace dashstream::kafka {
namespace {

constexpr const char* kTopic = "dashstream-events";

/// The fields in the form of librdkafka's STATISTICS.md.
constexpr const char* kJson = R"({"name":"console#producer-1","msg_cnt":7,"msg_size":700,"txmsgs":42,"txmsg_bytes":4200,
"brokers":{
 "bootstrap":{"name":"localhost:9092/bootstrap","nodeid":-1,"source":"configured","state":"UP"},
 "controller":{"name":"GroupCoordinator","nodeid":-1,"source":"logical","state":"INIT"},
 "b2":{"name":"b2:9092/2","nodeid":2,"source":"learned","state":"DOWN","stateage":1500000,"outbuf_cnt":3,"waitresp_cnt":2,
  "txbytes":10,"rxbytes":20,"txerrs":1,"txretries":4,"req_timeouts":5,"connects":6,"disconnects":5,
  "rtt":{"p50":800,"p99":1200,"max":1300,"cnt":9},"throttle":{"p50":0,"p99":30,"max":40,"cnt":9}},
 "b1":{"name":"b1:9092/1","nodeid":1,"source":"learned","state":"UP"}},
"topics":{"other":{"partitions":{"0":{"partition":0,"msgq_cnt":99}}},
 "dashstream-events":{"batchcnt":{"avg":31,"cnt":4},"partitions":{
  "1":{"partition":1,"leader":2,"msgq_cnt":1,"msgq_bytes":10,"xmit_msgq_cnt":2,"xmit_msgq_bytes":20,"msgs_inflight":3},
  "0":{"partition":0,"leader":1},"-1":{"partition":-1,"leader":-1,"msgq_cnt":50}}}}})";

TEST(StatisticsTest, FieldsAreTakenWithTheirUnits) {
    const UtcTime at = utcFromMicros(1'700'000'000'000'000);

    const auto statistics = parseStatistics(kJson, kTopic, at);

    ASSERT_TRUE(statistics.has_value());
    EXPECT_EQ(statistics->at, at);
    EXPECT_EQ(statistics->clientName, "console#producer-1");
    EXPECT_EQ(statistics->queuedMessages, 7);
    EXPECT_EQ(statistics->sentMessages, 42);
    ASSERT_EQ(statistics->brokers.size(), 2U);
    EXPECT_EQ(statistics->brokers[0].id, BrokerId(1));
    const BrokerStatistics& down = statistics->brokers[1];
    EXPECT_EQ(down.state, "DOWN");
    EXPECT_EQ(down.stateAge, microseconds(1'500'000));
    EXPECT_EQ(down.roundTrip.p99, microseconds(1200));
    EXPECT_EQ(down.throttle.p99, milliseconds(30));
    EXPECT_EQ(down.requestsQueued, 3);
    EXPECT_EQ(down.requestsInFlight, 2);
    EXPECT_EQ(down.requestTimeouts, 5);
    EXPECT_EQ(down.disconnects, 5);
}

TEST(StatisticsTest, OnlyTheTopicsRealPartitionsAreTaken) {
    const auto statistics = parseStatistics(kJson, kTopic, {});

    ASSERT_TRUE(statistics.has_value());
    ASSERT_EQ(statistics->partitions.size(), 2U);
    EXPECT_EQ(statistics->partitions[0].id, PartitionId(0));
    EXPECT_EQ(statistics->partitions[1].leader, BrokerId(2));
    EXPECT_EQ(statistics->partitions[1].queuedMessages, 3);
    EXPECT_EQ(statistics->partitions[1].queuedBytes, 30);
    EXPECT_EQ(statistics->partitions[1].inFlightMessages, 3);
}

TEST(StatisticsTest, BootstrapAddressesShowAsLongAsNoBrokerIsKnown) {
    const auto statistics = parseStatistics(
        R"({"brokers":{"x":{"name":"localhost:9092/bootstrap","nodeid":-1,"source":"configured","state":"CONNECT"}}})",
        kTopic, {});

    ASSERT_TRUE(statistics.has_value());
    ASSERT_EQ(statistics->brokers.size(), 1U);
    EXPECT_EQ(statistics->brokers[0].state, "CONNECT");
}

TEST(StatisticsTest, OddInputGivesNothingOrZeros) {
    EXPECT_FALSE(parseStatistics("", kTopic, {}).has_value());
    EXPECT_FALSE(parseStatistics("{\"name\":", kTopic, {}).has_value());
    EXPECT_FALSE(parseStatistics("[1]", kTopic, {}).has_value());
    EXPECT_FALSE(parseStatistics("{" + std::string(17U << 20U, ' ') + "}", kTopic, {}).has_value());

    const auto odd = parseStatistics(R"({"msg_cnt":"7","brokers":[1,2],"topics":{"dashstream-events":3}})", kTopic, {});
    ASSERT_TRUE(odd.has_value());
    EXPECT_EQ(odd->queuedMessages, 0);
    EXPECT_TRUE(odd->partitions.empty());
}

} // namespace
} // namespace dashstream::kafka
