// Layers, places, unknown keys, types: what load() makes of what it is given.
#include "core/config/loader.h"
#include "core/config/option_table.h"
#include "tests/core/config/load_helper.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>

namespace dashstream::config::test {
namespace {

using testing::HasSubstr;

TEST(Loader, NothingGivenIsUsableAndAllDefaults) {
    const auto loaded = load({});

    ASSERT_TRUE(loaded);
    EXPECT_TRUE(loaded->findings.empty()) << everythingShown(*loaded);
    EXPECT_EQ(loaded->config.kafka.topic, "dashstream-events");
    EXPECT_EQ(loaded->config.delivery.durability, Durability::Journal);
    for (const EffectiveValue& value : loaded->values) {
        EXPECT_EQ(value.origin, OriginKind::Default);
        EXPECT_EQ(value.value, value.defaultValue);
    }
}

struct Layer {
    bool file;
    bool environment;
    bool set;
    std::string_view topic;
    OriginKind origin;
    std::string_view place;
};

class Precedence : public testing::TestWithParam<Layer> {};

TEST_P(Precedence, LaterLayerWins) {
    Input input;
    input.toml = GetParam().file ? "\n[kafka]\ntopic = \"from-file\"\n" : "";
    if (GetParam().environment) {
        input.environment["KAFKA_TOPIC"] = "from-environment";
    }
    if (GetParam().set) {
        input.sets.emplace_back("kafka.topic", "from-set");
    }

    const Loaded loaded = loadFrom(input);

    EXPECT_TRUE(loaded.usable());
    EXPECT_EQ(loaded.config.kafka.topic, GetParam().topic);
    EXPECT_EQ(valueOf(loaded, "kafka.topic").origin, GetParam().origin);
    EXPECT_EQ(valueOf(loaded, "kafka.topic").place, GetParam().place);
}

INSTANTIATE_TEST_SUITE_P(
    AllLayers, Precedence,
    testing::Values(Layer{false, false, false, "dashstream-events", OriginKind::Default, ""},
                    Layer{true, false, false, "from-file", OriginKind::File, "profile.toml:3"},
                    Layer{false, true, false, "from-environment", OriginKind::Environment, "environment KAFKA_TOPIC"},
                    Layer{true, true, false, "from-environment", OriginKind::Environment, "environment KAFKA_TOPIC"},
                    Layer{false, false, true, "from-set", OriginKind::CommandLine, "--set"},
                    Layer{true, false, true, "from-set", OriginKind::CommandLine, "--set"},
                    Layer{false, true, true, "from-set", OriginKind::CommandLine, "--set"},
                    Layer{true, true, true, "from-set", OriginKind::CommandLine, "--set"}));

TEST(Loader, LastSetOfTheSameKeyWins) {
    const Loaded loaded = loadFrom({"", {}, {{"kafka.topic", "one"}, {"kafka.topic", "two"}}});
    EXPECT_EQ(loaded.config.kafka.topic, "two");
}

TEST(Loader, FirstSpellingOfAVariableWinsWithAWarningWhenTheyDiffer) {
    const Loaded loaded = loadFrom({"", {{"KAFKA_BROKERS", "a:1"}, {"KAFKA_BOOTSTRAP_SERVERS", "b:2"}}, {}});

    EXPECT_EQ(loaded.config.kafka.bootstrapServers, "a:1");
    const Finding finding = findingOf(loaded, "kafka.bootstrap_servers");
    EXPECT_EQ(finding.severity, Severity::Warning);
    EXPECT_THAT(finding.rule, HasSubstr("KAFKA_BROKERS and KAFKA_BOOTSTRAP_SERVERS say different things"));
    EXPECT_THAT(finding.remedy, HasSubstr("KAFKA_BROKERS is used"));
}

TEST(Loader, SecondSpellingAloneIsUsedAndEqualSpellingsAreNoFinding) {
    const Loaded second = loadFrom({"", {{"DASHSTREAM_TOPIC", "events"}}, {}});
    EXPECT_EQ(second.config.kafka.topic, "events");
    EXPECT_EQ(valueOf(second, "kafka.topic").place, "environment DASHSTREAM_TOPIC");

    const Loaded both = loadFrom({"", {{"DASHSTREAM_TOPIC", "events"}, {"KAFKA_TOPIC", "events"}}, {}});
    EXPECT_TRUE(both.findings.empty());
}

TEST(Loader, EmptyVariableCountsAsNotSet) {
    const Loaded loaded = loadFrom({"[kafka]\ntopic = \"from-file\"", {{"KAFKA_TOPIC", ""}}, {}});
    EXPECT_EQ(loaded.config.kafka.topic, "from-file");
}

TEST(Loader, HostNameCheckIsReadFromKafkasWords) {
    EXPECT_TRUE(loadFrom({"", {{"KAFKA_SSL_ENDPOINT_ALGORITHM", "https"}}, {}}).config.tls.verifyHostname);
    EXPECT_FALSE(loadFrom({"", {{"KAFKA_SSL_ENDPOINT_ALGORITHM", "none"}}, {}}).config.tls.verifyHostname);

    const Loaded wrong = loadFrom({"", {{"KAFKA_SSL_ENDPOINT_ALGORITHM", "true"}}, {}});
    EXPECT_FALSE(wrong.usable());
    EXPECT_EQ(findingOf(wrong, "tls.verify_hostname").rule, "must be https or none");
    EXPECT_TRUE(wrong.config.tls.verifyHostname);
}

struct Misspelt {
    std::string_view given;
    std::string_view nearest;
};

TEST(Loader, UnknownKeyIsAnErrorThatNamesTheNearest) {
    constexpr std::array<Misspelt, 5> kCases{{{"kafka.topc", "kafka.topic"},
                                              {"retry.attemps", "retry.attempts"},
                                              {"topic", "kafka.topic"},
                                              {"kafka.tenant", "message.tenant"},
                                              {"kafka.bootstrap.servers", "kafka.bootstrap_servers"}}};
    for (const Misspelt& misspelt : kCases) {
        const Loaded fromFile = loadToml(std::string(misspelt.given) + " = \"x\"");
        const Loaded fromSet = loadFrom({"", {}, {{std::string(misspelt.given), "x"}}});

        for (const Loaded* loaded : {&fromFile, &fromSet}) {
            const Finding finding = findingOf(*loaded, misspelt.given);
            EXPECT_FALSE(loaded->usable());
            EXPECT_EQ(finding.rule, "is not a known setting; the nearest is " + std::string(misspelt.nearest));
            EXPECT_EQ(finding.value, "") << "a mistyped key may stand for a secret";
        }
        EXPECT_EQ(findingOf(fromFile, misspelt.given).place, "profile.toml:1");
        EXPECT_EQ(findingOf(fromSet, misspelt.given).place, "--set");
    }
}

TEST(Loader, GroupWithoutASettingIsSaidToBeAGroup) {
    EXPECT_THAT(findingOf(loadToml("kafka = 3"), "kafka").rule, HasSubstr("is a group of settings"));
    EXPECT_THAT(findingOf(loadToml("[kafka]\nextra = 3"), "kafka.extra").rule, HasSubstr("is a group of settings"));
}

TEST(Loader, QuotedAndPlainKeyTogetherAreGivenTwice) {
    const Loaded loaded = loadToml("\"kafka.topic\" = \"a\"\n[kafka]\ntopic = \"b\"\n");
    EXPECT_FALSE(loaded.usable());
    EXPECT_THAT(findingOf(loaded, "kafka.topic").rule, HasSubstr("must be given once"));
}

struct WrongType {
    std::string_view toml;
    std::string_view key;
    std::string_view rule;
};

TEST(Loader, WrongTypeIsAnErrorThatSaysTheRightOne) {
    constexpr std::array<WrongType, 8> kCases{
        {{"[kafka]\ntopic = 5", "kafka.topic", "must be text"},
         {"[kafka]\nidempotence = \"true\"", "kafka.idempotence", "must be true or false"},
         {"[kafka]\nidempotence = 1", "kafka.idempotence", "must be true or false"},
         {"[kafka]\nbootstrap_servers = [\"a:1\"]", "kafka.bootstrap_servers", "must be text"},
         {"[retry]\nattempts = true", "retry.attempts", "must be a whole number"},
         {"[retry]\nattempts = 2.5", "retry.attempts", "must be a whole number"},
         {"[kafka]\nlinger_ms = 2000-01-01", "kafka.linger_ms", "must be a time"},
         {"[message]\nmax_bytes = \"lots\"", "message.max_bytes", "must be a size"}}};
    for (const WrongType& wrong : kCases) {
        const Loaded loaded = loadToml(std::string(wrong.toml));
        const Finding finding = findingOf(loaded, wrong.key);
        EXPECT_FALSE(loaded.usable()) << wrong.toml;
        EXPECT_EQ(finding.severity, Severity::Error);
        EXPECT_THAT(finding.rule, HasSubstr(wrong.rule)) << wrong.toml;
        EXPECT_EQ(finding.place, "profile.toml:2");
    }
}

TEST(Loader, BadTomlIsOneFindingWithItsLine) {
    const Loaded loaded = loadToml("[kafka]\ntopic = \"a\"\nlinger_ms = = 3\n");

    ASSERT_EQ(loaded.findings.size(), 1U);
    EXPECT_EQ(loaded.findings[0].place, "profile.toml:3");
    EXPECT_THAT(loaded.findings[0].rule, HasSubstr("is not valid TOML"));
    EXPECT_THAT(loaded.findings[0].remedy, HasSubstr("Correct line 3"));
    EXPECT_FALSE(loaded.usable());
}

TEST(Loader, FindingsAreErrorsFirstThenByKey) {
    const Loaded loaded =
        loadToml("[retry]\nattempts = 0\n[kafka]\ntopic = \"\"\nmax_in_flight = 0\n[dlq]\ntopic = \"\"");

    std::vector<std::string> keys;
    for (const Finding& finding : loaded.findings) {
        keys.push_back(finding.key);
    }
    EXPECT_THAT(keys,
                testing::ElementsAre("dlq.topic", "dlq.topic", "kafka.topic", "kafka.max_in_flight", "retry.attempts"));
}

TEST(Loader, RequiredFileThatIsMissingFails) {
    LoadRequest request;
    request.file = "/nonexistent/profile.toml";
    request.fileRequired = true;

    const auto loaded = load(request);

    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, "config.cannot_read");
    EXPECT_EQ(loaded.error().errorClass, ErrorClass::Usage);
    EXPECT_THAT(loaded.error().text(), HasSubstr("/nonexistent/profile.toml"));
    EXPECT_THAT(loaded.error().text(), HasSubstr("No such file or directory"));
}

TEST(Loader, OptionalFileThatIsMissingGivesDefaults) {
    LoadRequest request;
    request.file = "/nonexistent/profile.toml";
    const auto loaded = load(request);
    ASSERT_TRUE(loaded);
    EXPECT_TRUE(loaded->usable());
}

TEST(Loader, FolderInsteadOfAFileFails) {
    const Folder folder;
    LoadRequest request;
    request.file = folder.path();
    const auto loaded = load(request);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().text(), HasSubstr("it is a folder"));
}

