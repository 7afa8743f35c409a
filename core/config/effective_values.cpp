#include "core/config/effective_values.h"

#include "core/config/kafka_extra.h"
#include "core/config/layers.h"
#include "core/config/option_table.h"
#include "core/config/text_tools.h"

#include <utility>

namespace dashstream::config {

namespace {

std::string hidden(std::string value, bool secret) {
    return secret && !value.empty() ? std::string(kHidden) : std::move(value);
}

/// Of a key that is wrong, what was given is shown: the default in its place would hide the mistake.
EffectiveValue effective(const OptionSpec& option, const GivenValues& given, const FindingList& findings,
                         const Config& config) {
    EffectiveValue shown;
    shown.key = option.key;
    shown.value = formatValue(option.kind, option.access.get(config));
    shown.defaultValue = option.defaultText();
    if (const auto found = given.find(option.key); found != given.end()) {
        shown.origin = found->second.origin;
        shown.place = found->second.place;
        if (findings.hasError(option.key)) {
            shown.value = found->second.raw.text();
        }
    }
    shown.value = hidden(std::move(shown.value), option.secret);
    return shown;
}

void addFreeKeys(std::string_view prefix, const GivenValues& given, std::vector<EffectiveValue>& values) {
    for (auto at = given.lower_bound(prefix); at != given.end() && at->first.starts_with(prefix); ++at) {
        values.push_back({at->first,
                          hidden(at->second.raw.text(), isSecretKey(at->first)),
                          {},
                          at->second.origin,
                          at->second.place});
    }
}

} // namespace

void addEffectiveValues(const GivenValues& given, FindingList& findings, Loaded& loaded) {
    std::vector<EffectiveValue> values;
    for (const OptionSpec& option : options()) {
        values.push_back(effective(option, given, findings, loaded.config));
    }
    addFreeKeys(kExtraPrefix, given, values);
    addFreeKeys(kOverridePrefix, given, values);
    values.insert(values.end(), loaded.values.begin(), loaded.values.end());
    for (EffectiveValue& value : values) {
        value.key = printable(value.key);
        value.value = printable(value.value);
    }
    loaded.values = std::move(values);
}

} // namespace dashstream::config
