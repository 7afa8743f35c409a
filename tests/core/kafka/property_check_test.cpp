#include "core/config/kafka_extra.h"
#include "core/kafka/property_check.h"

#include <gmock/gmock.h>

namespace dashstream::kafka {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(PropertyCheckTest, WhatLibrdkafkaTakesIsNoProblem) {
    EXPECT_FALSE(checkProperty("socket.timeout.ms", "20000"));
    EXPECT_FALSE(checkProperty("debug", "broker,topic"));
    EXPECT_FALSE(checkProperty("max.poll.interval.ms", "400000")) << "a reader's property";
    EXPECT_FALSE(checkProperty("compression.level", "3")) << "a topic's property";
}

TEST(PropertyCheckTest, UnknownNameComesWithTheNearestOne) {
    const auto problem = checkProperty("socket.timout.ms", "1");
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->nearest, "socket.timeout.ms");
}

TEST(PropertyCheckTest, RefusedValueComesWithTheReason) {
    const auto range = checkProperty("socket.timeout.ms", "1");
    ASSERT_TRUE(range);
    EXPECT_EQ(range->nearest, "");
    EXPECT_THAT(range->text, HasSubstr("10..300000"));
    EXPECT_TRUE(checkProperty("debug", "nonsense"));
}

TEST(PropertyCheckTest, ValueOfASecretIsInNoText) {
    const auto problem = checkProperty("ssl.key.pem", "canary-word");
    EXPECT_TRUE(!problem || problem->text.find("canary") == std::string::npos);
}

TEST(PropertyCheckTest, TableOfTheLibraryIsReadWhole) {
    const auto names = propertyNames();
    EXPECT_GT(names.size(), 150U);
    EXPECT_THAT(names, Contains("linger.ms"));
    EXPECT_THAT(names, Contains("ssl.ca.location"));
    EXPECT_THAT(names, Not(Contains("Property")));
}

TEST(PropertyCheckTest, RefusalsAreOfNamesThatTheLibraryKnows) {
    std::size_t refused = 0;
    for (const std::string& name : propertyNames()) {
        refused += config::refusedProperty(name) ? 1U : 0U;
    }
    EXPECT_GT(refused, 60U);
    for (const char* name : {"acks", "enable.idempotence", "transactional.id", "queue.buffering.max.ms", "dr_msg_cb",
                             "broker.version.fallback", "enable.gapless.guarantee"}) {
        EXPECT_TRUE(config::refusedProperty(name)) << name;
        EXPECT_THAT(propertyNames(), Contains(name));
    }
}

} // namespace
} // namespace dashstream::kafka