TEST(Loader, FileAboveOneMebibyteIsNotRead) {
    const Folder folder;
    LoadRequest request;
    request.file = folder.write("big.toml", std::string((1U << 20U) + 1, '#'));
    const auto loaded = load(request);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().text(), HasSubstr("it is larger than 1048576 bytes"));
}

TEST(Loader, SourcesAreReadInTheirOrder) {
    const Loaded loaded = loadToml("[[sources]]\nname = \"sample\"\nsource = \"jsonl:/tmp/a.jsonl\"\n\n"
                                   "[[sources]]\nsource = \"generate:count=5\"\nstart = false\n\n"
                                   "[[sources]]\nsource = \"frames:b\"\nresume = false\n\n"
                                   "[[sources]]\nsource = \"frames:c\"\nresume = true\n");

    EXPECT_TRUE(loaded.usable()) << everythingShown(loaded);
    ASSERT_EQ(loaded.config.sources.size(), 4U);
    EXPECT_EQ(loaded.config.sources[0].name, "sample");
    EXPECT_TRUE(loaded.config.sources[0].start);
    EXPECT_EQ(loaded.config.sources[1].name, "generate:count=5");
    EXPECT_FALSE(loaded.config.sources[1].start);
    EXPECT_EQ(valueOf(loaded, "sources.sample").value, "jsonl:/tmp/a.jsonl");
    EXPECT_EQ(valueOf(loaded, "sources.sample").place, "profile.toml:1");
    EXPECT_EQ(valueOf(loaded, "sources.generate:count=5").value, "generate:count=5 (not started)");
    EXPECT_EQ(loaded.config.sources[0].resume, std::nullopt);
    EXPECT_EQ(loaded.config.sources[2].resume, false);
    EXPECT_EQ(valueOf(loaded, "sources.frames:b").value, "frames:b (anew each time)");
    EXPECT_EQ(loaded.config.sources[3].resume, true);
}

