#include "core/config/difference.h"

#include "core/config/given.h"
#include "core/config/kafka_extra.h"
#include "core/config/layers.h"
#include "core/config/text_tools.h"

#include <algorithm>
#include <map>

namespace dashstream::config {

namespace {

using Texts = std::map<std::string, std::string>;

std::string shown(const std::string& value, bool secret) {
    return secret && !value.empty() ? std::string(kHidden) : printable(value);
}

Texts extraTexts(const Config& config) {
    Texts texts;
    for (const auto& [name, value] : config.kafka.extra) {
        texts.emplace(std::string(kExtraPrefix) + name, value);
    }
    return texts;
}

Texts overrideTexts(const Config& config) {
    Texts texts;
    const auto put = [&texts](const std::string& key, const std::optional<double>& value) {
        if (value) {
            texts.emplace(key, formatValue(Kind::Number, *value));
        }
    };
    for (const auto& [tenant, rate] : config.rate.overrides) {
        put(std::string(kOverridePrefix) + tenant + ".limit_per_second", rate.limitPerSecond);
        put(std::string(kOverridePrefix) + tenant + ".burst", rate.burst);
    }
    return texts;
}

void compare(const Texts& before, const Texts& after, Applies applies, std::vector<Difference>& found) {
    Texts keys = before;
    keys.insert(after.begin(), after.end());
    const auto valueIn = [](const Texts& texts, const std::string& key) {
        const auto at = texts.find(key);
        return at == texts.end() ? std::string() : at->second;
    };
    for (const auto& [key, ignored] : keys) {
        const std::string old = valueIn(before, key);
        const std::string fresh = valueIn(after, key);
        if (old != fresh || before.contains(key) != after.contains(key)) {
            const bool secret = isSecretKey(key);
            found.push_back({printable(key), shown(old, secret), shown(fresh, secret), applies});
        }
    }
}

bool sameSource(const SourceSettings& left, const SourceSettings& right) {
    return left.name == right.name && left.source == right.source;
}

/// Those of `wanted` that run there but not in `present`.
std::vector<SourceSettings> runningOnlyIn(const std::vector<SourceSettings>& wanted,
                                          const std::vector<SourceSettings>& present) {
    std::vector<SourceSettings> only;
    for (const SourceSettings& source : wanted) {
        const bool there = std::any_of(present.begin(), present.end(), [&source](const SourceSettings& other) {
            return other.start && sameSource(source, other);
        });
        if (source.start && !there) {
            only.push_back(source);
        }
    }
    return only;
}

} // namespace

std::string Difference::text() const {
    const auto named = [](const std::string& value) { return value.empty() ? "none" : value; };
    return before == after ? key + " (a secret)" : key + ": " + named(before) + " → " + named(after);
}

std::vector<Difference> differences(const Config& before, const Config& after) {
    std::vector<Difference> found;
    for (const OptionSpec& option : options()) {
        const Value old = option.access.get(before);
        const Value fresh = option.access.get(after);
        if (old != fresh) {
            found.push_back({std::string(option.key), shown(formatValue(option.kind, old), option.secret),
                             shown(formatValue(option.kind, fresh), option.secret), option.applies});
        }
    }
    compare(extraTexts(before), extraTexts(after), Applies::Restart, found);
    const OptionSpec* rate = find("rate.limit_per_second");
    compare(overrideTexts(before), overrideTexts(after), rate == nullptr ? Applies::Restart : rate->applies, found);
    return found;
}

void takeLive(Config& target, const Config& source) {
    for (const OptionSpec& option : options()) {
        if (option.applies == Applies::Live) {
            option.access.set(target, option.access.get(source));
        }
    }
    const OptionSpec* rate = find("rate.limit_per_second");
    if (rate != nullptr && rate->applies == Applies::Live) {
        target.rate.overrides = source.rate.overrides;
    }
}

SourceChanges sourceChanges(const std::vector<SourceSettings>& before, const std::vector<SourceSettings>& after) {
    return {runningOnlyIn(after, before), runningOnlyIn(before, after)};
}

} // namespace dashstream::config
