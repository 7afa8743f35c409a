// What a changed configuration changes, and what of it can take effect at once.
#include "core/config/difference.h"

#include <gmock/gmock.h>

namespace dashstream::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Difference, SameConfigurationsDoNotDiffer) {
    EXPECT_THAT(differences(Config(), Config()), IsEmpty());
}

TEST(Difference, SaysKeyValuesAndWhetherItAppliesAtOnce) {
    Config before;
    Config after;
    after.log.level = "debug";
    after.kafka.linger = milliseconds{20};

    const auto found = differences(before, after);

    ASSERT_THAT(found, SizeIs(2));
    EXPECT_EQ(found[0].text(), "kafka.linger_ms: 5ms → 20ms");
    EXPECT_EQ(found[0].applies, Applies::Restart);
    EXPECT_EQ(found[1].text(), "log.level: info → debug");
    EXPECT_EQ(found[1].applies, Applies::Live);
}

TEST(Difference, SecretIsFoundButNotShown) {
    Config before;
    Config after;
    before.sasl.password = "old-secret";
    after.sasl.password = "new-secret";

    const auto found = differences(before, after);

    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].text(), "sasl.password (a secret)");
}

TEST(Difference, FreeKeysAreCompared) {
    Config before;
    Config after;
    before.kafka.extra["socket.timeout.ms"] = "1000";
    after.rate.overrides["acme"].burst = 5;

    const auto found = differences(before, after);

    ASSERT_THAT(found, SizeIs(2));
    EXPECT_EQ(found[0].text(), "kafka.extra.socket.timeout.ms: 1000 → none");
    EXPECT_EQ(found[1].text(), "rate.overrides.acme.burst: none → 5");
}

TEST(Difference, OnlyLiveSettingsAreTaken) {
    Config running;
    Config fresh;
    fresh.log.level = "debug";
    fresh.metricsListen = "127.0.0.1:9464";
    fresh.kafka.topic = "other";

    takeLive(running, fresh);

    EXPECT_EQ(running.log.level, "debug");
    EXPECT_EQ(running.metricsListen, "127.0.0.1:9464");
    EXPECT_EQ(running.kafka.topic, Config().kafka.topic);
}

TEST(SourceChanges, StartAndStopOnlyWhatChanged) {
    const std::vector<SourceSettings> before{
        {"kept", "jsonl:a", true}, {"gone", "jsonl:b", true}, {"moved", "jsonl:c", true}, {"later", "jsonl:d", false}};
    const std::vector<SourceSettings> after{
        {"kept", "jsonl:a", true}, {"moved", "jsonl:x", true}, {"later", "jsonl:d", true}, {"idle", "jsonl:e", false}};

    const SourceChanges changes = sourceChanges(before, after);

    const auto names = [](const std::vector<SourceSettings>& sources) {
        std::vector<std::string> found;
        for (const SourceSettings& source : sources) {
            found.push_back(source.name);
        }
        return found;
    };
    EXPECT_THAT(names(changes.start), ElementsAre("moved", "later"));
    EXPECT_THAT(names(changes.stop), ElementsAre("gone", "moved"));
}

} // namespace
} // namespace dashstream::config
