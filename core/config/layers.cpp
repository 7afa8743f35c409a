#include "core/config/layers.h"

#include "core/config/kafka_extra.h"
#include "core/config/option_table.h"
#include "core/config/text_tools.h"

#include <algorithm>
#include <utility>

namespace dashstream::config {

namespace {

bool isKnown(std::string_view key) {
    return find(key) != nullptr || (key.starts_with(kExtraPrefix) && key.size() > kExtraPrefix.size()) ||
           !splitOverrideKey(key).tenant.empty();
}

bool isGroup(std::string_view key) {
    const std::string prefix = std::string(key) + ".";
    const auto table = options();
    return key == "kafka.extra" || key == "rate.overrides" ||
           std::any_of(table.begin(), table.end(), [&](const OptionSpec& o) { return o.key.starts_with(prefix); });
}

/// Its value is not shown: a mistyped key may stand for a secret.
void refuseKey(const std::string& key, std::string place, FindingList& findings) {
    if (key == "sources" || key.starts_with("sources.")) {
        findings.addAt(Rule::KeyOfSources, key, {}, std::move(place));
    } else if (isGroup(key)) {
        findings.addAt(Rule::KeyIsGroup, key, {}, std::move(place), {key});
    } else if (key.starts_with(kOverridePrefix)) {
        findings.addAt(Rule::KeyOfOverride, key, {}, std::move(place));
    } else {
        findings.addAt(Rule::KeyUnknown, key, {}, std::move(place), {std::string(nearestKey(key))});
    }
}

/// Kafka's word for the host name check is not true or false. False: neither, and said so.
bool translateEndpointAlgorithm(std::string& text) {
    const std::string word = toLower(trim(text));
    if (word != "https" && word != "none") {
        return false;
    }
    text = word == "https" ? "true" : "false";
    return true;
}

void addVariable(const OptionSpec& option, std::string_view name, std::string text, GivenValues& given,
                 FindingList& findings) {
    const std::string place = "environment " + std::string(name);
    if (option.key == "tls.verify_hostname" && !translateEndpointAlgorithm(text)) {
        findings.addAt(Rule::VariableEndpoint, std::string(option.key), text, place, {std::string(name)});
        return;
    }
    given.insert_or_assign(std::string(option.key), Given{{std::move(text), true}, OriginKind::Environment, place});
}

/// An empty variable counts as not set.
std::string lookUp(const LoadRequest& request, std::string_view name) {
    return name.empty() ? std::string() : request.environment(std::string(name)).value_or("");
}

} // namespace

OverrideKey splitOverrideKey(std::string_view key) {
    if (!key.starts_with(kOverridePrefix)) {
        return {};
    }
    key.remove_prefix(kOverridePrefix.size());
    const std::size_t dot = key.rfind('.');
    if (dot == std::string_view::npos || dot == 0) {
        return {};
    }
    const OverrideKey split{key.substr(0, dot), key.substr(dot + 1)};
    return split.field == "limit_per_second" || split.field == "burst" ? split : OverrideKey{};
}

void addFileLayer(const TomlDocument& document, const std::string& fileName, GivenValues& given,
                  FindingList& findings) {
    for (const TomlEntry& entry : document.entries) {
        const std::string place = fileName + ":" + std::to_string(entry.line);
        if (!isKnown(entry.key)) {
            refuseKey(entry.key, place, findings);
            continue;
        }
        const auto [at, isNew] = given.try_emplace(entry.key, Given{entry.value, OriginKind::File, place});
        if (!isNew) {
            findings.addAt(Rule::KeyTwice, entry.key, {}, place, {at->second.place});
        }
    }
}

void addEnvironmentLayer(const LoadRequest& request, GivenValues& given, FindingList& findings) {
    if (!request.environment) {
        return;
    }
    for (const OptionSpec& option : options()) {
        const auto& [firstName, secondName] = option.environment;
        std::string first = lookUp(request, firstName);
        std::string second = lookUp(request, secondName);
        if (!first.empty() && !second.empty() && first != second) {
            findings.addAt(Rule::VariablesDiffer, std::string(option.key), option.secret ? std::string(kHidden) : first,
                           "environment " + std::string(firstName), {std::string(firstName), std::string(secondName)});
        }
        if (!first.empty()) {
            addVariable(option, firstName, std::move(first), given, findings);
        } else if (!second.empty()) {
            addVariable(option, secondName, std::move(second), given, findings);
        }
    }
}

void addSetLayer(const LoadRequest& request, GivenValues& given, FindingList& findings) {
    for (const auto& [key, text] : request.sets) {
        if (isKnown(key)) {
            given.insert_or_assign(key, Given{{text, true}, OriginKind::CommandLine, "--set"});
        } else {
            refuseKey(key, "--set", findings);
        }
    }
}

} // namespace dashstream::config
