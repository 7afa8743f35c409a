#include "app/settings.h"

#include "app/producer_options.h"
#include "core/config/redis_url.h"
#include "core/kafka/property_check.h"
#include "core/source/source.h"

#include <algorithm>
#include <array>
#include <set>

namespace dashstream::app {

namespace {

using KeyValue = std::pair<std::string, std::string>;

/// Bounded delivery with times so short that retries and dead letters can be watched.
const std::array<KeyValue, 5> kDemoDefaults{{{"delivery.mode", "bounded"},
                                             {"delivery.send_timeout_ms", "3s"},
                                             {"delivery.stall_ms", "1s"},
                                             {"retry.base_ms", "200ms"},
                                             {"retry.max_ms", "2s"}}};
constexpr const char* kBootstrapKey = "kafka.bootstrap_servers";
constexpr const char* kSecurityKey = "kafka.security_protocol";

std::optional<config::SourceProblem> sourceProblem(const std::string& spec) {
    const Result<void> checked = source::checkSpec(spec);
    return checked ? std::nullopt
                   : std::optional(config::SourceProblem{checked.error().message, checked.error().remedy});
}

/// What --demo sets beyond what the user set already.
std::vector<KeyValue> demoSets(const config::Loaded& plain) {
    std::vector<KeyValue> sets;
    for (const config::EffectiveValue& value : plain.values) {
        const auto wanted = std::ranges::find(kDemoDefaults, value.key, &KeyValue::first);
        if (wanted != kDemoDefaults.end() && value.origin == config::OriginKind::Default) {
            sets.push_back(*wanted);
        }
        if (value.key == kSecurityKey && value.origin != config::OriginKind::Default &&
            value.origin != config::OriginKind::CommandLine) {
            sets.emplace_back(kSecurityKey, "plaintext");
        }
    }
    return sets;
}

void markDemoOrigin(config::Loaded& loaded, const std::set<std::string>& keys) {
    for (config::EffectiveValue& value : loaded.values) {
        if (keys.contains(value.key)) {
            value.place = kDemoPlace;
        }
    }
    for (config::Finding& finding : loaded.findings) {
        if (keys.contains(finding.key)) {
            finding.place = kDemoPlace;
        }
    }
}

Result<config::Loaded> loadForDemo(config::LoadRequest request, const config::Loaded& plain) {
    const std::vector<KeyValue> added = demoSets(plain);
    std::set<std::string> keys;
    for (const auto& [key, value] : added) {
        keys.insert(key);
    }
    request.sets.insert(request.sets.begin(), added.begin(), added.end());
    auto loaded = config::load(request);
    if (loaded) {
        markDemoOrigin(*loaded, keys);
    }
    return loaded;
}

} // namespace

Result<Settings> loadSettings(const LaunchOptions& options, const Environment& environment, CheckDepth depth) {
    auto paths = resolvePaths({options.profile, options.configFile, options.dataDir}, environment);
    if (!paths) {
        return fail(paths.error());
    }
    config::LoadRequest request;
    request.file = paths->configFile;
    request.fileRequired = paths->configRequired;
    request.environment = environment;
    request.sets = options.sets;
    request.checkProperty = kafka::checkProperty;
    request.checkSource = sourceProblem;
    if (depth == CheckDepth::WithClient) {
        request.checkClient = clientProblem;
    }
    if (!options.logLevel.empty()) {
        request.sets.emplace_back("log.level", options.logLevel);
    }
    auto loaded = config::load(request);
    if (loaded && options.demo) {
        loaded = loadForDemo(std::move(request), *loaded);
    }
    if (!loaded) {
        return fail(loaded.error());
    }
    Settings settings{std::move(*paths), std::move(*loaded), options.demo};
    if (options.demo) {
        useDemoBrokers(settings, "embedded mock cluster");
    }
    return settings;
}

Result<void> requireUsable(const Settings& settings) {
    if (settings.loaded.usable()) {
        return {};
    }
    std::string text = "The settings cannot be used";
    for (const config::Finding& finding : settings.loaded.findings) {
        if (finding.severity == config::Severity::Error) {
            text += "\n  " + toText(finding);
        }
    }
    return fail(ErrorClass::Usage, "config.invalid", std::move(text));
}

std::string toText(const config::Finding& finding) {
    std::string text = finding.key;
    if (!finding.value.empty()) {
        text += " = " + finding.value;
    }
    if (!finding.place.empty()) {
        text += (text.empty() ? "(" : " (") + finding.place + ")";
    }
    text += (text.empty() ? "" : ": ") + finding.rule;
    if (!finding.remedy.empty()) {
        text += (text.ends_with('.') ? " " : ". ") + finding.remedy;
    }
    return text;
}

void addSecrets(const config::Loaded& loaded, observe::Redactor& redactor) {
    for (const std::string& secret : loaded.secrets) {
        redactor.addSecret(secret);
    }
    // The password within the URL: as it is, and as it stands there percent-encoded.
    const std::string& text = loaded.config.rate.redisUrl;
    if (const auto url = config::parseRedisUrl(text); url && !url->password.empty()) {
        redactor.addSecret(url->password);
        const std::size_t at = text.rfind('@');
        const std::size_t colon = text.find(':', text.find("://") + 3);
        redactor.addSecret(text.substr(colon + 1, at - colon - 1));
    }
}

void useDemoBrokers(Settings& settings, const std::string& bootstrapServers) {
    settings.loaded.config.kafka.bootstrapServers = bootstrapServers;
    for (config::EffectiveValue& value : settings.loaded.values) {
        if (value.key == kBootstrapKey) {
            value.value = bootstrapServers;
            value.origin = config::OriginKind::CommandLine;
            value.place = kDemoPlace;
        }
    }
    std::erase_if(settings.loaded.findings,
                  [](const config::Finding& finding) { return finding.key == kBootstrapKey; });
}

} // namespace dashstream::app
