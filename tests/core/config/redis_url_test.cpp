#include "core/config/redis_url.h"

#include <gtest/gtest.h>

namespace dashstream::config {
namespace {

TEST(RedisUrl, AHostAloneHasTheUsualPortAndDatabase) {
    const auto url = parseRedisUrl("redis://cache");
    ASSERT_TRUE(url);
    EXPECT_FALSE(url->tls);
    EXPECT_EQ(url->server(), "cache:6379/0");
    EXPECT_EQ(url->password, "");
}

TEST(RedisUrl, EveryPartIsTaken) {
    const auto url = parseRedisUrl("rediss://me:p%40ss%3aw@rd@[::1]:6380/12");
    ASSERT_TRUE(url);
    EXPECT_TRUE(url->tls);
    EXPECT_EQ(url->user, "me");
    EXPECT_EQ(url->password, "p@ss:w@rd");
    EXPECT_EQ(url->host, "::1");
    EXPECT_EQ(url->server(), "[::1]:6380/12");
}

TEST(RedisUrl, APasswordNeedsNoUser) {
    const auto url = parseRedisUrl("redis://:secret@10.0.0.1:7000");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->user, "");
    EXPECT_EQ(url->password, "secret");
    EXPECT_EQ(url->server(), "10.0.0.1:7000/0");
}

TEST(RedisUrl, AProblemNeverShowsThePassword) {
    for (const char* text : {"redis://:top-secret@", "redis:top-secret@host", "redis://:top-secret@host/x",
                             "redis://:top-secret%@host", "redis://:top-secret@host:99999"}) {
        const auto url = parseRedisUrl(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ((url.error().rule + url.error().remedy).find("top-secret"), std::string::npos) << text;
    }
}

} // namespace
} // namespace dashstream::config
