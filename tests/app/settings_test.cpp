#include "app/paths.h"
#include "app/settings.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

namespace dashstream::app {
namespace {

Environment environmentOf(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

TEST(Paths, FollowXdgAndFallBackToHome) {
    const auto home = resolvePaths({.profile = "p"}, environmentOf({{"HOME", "/h"}}));
    ASSERT_TRUE(home);
    EXPECT_EQ(home->configFile, "/h/.config/dashstream/profiles/p.toml");
    EXPECT_EQ(home->dataFolder, "/h/.local/share/dashstream/p");
    EXPECT_EQ(home->logFile, "/h/.local/state/dashstream/p.log");
    EXPECT_FALSE(home->configRequired);

    const auto xdg = resolvePaths(
        {.profile = "p"},
        environmentOf(
            {{"HOME", "/h"}, {"XDG_CONFIG_HOME", "/c"}, {"XDG_DATA_HOME", "relative"}, {"XDG_STATE_HOME", "/s"}}));
    ASSERT_TRUE(xdg);
    EXPECT_EQ(xdg->configFile, "/c/dashstream/profiles/p.toml");
    EXPECT_EQ(xdg->dataFolder, "/h/.local/share/dashstream/p"); // a relative one does not count
    EXPECT_EQ(xdg->logFile, "/s/dashstream/p.log");
}

TEST(Paths, GivenOnesReplaceTheProfiles) {
    const auto paths = resolvePaths({.profile = "p", .configFile = "x.toml", .dataFolder = "/d"}, environmentOf({}));
    ASSERT_TRUE(paths) << paths.error().text();
    EXPECT_EQ(paths->configFile, "x.toml");
    EXPECT_TRUE(paths->configRequired);
    EXPECT_EQ(paths->dataFolder, "/d");
}

TEST(Paths, ProfileNameCannotLeaveItsFolder) {
    for (const char* name : {"", "..", "../x", "a/b", ".hidden", "-x", "a b"}) {
        EXPECT_FALSE(resolvePaths({.profile = name}, environmentOf({{"HOME", "/h"}}))) << name;
    }
}

class DemoSettings : public ::testing::Test {
protected:
    Result<Settings> load(std::vector<std::pair<std::string, std::string>> sets,
                          std::map<std::string, std::string> variables = {}) {
        LaunchOptions options;
        options.profile = "demo";
        options.demo = true;
        options.sets = std::move(sets);
        variables["HOME"] = m_home.path().string();
        return loadSettings(options, environmentOf(std::move(variables)));
    }

    static config::EffectiveValue valueOf(const Settings& settings, const std::string& key) {
        const auto found = std::ranges::find(settings.loaded.values, key, &config::EffectiveValue::key);
        EXPECT_NE(found, settings.loaded.values.end()) << key;
        return found == settings.loaded.values.end() ? config::EffectiveValue{} : *found;
    }

    testing::TempDir m_home;
};

TEST_F(DemoSettings, AreBoundedWithShortTimesAndSaySo) {
    const auto settings = load({});
    ASSERT_TRUE(settings) << settings.error().text();
    ASSERT_TRUE(requireUsable(*settings)) << requireUsable(*settings).error().text();
    const config::Config& config = settings->loaded.config;
    EXPECT_EQ(config.delivery.mode, config::DeliveryMode::Bounded);
    EXPECT_EQ(config.delivery.sendTimeout, milliseconds(3000));
    EXPECT_EQ(config.retry.base, milliseconds(200));
    EXPECT_EQ(valueOf(*settings, "delivery.mode").place, "--demo");
    EXPECT_EQ(valueOf(*settings, "kafka.bootstrap_servers").place, "--demo");
    EXPECT_EQ(valueOf(*settings, "retry.attempts").origin, config::OriginKind::Default);
}

TEST_F(DemoSettings, GiveWayToWhatIsSet) {
    const auto settings = load({{"delivery.mode", "until-delivered"}});
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->loaded.config.delivery.mode, config::DeliveryMode::UntilDelivered);
    EXPECT_EQ(valueOf(*settings, "delivery.mode").place, "--set");
}

TEST_F(DemoSettings, DoNotUseTheBrokersAndSecurityOfTheEnvironment) {
    auto settings =
        load({}, {{"KAFKA_BROKERS", "production:9092"}, {"KAFKA_SECURITY_PROTOCOL", "ssl"}, {"KAFKA_TOPIC", "t"}});
    ASSERT_TRUE(settings);
    useDemoBrokers(*settings, "127.0.0.1:1");
    EXPECT_EQ(settings->loaded.config.kafka.bootstrapServers, "127.0.0.1:1");
    EXPECT_EQ(settings->loaded.config.kafka.securityProtocol, config::SecurityProtocol::Plaintext);
    EXPECT_EQ(settings->loaded.config.kafka.topic, "t");
}

TEST(SettingsCheck, RefusesWithAllErrorsAtOnce) {
    const testing::TempDir home;
    LaunchOptions options;
    options.sets = {{"kafka.topic", ""}, {"message.max_bytes", "0"}, {"kafka.topik", "x"}};
    const auto settings = loadSettings(options, environmentOf({{"HOME", home.path().string()}}));
    ASSERT_TRUE(settings);
    const auto usable = requireUsable(*settings);
    ASSERT_FALSE(usable);
    EXPECT_EQ(usable.error().errorClass, ErrorClass::Usage);
    for (const char* key : {"kafka.topic", "message.max_bytes", "kafka.topik"}) {
        EXPECT_NE(usable.error().text().find(key), std::string::npos) << key;
    }
}

TEST(SettingsCheck, SourcesThatCanNeverBeOpenedAreErrorsWithTheirPlace) {
    const testing::TempDir home;
    std::ofstream(home / "p.toml") << "[[sources]]\nname = \"a\"\nsource = \"jsonlines:x\"\n"
                                      "[[sources]]\nname = \"b\"\nsource = \"generate:cuont=4\"\n"
                                      "[[sources]]\nname = \"c\"\nsource = \"frames:\"\n"
                                      "[[sources]]\nname = \"d\"\nsource = \"jsonl:/not/there/yet.jsonl\"\n";
    LaunchOptions options;
    options.configFile = (home / "p.toml").string();
    const auto settings = loadSettings(options, environmentOf({{"HOME", home.path().string()}}));
    ASSERT_TRUE(settings);

    const auto usable = requireUsable(*settings);

    ASSERT_FALSE(usable);
    const std::string text = usable.error().text();
    for (const char* words :
         {"sources.1.source = jsonlines:x (p.toml:1): There is no source \"jsonlines:x\". A source is",
          "sources.2.source = generate:cuont=4 (p.toml:4): ", "cuont\"",
          "sources.3.source = frames: (p.toml:7): The source \"frames:\" names no file"}) {
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
    }
    EXPECT_EQ(text.find("sources.4"), std::string::npos) << "a file may come later";
}

TEST(SettingsSecrets, AreKnownToTheRedactor) {
    const testing::TempDir home;
    LaunchOptions options;
    options.sets = {{"sasl.password", "sasl-pass-1"},
                    {"tls.key_password", "key-pass-22"},
                    {"rate.redis_url", "redis://me:redis%2Dpass-3@host:6379/0"},
                    {"kafka.extra.ssl.keystore.password", "store-pass-4"}};
    const auto settings = loadSettings(options, environmentOf({{"HOME", home.path().string()}}));
    ASSERT_TRUE(settings);
    observe::Redactor redactor;
    addSecrets(settings->loaded, redactor);
    const std::string text = redactor.redact("sasl-pass-1 key-pass-22 redis%2Dpass-3 redis-pass-3 store-pass-4");
    for (const char* secret : {"sasl-pass-1", "key-pass-22", "redis%2Dpass-3", "redis-pass-3", "store-pass-4"}) {
        EXPECT_EQ(text.find(secret), std::string::npos) << secret;
    }
}

} // namespace
} // namespace dashstream::app
