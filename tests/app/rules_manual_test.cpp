// Each validation rule is broken by its own example, and the manual shows the message that then comes.
// DASHSTREAM_WRITE_MANUAL=1 writes the page anew.
#include "app/producer_options.h"
#include "app/settings.h"
#include "core/config/rule_table.h"
#include "core/config/text_tools.h"
#include "core/kafka/property_check.h"
#include "core/source/source.h"
#include "tests/support/certificates.h"
#include "tests/support/manual_page.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace dashstream::app {
namespace {

using config::Finding;
using config::Rule;
using config::RuleSpec;

constexpr const char* kShownFolder = "/etc/dashstream";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

std::map<std::string, std::string> variablesOf(const RuleSpec& spec) {
    std::map<std::string, std::string> variables;
    for (const std::string_view line : config::split(spec.variables, '\n')) {
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos) {
            variables.emplace(line.substr(0, equals), line.substr(equals + 1));
        }
    }
    return variables;
}

class RulesManual : public ::testing::Test {
protected:
    void SetUp() override { testing::writeCertificates(m_folder.path()); }

    /// What the whole check says of the rule's example.
    config::Loaded check(const RuleSpec& spec) {
        namespace fs = std::filesystem;
        const fs::path file = m_folder.path() / "profile.toml";
        std::ofstream(file) << replaced(std::string(spec.example), "{dir}", m_folder.path().string());
        fs::permissions(file, spec.rule == Rule::SecretFileRights
                                  ? fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read
                                  : fs::perms::owner_read | fs::perms::owner_write);
        config::LoadRequest request;
        request.file = file;
        request.environment = [variables = variablesOf(spec)](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        };
        request.checkProperty = kafka::checkProperty;
        request.checkSource = [](const std::string& text) -> std::optional<config::SourceProblem> {
            const auto checked = source::checkSpec(text);
            return checked ? std::nullopt
                           : std::optional(config::SourceProblem{checked.error().message, checked.error().remedy});
        };
        request.checkClient = [](const config::Config& config) { return clientProblem(config); };
        request.now = testing::certificatesDay();
        auto loaded = config::load(request);
        EXPECT_TRUE(loaded) << spec.id;
        return loaded ? std::move(*loaded) : config::Loaded{};
    }

    static Finding* findingOf(config::Loaded& loaded, const RuleSpec& spec) {
        const auto found = std::ranges::find(loaded.findings, spec.id, &Finding::id);
        return found == loaded.findings.end() ? nullptr : &*found;
    }

    [[nodiscard]] std::string shown(const std::string& text) const {
        return replaced(text, m_folder.path().string(), kShownFolder);
    }

    testing::TempDir m_folder;
};

std::string exampleCell(const RuleSpec& spec) {
    std::string cell;
    const auto add = [&cell](std::string line) {
        constexpr std::size_t kLongest = 90;
        line = line.size() > kLongest ? line.substr(0, kLongest) + "…" : line;
        cell += (cell.empty() ? "`" : "<br>`") + line + "`";
    };
    for (const std::string_view line : config::split(spec.example, '\n')) {
        if (!line.empty()) {
            add(replaced(std::string(line), "{dir}", kShownFolder));
        }
    }
    for (const auto& [name, value] : variablesOf(spec)) {
        if (spec.example.empty()) {
            add(name + "=" + value);
        }
    }
    return replaced(cell, "|", "\\|");
}

std::string_view severityOf(config::Severity severity) {
    return severity == config::Severity::Error ? "error" : severity == config::Severity::Warning ? "warning" : "note";
}

TEST_F(RulesManual, TableIsCompleteAndInItsOrder) {
    std::set<std::string_view> ids;
    ASSERT_EQ(config::rules().size(), static_cast<std::size_t>(Rule::Count));
    for (std::size_t i = 0; i < config::rules().size(); ++i) {
        const RuleSpec& spec = config::rules()[i];
        EXPECT_EQ(static_cast<std::size_t>(spec.rule), i) << spec.id;
        EXPECT_TRUE(ids.insert(spec.id).second) << spec.id;
        EXPECT_FALSE(spec.about.empty()) << spec.id;
        EXPECT_FALSE(spec.text.empty()) << spec.id;
        EXPECT_FALSE(spec.remedy.empty()) << spec.id;
        EXPECT_FALSE(spec.example.empty() && spec.variables.empty()) << spec.id;
    }
}

TEST_F(RulesManual, EachExampleBreaksItsRuleAndNoOtherAsAnError) {
    for (const RuleSpec& spec : config::rules()) {
        config::Loaded loaded = check(spec);
        Finding* finding = findingOf(loaded, spec);
        ASSERT_NE(finding, nullptr) << spec.id;
        EXPECT_EQ(finding->severity, spec.severity) << spec.id;
        EXPECT_EQ(finding->key.empty(), spec.rule == Rule::FileNotToml) << spec.id;
        EXPECT_EQ(finding->rule.find('{'), std::string::npos) << finding->rule;
        EXPECT_EQ(finding->remedy.find('{'), std::string::npos) << finding->remedy;
        for (const Finding& other : loaded.findings) {
            EXPECT_TRUE(other.id == spec.id || other.severity != config::Severity::Error)
                << spec.id << " also breaks " << other.id << ": " << toText(other);
        }
    }
}

TEST_F(RulesManual, PageListsEachRuleWithItsMessage) {
    std::string table =
        "| rule | kind | what is checked | for example | what the check says |\n|---|---|---|---|---|\n";
    for (const RuleSpec& spec : config::rules()) {
        config::Loaded loaded = check(spec);
        Finding* finding = findingOf(loaded, spec);
        ASSERT_NE(finding, nullptr) << spec.id;
        if (spec.rule == Rule::FileNotToml) { // the words are the TOML library's, which differ by its version
            const std::string words = finding->rule.substr(finding->rule.find(':') + 2);
            finding->rule = replaced(finding->rule, words, "…");
            finding->remedy = config::fillIn(spec.remedy, std::vector<std::string>{"", "1", "…"});
        }
        const std::string message =
            replaced(replaced(shown(toText(*finding)), std::string(250, 'a'), std::string(10, 'a') + "…"), "|", "\\|");
        table += "| `" + std::string(spec.id) + "` | " + std::string(severityOf(spec.severity)) + " | " +
                 std::string(spec.about) + " | " + exampleCell(spec) + " | " + message + " |\n";
    }

    testing::expectInManual("configuration-rules.md", "rule table", table);
}

} // namespace
} // namespace dashstream::app