TEST(Loader, WrongSourcesAreFindings) {
    EXPECT_THAT(findingOf(loadToml("[[sources]]\nname = \"a\""), "sources.1.source").rule,
                HasSubstr("must say where messages come from"));
    EXPECT_EQ(findingOf(loadToml("[[sources]]\nsource = 5"), "sources.1.source").rule, "must be text");
    EXPECT_THAT(findingOf(loadToml("[[sources]]\nsource = \"-\"\nspeed = 1"), "sources.1.speed").rule,
                HasSubstr("is not known"));
    EXPECT_THAT(findingOf(loadToml("[[sources]]\nsource = \"-\"\n[[sources]]\nsource = \"-\""), "sources.2.name").rule,
                HasSubstr("another name"));
    EXPECT_THAT(findingOf(loadToml("[[sources]]\nsource = \"-\"\nresume = true"), "sources.1.resume").rule,
                HasSubstr("no place to go on from"));
    EXPECT_TRUE(loadToml("[[sources]]\nsource = \"-\"\nresume = false").usable());
    EXPECT_THAT(findingOf(loadToml("[sources]\nname = \"a\""), "sources.name").remedy, HasSubstr("[[sources]]"));
    EXPECT_THAT(findingOf(loadToml("sources = 3"), "sources").rule, HasSubstr("[[sources]]"));
}

} // namespace
} // namespace dashstream::config::test
