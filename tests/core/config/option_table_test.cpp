// Every row of the table works, and the manual says what the table says. DASHSTREAM_WRITE_MANUAL=1 writes its table
// anew.
#include "core/config/option_table.h"
#include "tests/core/config/load_helper.h"
#include "tests/support/manual_page.h"

#include <gmock/gmock.h>

#include <set>

namespace dashstream::config::test {
namespace {

/// A valid value that is not the default, in the form in which it is shown.
std::string sampleOf(const OptionSpec& option) {
    switch (option.kind) {
    case Kind::Text:
        if (option.key == "kafka.bootstrap_servers" || option.key.ends_with(".listen")) {
            return "sample.example:1234";
        }
        return "sample";
    case Kind::Choice: {
        const bool firstIsDefault = option.defaultText() == option.choices.front();
        return std::string(firstIsDefault ? option.choices.back() : option.choices.front());
    }
    case Kind::Boolean:
        return option.defaultText() == "true" ? "false" : "true";
    case Kind::Count:
        return option.defaultText() == "2" ? "3" : "2";
    case Kind::Number:
        return "2.5";
    case Kind::Duration:
        return "777ms";
    case Kind::Bytes:
        return "17MiB";
    }
    return {};
}

std::string tomlOf(const OptionSpec& option, const std::string& sample) {
    const bool quoted = option.kind != Kind::Boolean && option.kind != Kind::Count && option.kind != Kind::Number;
    return std::string(option.key) + " = " + (quoted ? "\"" + sample + "\"" : sample);
}

std::string shownAs(const OptionSpec& option, const std::string& sample) {
    return option.secret ? "••••••" : sample;
}

TEST(OptionTable, EveryOptionLoadsFromFileSetAndEnvironmentAndIsShown) {
    for (const OptionSpec& option : options()) {
        SCOPED_TRACE(option.key);
        const std::string sample = sampleOf(option);
        ASSERT_NE(sample, option.defaultText());
        std::vector<std::pair<Loaded, OriginKind>> loads;
        loads.emplace_back(loadToml(tomlOf(option, sample)), OriginKind::File);
        loads.emplace_back(loadFrom({"", {}, {{std::string(option.key), sample}}}), OriginKind::CommandLine);
        for (const std::string_view name : option.environment) {
            const std::string text = option.key != "tls.verify_hostname" ? sample : "none";
            if (!name.empty()) {
                loads.emplace_back(loadFrom({"", {{std::string(name), text}}, {}}), OriginKind::Environment);
            }
        }
        for (const auto& [loaded, origin] : loads) {
            EXPECT_EQ(formatValue(option.kind, option.access.get(loaded.config)), sample);
            EXPECT_EQ(valueOf(loaded, option.key).value, shownAs(option, sample));
            EXPECT_EQ(valueOf(loaded, option.key).origin, origin);
            EXPECT_EQ(valueOf(loaded, option.key).defaultValue, option.defaultText());
        }
    }
}

TEST(OptionTable, DefaultsAreWithinTheirOwnLimits) {
    for (const OptionSpec& option : options()) {
        const Loaded loaded = loadFrom({"", {}, {{std::string(option.key), option.defaultText()}}});
        EXPECT_TRUE(loaded.findings.empty()) << option.key << "\n" << everythingShown(loaded);
    }
}

TEST(OptionTable, ValuesAreShownInTheTablesOrder) {
    const Loaded loaded = loadToml("");
    ASSERT_EQ(loaded.values.size(), options().size());
    for (std::size_t i = 0; i < options().size(); ++i) {
        EXPECT_EQ(loaded.values[i].key, options()[i].key);
    }
}

TEST(OptionTable, EveryRowIsComplete) {
    std::set<std::string_view> keys;
    std::set<std::string_view> variables;
    for (const OptionSpec& option : options()) {
        EXPECT_TRUE(keys.insert(option.key).second) << option.key;
        EXPECT_FALSE(option.help.empty()) << option.key;
        EXPECT_EQ(option.help.find('\n'), std::string_view::npos) << option.key;
        EXPECT_FALSE(option.rule.empty()) << option.key;
        EXPECT_NE(option.access.get, nullptr) << option.key;
        EXPECT_EQ(option.kind == Kind::Choice, !option.choices.empty()) << option.key;
        EXPECT_EQ(option.kind == Kind::Duration, option.unit == "ms") << option.key;
        for (const std::string_view name : option.environment) {
            EXPECT_TRUE(name.empty() || variables.insert(name).second) << name;
        }
        EXPECT_EQ(find(option.key), &option);
        EXPECT_EQ(nearestKey(option.key), option.key);
    }
    EXPECT_EQ(variables.size(), 15U) << "13 variables of the wire rules, two of them with a second spelling";
    EXPECT_EQ(find("kafka.nothing"), nullptr);
}

TEST(Manual, TableOfSettingsIsTheOptionTable) {
    testing::expectInManual("configuration.md", "option table", optionsAsMarkdown());
}

} // namespace
} // namespace dashstream::config::test
