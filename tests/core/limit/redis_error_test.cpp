#include "core/limit/redis_error.h"

#include <gtest/gtest.h>

namespace dashstream::limit {
namespace {

struct Reply {
    const char* text;
    const char* code;
};

class EveryReply : public ::testing::TestWithParam<Reply> {};

TEST_P(EveryReply, HasItsCodeTheServerAndARemedy) {
    const Error error = errorOfReply("redis-1:6379/0", GetParam().text);
    EXPECT_EQ(error.code, GetParam().code) << error.text();
    EXPECT_NE(error.message.find("redis-1:6379/0"), std::string::npos);
    EXPECT_FALSE(error.remedy.empty());
}

// As Redis 7 says it, and as Redis 6 does from within a script.
INSTANTIATE_TEST_SUITE_P(
    Redis, EveryReply,
    ::testing::Values(
        Reply{"NOAUTH Authentication required.", "limiter.redis_password"},
        Reply{"WRONGPASS invalid username-password pair or user is disabled.", "limiter.redis_password"},
        Reply{"ERR Client sent AUTH, but no password is set", "limiter.redis_password"},
        Reply{"ERR AUTH <password> called without any password configured for the default user. Are you sure your "
              "configuration is correct?",
              "limiter.redis_password"},
        Reply{"READONLY You can't write against a read only replica. script: 1f, on @user_script:20.",
              "limiter.redis_readonly"},
        Reply{"ERR Error running script (call to f_1f): @user_script:20: @user_script: 20: -READONLY You can't write "
              "against a read only replica. ",
              "limiter.redis_readonly"},
        Reply{"OOM command not allowed when used memory > 'maxmemory'.", "limiter.redis_memory"},
        Reply{"-OOM command not allowed when used memory > 'maxmemory'. script: 1f", "limiter.redis_memory"},
        Reply{"LOADING Redis is loading the dataset in memory", "limiter.redis_loading"},
        Reply{"MOVED 3999 127.0.0.1:6381", "limiter.redis_cluster"},
        Reply{"NOPERM this user has no permissions to run the 'evalsha' command", "limiter.redis_rights"},
        Reply{"WRONGTYPE Operation against a key holding the wrong kind of value", "limiter.bucket"},
        Reply{"BADBUCKET tokens or last_refill is no number", "limiter.bucket"},
        Reply{"ERR something new", "limiter.redis_refused"}));

TEST(RedisError, ForeignTextIsBoundedAndHarmless) {
    const Error error = errorOfReply("r:6379/0", "ERR \x1b[31m\n" + std::string(5000, 'x'));
    EXPECT_LT(error.message.size(), 400U);
    EXPECT_EQ(error.message.find('\x1b'), std::string::npos);
    EXPECT_EQ(error.message.find('\n'), std::string::npos);
}

} // namespace
} // namespace dashstream::limit
