// What passes the Redactor, and what never does.
#include "core/observe/redaction.h"

#include <gmock/gmock.h>

#include <array>
#include <string>

namespace dashstream::observe {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string redact(std::string_view text) {
    return Redactor().redact(text);
}

TEST(Redactor, KnownSecretNeverPasses) {
    Redactor redactor;
    redactor.addSecret("tr0ub4dor");
    EXPECT_EQ(redactor.redact("login with tr0ub4dor failed, tr0ub4dor!"), "login with •••••• failed, ••••••!");
}

TEST(Redactor, KnownSecretIsHiddenInJsonAndUrlsToo) {
    Redactor redactor;
    redactor.addSecret("a\"b\\c d/e");
    EXPECT_EQ(redactor.redact(R"({"x":"a\"b\\c d/e"})"), R"({"x":"••••••"})");
    EXPECT_EQ(redactor.redact("http://h/?q=a%22b%5Cc%20d%2Fe"), "http://h/?q=••••••");
}

TEST(Redactor, SecretInsideAnotherLeavesNothing) {
    Redactor redactor;
    redactor.addSecret("abcd");
    redactor.addSecret("abcdefgh");
    EXPECT_EQ(redactor.redact("abcdefgh"), "••••••");
}

TEST(Redactor, VeryShortSecretDoesNotEatTheText) {
    Redactor redactor;
    redactor.addSecret("abc");
    redactor.addSecret("");
    EXPECT_EQ(redactor.redact("abc of abcess"), "abc of abcess");
}

struct Pattern {
    std::string_view text;
    std::string_view redacted;
};

TEST(Redactor, WhatLooksLikeASecretIsHidden) {
    constexpr std::array<Pattern, 22> kCases{{
        {"password=hunter2", "password=••••••"},
        {"password = hunter2 next", "password = •••••• next"},
        {"Password: hunter2, more", "Password: ••••••, more"},
        {R"("sasl.password": "hunter2")", R"("sasl.password": "••••••")"},
        {R"("sasl.password":"hun\"ter2","x":1)", R"("sasl.password":"••••••","x":1)"},
        {R"({\"password\": \"hunter2\"})", R"({\"password\": \"••••••\"})"},
        {"sasl.password='hunter 2' x", "sasl.password='••••••' x"},
        {"password=\"hunter2", "password=\"••••••"},
        {"KAFKA_SASL_PASSWORD=hunter2", "KAFKA_SASL_PASSWORD=••••••"},
        {"ssl.key.password=hunter2;acks=all", "ssl.key.password=••••••;acks=all"},
        {"client_secret=hunter2&x=1", "client_secret=••••••&x=1"},
        {"Authorization: Bearer hunter2.abc\nnext", "Authorization: ••••••\nnext"},
        {"api_key=hunter2", "api_key=••••••"},
        {"sasl.jaas.config=PlainLoginModule required password=\"hunter2\";", "sasl.jaas.config=••••••"},
        {"redis://:hunter2@host:6379/0", "redis://:••••••@host:6379/0"},
        {"https://bob:hunter2@host/x", "https://bob:••••••@host/x"},
        {"https://bob:hun@ter2@host/x", "https://bob:••••••@host/x"},
        {"at redis://u:hunter2@h, and password=hunter2.", "at redis://u:••••••@h, and password=••••••"},
        {"-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY----- x", "•••••• x"},
        {"-----BEGIN ENCRYPTED PRIVATE KEY-----hunter2", "••••••"},
        {"key -----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----", "key ••••••"},
        {"{password=hunter2}", "{password=••••••}"},
    }};
    for (const Pattern& pattern : kCases) {
        EXPECT_EQ(redact(pattern.text), pattern.redacted);
        EXPECT_THAT(redact(pattern.text), Not(HasSubstr("hunter2")));
    }
}

TEST(Redactor, WhatIsNoSecretStays) {
    for (const char* text : {"", "topic=dashstream-events", "total_tokens=5", "https://host:443/path", "a@b:c",
                             "https://bob@host/", "the password of this user is missing", "password=\"\"",
                             "password=", "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----", "10:11:12",
                             "a://b:c/d@e", "key = value: other", "---- dashes ----", "ends with password"}) {
        EXPECT_EQ(redact(text), text);
    }
}

TEST(Redactor, RedactingAgainChangesNothing) {
    Redactor redactor;
    redactor.addSecret("tr0ub4dor");
    const std::string once = redactor.redact("password=tr0ub4dor and redis://u:tr0ub4dor@h");
    EXPECT_EQ(redactor.redact(once), once);
}

TEST(Redactor, ManyOpenedPatternsCostNoMoreThanTheirLength) {
    // If each beginning had the whole rest searched for its end, this would run into the test's time limit.
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
        text += "-----BEGIN x://password ";
    }
    EXPECT_EQ(redact(text).size(), text.size());
}

} // namespace
} // namespace dashstream::observe
