// Secrets are resolved, and shown nowhere.
#include "core/config/given.h"
#include "core/config/loader.h"
#include "core/config/option_table.h"
#include "tests/core/config/load_helper.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

namespace dashstream::config::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kCanary = "canary-7Zq\"\\x";

TEST(Secrets, CanaryInEverySecretOptionIsNeverShown) {
    for (const OptionSpec& option : options()) {
        if (!option.secret) {
            continue;
        }
        SCOPED_TRACE(option.key);
        Input input;
        input.sets.emplace_back(option.key, kCanary);
        const Loaded fromSet = loadFrom(input);
        EXPECT_THAT(everythingShown(fromSet), Not(HasSubstr("canary")));
        EXPECT_EQ(valueOf(fromSet, option.key).value, kHidden);
        EXPECT_THAT(fromSet.secrets, Contains(kCanary));
        EXPECT_EQ(std::get<std::string>(option.access.get(fromSet.config)), kCanary);

        const Loaded wrongType = loadToml(std::string(option.key) + " = 424242424242");
        EXPECT_FALSE(wrongType.usable());
        EXPECT_THAT(everythingShown(wrongType), Not(HasSubstr("424242424242")));

        if (!option.environment[0].empty()) {
            const Loaded fromVariable = loadFrom({"", {{std::string(option.environment[0]), kCanary}}, {}});
            EXPECT_THAT(everythingShown(fromVariable), Not(HasSubstr("canary")));
            EXPECT_THAT(fromVariable.secrets, Contains(kCanary));
        }
    }
}

TEST(Secrets, EmptySecretIsShownEmpty) {
    EXPECT_EQ(valueOf(loadToml(""), "sasl.password").value, "");
    EXPECT_EQ(valueOf(loadToml("[sasl]\npassword = \"\""), "sasl.password").value, "");
}

TEST(Secrets, SecretLookingExtraIsHiddenAndCollected) {
    const Loaded loaded = loadFrom({"", {}, {{"kafka.extra.ssl.keystore.password", kCanary}}});
    EXPECT_THAT(everythingShown(loaded), Not(HasSubstr("canary")));
    EXPECT_THAT(loaded.secrets, Contains(kCanary));
    EXPECT_EQ(loaded.config.kafka.extra.at("ssl.keystore.password"), kCanary);
}

TEST(Secrets, MistypedSecretKeyDoesNotShowItsValue) {
    EXPECT_THAT(everythingShown(loadToml("[sasl]\npasword = \"canary\"")), Not(HasSubstr("canary")));
    EXPECT_THAT(everythingShown(loadFrom({"", {}, {{"sasl.pasword", "canary"}}})), Not(HasSubstr("canary")));
}

TEST(Secrets, PasswordWithoutQuotesIsNotInTheParsersMessage) {
    for (const char* toml : {"[sasl]\npassword = canary", "[sasl]\npassword = \"a\" canary",
                             "[sasl]\npassword = tcanary", "[sasl]\npassword = 77canary", "[sasl]\npassword = 'canary",
                             "[sasl]\npassword = 987654321987654321987654321", "[sasl]\npassword = incanary"}) {
        const Loaded loaded = loadToml(toml);
        EXPECT_FALSE(loaded.usable()) << toml;
        EXPECT_THAT(everythingShown(loaded), Not(HasSubstr("canary"))) << toml;
        EXPECT_THAT(everythingShown(loaded), Not(HasSubstr("87654321"))) << toml;
    }
}

TEST(Secrets, EnvironmentReferenceIsResolved) {
    const std::string toml = "[sasl]\nusername = \"u\"\npassword = \"env:MY_PASSWORD\"";

    const Loaded loaded = loadFrom({toml, {{"MY_PASSWORD", kCanary}}, {}});

    EXPECT_EQ(loaded.config.sasl.password, kCanary);
    EXPECT_THAT(loaded.secrets, Contains(kCanary));
    EXPECT_THAT(everythingShown(loaded), Not(HasSubstr("canary")));
    EXPECT_TRUE(loaded.usable());
}

TEST(Secrets, MissingVariableIsAnErrorThatNamesIt) {
    const Loaded loaded = loadToml("[kafka]\nsecurity_protocol = \"sasl_ssl\"\n[sasl]\nmechanism = \"PLAIN\"\n"
                                   "username = \"u\"\npassword = \"env:MY_PASSWORD\"");
    const Finding finding = findingOf(loaded, "sasl.password");
    EXPECT_EQ(finding.severity, Severity::Error);
    EXPECT_THAT(finding.rule, HasSubstr("MY_PASSWORD, which is not set"));
    EXPECT_EQ(loaded.findings.size(), 1U) << "one mistake, one finding";
}

TEST(Secrets, FileReferenceIsResolvedWithoutItsLineEnd) {
    const Folder folder;
    folder.write("password.txt", std::string(kCanary) + "\r\n");
    LoadRequest request;
    request.file = folder.write("profile.toml", "[sasl]\nusername = \"u\"\npassword = \"file:password.txt\"");

    const auto loaded = load(request);

    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->config.sasl.password, kCanary);
    EXPECT_THAT(everythingShown(*loaded), Not(HasSubstr("canary")));
}

TEST(Secrets, MissingAndEmptyFilesAreErrors) {
    const Folder folder;
    const auto empty = folder.write("empty", "\n");
    EXPECT_THAT(findingOf(loadFrom({"", {}, {{"sasl.password", "file:/nonexistent/p"}}}), "sasl.password").rule,
                HasSubstr("/nonexistent/p, which cannot be read (No such file or directory)"));
    EXPECT_THAT(findingOf(loadFrom({"", {}, {{"sasl.password", "file:" + empty.string()}}}), "sasl.password").rule,
                HasSubstr("which is empty"));
}

TEST(Secrets, KeyringIsRefusedWithWhatToUseInstead) {
    const Finding finding = findingOf(loadFrom({"", {}, {{"sasl.password", "keyring:"}}}), "sasl.password");
    EXPECT_EQ(finding.severity, Severity::Error);
    EXPECT_THAT(finding.rule, HasSubstr("keyring, which this build does not support"));
    EXPECT_EQ(finding.remedy, "Use env:NAME or file:PATH instead");
}

TEST(Secrets, PlainSecretInAFileThatOthersReadIsAWarning) {
    namespace fs = std::filesystem;
    const Folder folder;
    LoadRequest request;
    request.file = folder.write("profile.toml", "[sasl]\nusername = \"u\"\npassword = \"canary\"");
    fs::permissions(*request.file, fs::perms::group_read, fs::perm_options::add);

    const auto loaded = load(request);

    ASSERT_TRUE(loaded);
    const auto warned = std::find_if(loaded->findings.begin(), loaded->findings.end(), [](const Finding& finding) {
        return finding.severity == Severity::Warning &&
               finding.rule == "is a secret in a file that other users may read";
    });
    ASSERT_NE(warned, loaded->findings.end());
    EXPECT_EQ(warned->key, "sasl.password");
    EXPECT_EQ(warned->value, kHidden);
    EXPECT_EQ(warned->place, "profile.toml:3");
}

} // namespace
} // namespace dashstream::config::test
