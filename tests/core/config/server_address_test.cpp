// host:port in all its forms, and topic names.
#include "core/config/server_address.h"

#include <gmock/gmock.h>

namespace dashstream::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ServerAddress, ValidFormsAreRead) {
    EXPECT_EQ(parseServerAddress("localhost:9092"), (ServerAddress{"localhost", 9092}));
    EXPECT_EQ(parseServerAddress(" 10.0.0.1:1 "), (ServerAddress{"10.0.0.1", 1}));
    EXPECT_EQ(parseServerAddress("[::1]:65535"), (ServerAddress{"::1", 65535}));
    EXPECT_EQ(parseServerAddress("[fe80::1%eth0]:9092"), (ServerAddress{"fe80::1%eth0", 9092}));
    EXPECT_EQ(parseServerAddress("my_broker.example"), (ServerAddress{"my_broker.example", 0}));
    EXPECT_EQ((ServerAddress{"::1", 9092}.text()), "[::1]:9092");
}

TEST(ServerAddress, WrongFormsAreRefusedWithTheirText) {
    for (const char* text : {"a:0", "a:65536", "a:", "a:b", "a:-1", "a:9092:9093", "a:1 2", "[::1]:", "[::1]9092"}) {
        const auto address = parseServerAddress(text);
        ASSERT_FALSE(address) << text;
        EXPECT_THAT(address.error().rule, HasSubstr("has no port from 1 to 65535")) << text;
        EXPECT_THAT(address.error().rule, HasSubstr(text));
    }
    EXPECT_THAT(parseServerAddress("PLAINTEXT://a:1").error().rule, HasSubstr("names a protocol"));
    EXPECT_THAT(parseServerAddress("::1").error().rule, HasSubstr("without brackets"));
    EXPECT_THAT(parseServerAddress("[zz]:1").error().rule, HasSubstr("no IPv6 address"));
    EXPECT_THAT(parseServerAddress("[::1").error().rule, HasSubstr("no IPv6 address"));
    for (const char* text : {"", ":9092", "a b:1", "-a:1", "a..b:1", "a;b:1", "ä:1"}) {
        ASSERT_FALSE(parseServerAddress(text)) << text;
        EXPECT_THAT(parseServerAddress(text).error().rule, HasSubstr("no valid host name")) << text;
    }
}

TEST(ServerAddress, ListenAddressWithoutHostIsLoopback) {
    EXPECT_EQ(parseListenAddress("9464"), (ServerAddress{"127.0.0.1", 9464}));
    EXPECT_EQ(parseListenAddress(" :9464 "), (ServerAddress{"127.0.0.1", 9464}));
    EXPECT_EQ(parseListenAddress("[::1]:9464"), (ServerAddress{"::1", 9464}));
    EXPECT_EQ(parseListenAddress("0.0.0.0:1"), (ServerAddress{"0.0.0.0", 1}));
    for (const char* text : {"0", "65536", ":", "host", "::1", "http://a:1", "a:b", "[::1]", "-1", "94 64"}) {
        const auto address = parseListenAddress(text);
        ASSERT_FALSE(address) << text;
        EXPECT_THAT(address.error().remedy, HasSubstr("127.0.0.1:9464")) << text;
    }
}

TEST(ServerList, KeepsEachServerOnceAndTellsTheRest) {
    const ServerList list = parseServerList("a:1, b ,A:1,,b:9092,c:99999", 9092);

    EXPECT_EQ(list.text(), "a:1,b:9092");
    EXPECT_THAT(list.duplicates, ElementsAre("A:1", "b:9092"));
    EXPECT_THAT(list.withoutPort, ElementsAre("b:9092"));
    ASSERT_EQ(list.problems.size(), 2U);
    EXPECT_EQ(list.problems[0].rule, "has an empty entry");
    EXPECT_THAT(list.problems[1].rule, HasSubstr("c:99999"));
}

TEST(TopicName, FollowsKafkasRules) {
    EXPECT_EQ(topicNameProblem("dashstream-events"), "");
    EXPECT_EQ(topicNameProblem("A.b_c-9"), "");
    EXPECT_EQ(topicNameProblem(std::string(249, 'a')), "");
    EXPECT_THAT(topicNameProblem(std::string(250, 'a')), HasSubstr("249"));
    EXPECT_THAT(topicNameProblem(""), HasSubstr("empty"));
    EXPECT_THAT(topicNameProblem("."), HasSubstr("\"..\""));
    EXPECT_THAT(topicNameProblem(".."), HasSubstr("\"..\""));
    EXPECT_THAT(topicNameProblem("a/b"), HasSubstr("only letters"));
    EXPECT_THAT(topicNameProblem("ä"), HasSubstr("only letters"));
}

} // namespace
} // namespace dashstream::config
