// Each rule with an example of its message.
#include "core/config/loader.h"
#include "core/config/redis_url.h"
#include "tests/core/config/load_helper.h"

#include <gmock/gmock.h>

#include <ostream>

namespace dashstream::config::test {
namespace {

using testing::HasSubstr;

struct Rule {
    std::string name;
    std::vector<std::pair<std::string, std::string>> sets;
    std::string key;
    Severity severity;
    std::string rule;
    std::string remedy;
};

void PrintTo(const Rule& rule, std::ostream* out) {
    *out << rule.name;
}

class Rules : public testing::TestWithParam<Rule> {};

TEST_P(Rules, SaysWhatMustHoldAndWhatToDo) {
    const Loaded loaded = loadFrom({"", {}, GetParam().sets});

    const Finding finding = findingOf(loaded, GetParam().key);
    EXPECT_EQ(finding.severity, GetParam().severity);
    EXPECT_THAT(finding.rule, HasSubstr(GetParam().rule));
    EXPECT_THAT(finding.remedy, HasSubstr(GetParam().remedy));
    EXPECT_FALSE(finding.remedy.empty());
    EXPECT_EQ(loaded.usable(), GetParam().severity != Severity::Error);
}

constexpr auto kError = Severity::Error;
constexpr auto kWarning = Severity::Warning;
constexpr auto kInfo = Severity::Info;

INSTANTIATE_TEST_SUITE_P(
    Names, Rules,
    testing::Values(
        Rule{"NoServers",
             {{"kafka.bootstrap_servers", " "}},
             "kafka.bootstrap_servers",
             kError,
             "at least one broker",
             "host:port"},
        Rule{"BlankServer",
             {{"kafka.bootstrap_servers", "a:1,,b:2"}},
             "kafka.bootstrap_servers",
             kError,
             "empty entry",
             "comma"},
        Rule{"BadPort",
             {{"kafka.bootstrap_servers", "a:65536"}},
             "kafka.bootstrap_servers",
             kError,
             "\"a:65536\" has no port from 1 to 65535",
             "host:port"},
        Rule{"TwiceTheSame",
             {{"kafka.bootstrap_servers", "a:1,A:1"}},
             "kafka.bootstrap_servers",
             kWarning,
             "names A:1 more than once",
             "used once"},
        Rule{"NoPort",
             {{"kafka.bootstrap_servers", "a"}},
             "kafka.bootstrap_servers",
             Severity::Info,
             "gives no port",
             "a:9092 is used"},
        Rule{"EmptyTopic", {{"kafka.topic", ""}}, "kafka.topic", kError, "must not be empty", "name of a topic"},
        Rule{"BadTopic",
             {{"kafka.topic", "my topic"}},
             "kafka.topic",
             kError,
             "only letters, digits",
             "name of a topic"},
        Rule{"EmptyDlqTopic", {{"dlq.topic", ""}}, "dlq.topic", kError, "must not be empty", "name of a topic"},
        Rule{"DlqIsTheTopic",
             {{"dlq.topic", "dashstream-events"}},
             "dlq.topic",
             kError,
             "another topic than kafka.topic",
             "dlq.enabled"},
        Rule{"EmptyTenant", {{"message.tenant", ""}}, "message.tenant", kError, "must not be empty", "tenant"},
        Rule{"EmptyClient", {{"kafka.client_id", ""}}, "kafka.client_id", kError, "must not be empty", "name"},
        Rule{
            "LineEndInText", {{"kafka.client_id", "a\nb"}}, "kafka.client_id", kError, "control characters", "Correct"},
        Rule{"BadListen",
             {{"metrics.listen", "nowhere"}},
             "metrics.listen",
             kError,
             "has no port from 1 to 65535",
             "127.0.0.1:9464"},
        Rule{"ListenIpv6WithoutBrackets",
             {{"health.listen", "::1"}},
             "health.listen",
             kError,
             "without brackets",
             "[::1]:9464"},
        Rule{"ListenForEverybody",
             {{"health.listen", "0.0.0.0:9465"}},
             "health.listen",
             kInfo,
             "asks for no password",
             "127.0.0.1"}),
    [](const auto& rule) { return rule.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Security, Rules,
    testing::Values(
        Rule{"UnknownProtocol",
             {{"kafka.security_protocol", "tls"}},
             "kafka.security_protocol",
             kError,
             "must be one of plaintext / ssl / sasl_plaintext / sasl_ssl",
             "Correct"},
        Rule{"UserWithoutPassword",
             {{"sasl.username", "bob"}},
             "sasl.password",
             kError,
             "is missing while sasl.username is set",
             "Set both"},
        Rule{"PasswordWithoutUser",
             {{"sasl.password", "secret-1"}},
             "sasl.username",
             kError,
             "is missing while sasl.password is set",
             "Set both"},
        Rule{"CertificateWithoutKey",
             {{"tls.certificate_location", "/c.pem"}},
             "tls.key_location",
             kError,
             "is missing while tls.certificate_location is set",
             "Set both"},
        Rule{"KeyWithoutCertificate",
             {{"tls.key_location", "/k.pem"}},
             "tls.certificate_location",
             kError,
             "is missing while tls.key_location is set",
             "Set both"},
        Rule{"SaslWithoutMechanism",
             {{"kafka.security_protocol", "SASL_SSL"}, {"sasl.username", "u"}, {"sasl.password", "pass"}},
             "sasl.mechanism",
             kError,
             "is needed with kafka.security_protocol = \"sasl_ssl\"",
             "SCRAM-SHA-512"},
        Rule{"SaslWithoutUser",
             {{"kafka.security_protocol", "sasl_ssl"}, {"sasl.mechanism", "PLAIN"}},
             "sasl.username",
             kError,
             "is needed",
             "sasl.password"},
        Rule{"PlainInTheClear",
             {{"kafka.security_protocol", "sasl_plaintext"},
              {"sasl.mechanism", "plain"},
              {"sasl.username", "u"},
              {"sasl.password", "pass"}},
             "sasl.mechanism",
             kWarning,
             "unencrypted",
             "sasl_ssl"},
        Rule{"SaslUnused",
             {{"sasl.mechanism", "PLAIN"}},
             "sasl.mechanism",
             kWarning,
             "has no effect with kafka.security_protocol = \"plaintext\"",
             "Remove"},
        Rule{"TlsUnused", {{"tls.ca_location", "/ca.pem"}}, "tls.ca_location", kWarning, "has no effect", "Remove"},
        Rule{"HostNameCheckOff",
             {{"tls.verify_hostname", "false"}},
             "tls.verify_hostname",
             kWarning,
             "is off",
             "Set it to true"},
        Rule{"CaNotReadable",
             {{"kafka.security_protocol", "ssl"}, {"tls.ca_location", "/nonexistent/ca.pem"}},
             "tls.ca_location",
             kError,
             "cannot be read: No such file or directory",
             "path"},
        Rule{"CertificateCheckOff",
             {{"kafka.security_protocol", "ssl"}, {"kafka.extra.enable.ssl.certificate.verification", "false"}},
             "kafka.extra.enable.ssl.certificate.verification",
             kWarning,
             "off",
             "Remove"}),
    [](const auto& rule) { return rule.param.name; });

INSTANTIATE_TEST_SUITE_P(Delivery, Rules,
                         testing::Values(Rule{"StrictNeedsIdempotence",
                                              {{"kafka.idempotence", "false"}},
                                              "kafka.idempotence",
                                              kError,
                                              "must be true with delivery.ordering = \"strict\"",
                                              "relaxed"},
                                         Rule{"RedisUrlWithoutScheme",
                                              {{"rate.redis_url", "localhost:6379"}},
                                              "rate.redis_url",
                                              kError,
                                              "must begin with redis://",
                                              "[user]:password@"},
                                         Rule{"RedisUrlWithoutServer",
                                              {{"rate.redis_url", "redis://:secret@"}},
                                              "rate.redis_url",
                                              kError,
                                              "names no server",
                                              "host[:port]"},
                                         Rule{"RedisUrlWithABadPort",
                                              {{"rate.redis_url", "redis://cache:99999"}},
                                              "rate.redis_url",
                                              kError,
                                              "names no server",
                                              "host[:port]"},
                                         Rule{"RedisUrlWithABadDatabase",
                                              {{"rate.redis_url", "redis://cache/first"}},
                                              "rate.redis_url",
                                              kError,
                                              "no number of a database",
                                              "such as /0"},
                                         Rule{"RedisUrlWithAUserAlone",
                                              {{"rate.redis_url", "redis://me@cache"}},
                                              "rate.redis_url",
                                              kError,
                                              "a user and no password",
                                              "Write user:password@ before the host"},
                                         Rule{"RedisUrlBadlyEncoded",
                                              {{"rate.redis_url", "redis://:50%@cache"}},
                                              "rate.redis_url",
                                              kError,
                                              "two hexadecimal digits",
                                              "%25"},
                                         Rule{"RedisPasswordInTheClear",
                                              {{"rate.redis_url", "redis://:secret@cache"}},
                                              "rate.redis_url",
                                              Severity::Info,
                                              "in the clear",
                                              "rediss://"},
                                         Rule{"RedisAloneLimits",
                                              {{"rate.redis_url", "redis://cache"}},
                                              "rate.limit_per_second",
                                              Severity::Info,
                                              "is 100 where rate.redis_url is set",
                                              "other producers"},
                                         Rule{"LocalOnError",
                                              {{"rate.redis_url", "redis://cache"}, {"rate.on_error", "local"}},
                                              "rate.on_error",
                                              kWarning,
                                              "each process lets its whole limit pass",
                                              "closed"},
                                         Rule{"OnErrorWithoutRedis",
                                              {{"rate.on_error", "local"}},
                                              "rate.on_error",
                                              Severity::Info,
                                              "has no effect without rate.redis_url",
                                              "Remove it"},
                                         Rule{"BatchWithoutCodec",
                                              {{"message.compression", "batch"}},
                                              "message.compression",
                                              kWarning,
                                              "nothing is compressed",
                                              "zstd"},
                                         Rule{"CompressedTwice",
                                              {{"kafka.compression", "lz4"}},
                                              "kafka.compression",
                                              Severity::Info,
                                              "compresses again",
                                              "batch"},
                                         Rule{"ZeroMessageSize",
                                              {{"message.max_bytes", "0"}},
                                              "message.max_bytes",
                                              kError,
                                              "must be in 1B … 64MiB",
                                              "Correct"},
                                         Rule{"LimitZero",
                                              {{"rate.limit_per_second", "0"}},
                                              "rate.limit_per_second",
                                              kError,
                                              "must be in 0.001 … 1000000000",
                                              "Correct"},
                                         Rule{"OverrideNegative",
                                              {{"rate.overrides.acme.burst", "-1"}},
                                              "rate.overrides.acme.burst",
                                              kError,
                                              "must be a number in 1 … 1000000000",
                                              "Correct"},
                                         Rule{"OverrideUnknown",
                                              {{"rate.overrides.acme.speed", "1"}},
                                              "rate.overrides.acme.speed",
                                              kError,
                                              "limit_per_second and burst",
                                              "[rate.overrides.TENANT]"}),
                         [](const auto& rule) { return rule.param.name; });

struct Clamp {
    std::string key;
    std::string given;
    std::string used;
    std::string extraKey = {};
    std::string extraValue = {};
};

void PrintTo(const Clamp& clamp, std::ostream* out) {
    *out << clamp.key << " = " << clamp.given;
}

class Clamps : public testing::TestWithParam<Clamp> {};

TEST_P(Clamps, OutOfRangeIsReplacedWithAWarningThatSaysByWhat) {
    Input input;
    input.sets.emplace_back(GetParam().key, GetParam().given);
    if (!GetParam().extraKey.empty()) {
        input.sets.emplace_back(GetParam().extraKey, GetParam().extraValue);
    }

    const Loaded loaded = loadFrom(input);

    const Finding finding = findingOf(loaded, GetParam().key);
    EXPECT_EQ(finding.severity, Severity::Warning);
    EXPECT_EQ(finding.value, GetParam().given);
    EXPECT_THAT(finding.remedy, HasSubstr(GetParam().used + " is used instead"));
    EXPECT_EQ(valueOf(loaded, GetParam().key).value, GetParam().used);
    EXPECT_TRUE(loaded.usable());
}

INSTANTIATE_TEST_SUITE_P(
    DashStreamLimits, Clamps,
    testing::Values(Clamp{"delivery.send_timeout_ms", "0", "30s"}, Clamp{"message.compression_threshold", "0", "512B"},
                    Clamp{"message.compression_level", "0", "3"}, Clamp{"message.compression_level", "-7", "3"},
                    Clamp{"message.compression_level", "23", "22"}, Clamp{"kafka.max_in_flight", "0", "1"},
                    Clamp{"kafka.max_in_flight", "-3", "1"}, Clamp{"kafka.max_in_flight", "6", "5"},
                    Clamp{"retry.attempts", "0", "1"}, Clamp{"retry.attempts", "21", "20"},
                    Clamp{"retry.base_ms", "0", "100ms"}, Clamp{"retry.max_ms", "0", "5s"},
                    Clamp{"retry.max_ms", "50", "200ms", "retry.base_ms", "200"}));

TEST(Delivery, WithoutIdempotenceMoreRequestsMayBeOnTheWay) {
    const Loaded loaded = loadFrom(
        {"", {}, {{"kafka.idempotence", "false"}, {"delivery.ordering", "relaxed"}, {"kafka.max_in_flight", "100"}}});
    EXPECT_TRUE(loaded.findings.empty()) << everythingShown(loaded);
    EXPECT_EQ(loaded.config.kafka.maxInFlight, 100);
}

TEST(Delivery, EmptyDlqTopicIsFineWhenTheCopyIsOff) {
    const Loaded loaded = loadFrom({"", {}, {{"dlq.enabled", "false"}, {"dlq.topic", ""}}});
    EXPECT_TRUE(loaded.findings.empty()) << everythingShown(loaded);
}

TEST(Delivery, ServersAreStoredWithoutBlanksAndDuplicates) {
    const Loaded loaded = loadFrom({"", {}, {{"kafka.bootstrap_servers", " a:1 , [::1]:9093,a:1, b"}}});
    EXPECT_EQ(loaded.config.kafka.bootstrapServers, "a:1,[::1]:9093,b:9092");
}

TEST(Shown, HostileTextIsMadeFitForTerminalAndJson) {
    const Loaded loaded = loadFrom({"\"\\u001b[2J\" = 1", {{"KAFKA_TOPIC", "a\xff\x1b[2J"}}, {}});

    const std::string shown = everythingShown(loaded);
    EXPECT_EQ(shown.find('\x1b'), std::string::npos);
    EXPECT_EQ(shown.find('\xff'), std::string::npos);
    EXPECT_EQ(valueOf(loaded, "kafka.topic").value, "a\\xFF\\x1B[2J");
    EXPECT_THAT(findingOf(loaded, "kafka.topic").rule, HasSubstr("UTF-8 without control characters"));
}

TEST(Rate, OverridesAreReadByTenantAlsoWithDotsInItsName) {
    const Loaded loaded = loadToml("[rate]\nlimit_per_second = \"50/s\"\n[rate.overrides.acme]\nlimit_per_second = 5\n"
                                   "[rate.overrides.\"a.b\"]\nburst = 7.5\n");

    EXPECT_TRUE(loaded.findings.empty()) << everythingShown(loaded);
    EXPECT_EQ(loaded.config.rate.limitPerSecond, 50);
    EXPECT_EQ(loaded.config.rate.overrides.at("acme").limitPerSecond, 5);
    EXPECT_EQ(loaded.config.rate.overrides.at("acme").burst, std::nullopt);
    EXPECT_EQ(loaded.config.rate.overrides.at("a.b").burst, 7.5);
    EXPECT_EQ(valueOf(loaded, "rate.overrides.a.b.burst").value, "7.5");
}

TEST(Rate, RedisOverTlsIsRefusedInPlainWordsWhereThisBuildCannotDoIt) {
    const Loaded loaded = loadFrom({"", {}, {{"rate.redis_url", "rediss://:top-secret@cache"}}});
    EXPECT_EQ(loaded.usable(), redisTlsSupported());
    if (!redisTlsSupported()) {
        const Finding finding = findingOf(loaded, "rate.redis_url");
        EXPECT_EQ(finding.id, "rate.redis_url");
        EXPECT_THAT(finding.rule, HasSubstr("asks for TLS (rediss://), which this program cannot do"));
        EXPECT_THAT(finding.remedy, HasSubstr("Debian 13 has it"));
    }
    EXPECT_EQ(everythingShown(loaded).find("top-secret"), std::string::npos);
}

TEST(Rate, EmptyLimitIsNoLimit) {
    const Loaded loaded = loadFrom({"[rate]\nlimit_per_second = 5", {}, {{"rate.limit_per_second", ""}}});
    EXPECT_TRUE(loaded.usable());
    EXPECT_EQ(loaded.config.rate.limitPerSecond, std::nullopt);
}

class RefusedProperty : public testing::TestWithParam<std::string> {};

TEST_P(RefusedProperty, IsAnErrorWithWhatToDoInstead) {
    const std::string key = "kafka.extra." + GetParam();
    const Loaded loaded = loadFrom({"", {}, {{key, "1"}}});

    const Finding finding = findingOf(loaded, key);
    EXPECT_EQ(finding.severity, Severity::Error);
    EXPECT_FALSE(finding.rule.empty());
    EXPECT_FALSE(finding.remedy.empty());
    EXPECT_TRUE(loaded.config.kafka.extra.empty());
}

INSTANTIATE_TEST_SUITE_P(BreaksAPromise, RefusedProperty,
                         testing::Values("enable.idempotence", "acks", "request.required.acks", "max.in.flight",
                                         "max.in.flight.requests.per.connection", "transactional.id",
                                         "message.timeout.ms", "delivery.timeout.ms", "queue.buffering.max.messages",
                                         "queue.buffering.max.ms", "delivery.report.only.error", "bootstrap.servers",
                                         "metadata.broker.list", "partitioner", "retries", "message.send.max.retries",
                                         "client.id", "security.protocol", "sasl.username", "sasl.password",
                                         "ssl.key.password", "message.max.bytes", "linger.ms", "compression.codec",
                                         "ACKS", "dr_msg_cb", "oauthbearer_token_refresh_cb", "test.mock.num.brokers",
                                         "plugin.library.paths", "group.id", "no spaces allowed"));

TEST(Extra, OtherPropertiesPassFromEveryLayer) {
    const Loaded loaded = loadFrom({"[kafka.extra]\n\"socket.timeout.ms\" = 1000\nsocket.nagle.disable = true\n",
                                    {},
                                    {{"kafka.extra.metadata.max.age.ms", "5000"}}});

    EXPECT_TRUE(loaded.findings.empty()) << everythingShown(loaded);
    EXPECT_EQ(loaded.config.kafka.extra.at("socket.timeout.ms"), "1000");
    EXPECT_EQ(loaded.config.kafka.extra.at("socket.nagle.disable"), "true");
    EXPECT_EQ(loaded.config.kafka.extra.at("metadata.max.age.ms"), "5000");
    EXPECT_EQ(valueOf(loaded, "kafka.extra.socket.timeout.ms").place, "profile.toml:2");
}

TEST(Extra, ListIsNoValue) {
    EXPECT_THAT(findingOf(loadToml("[kafka.extra]\n\"debug\" = [\"all\"]"), "kafka.extra.debug").rule,
                HasSubstr("must be text, a number, true or false"));
}

} // namespace
} // namespace dashstream::config::test
