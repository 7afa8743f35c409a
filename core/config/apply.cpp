#include "core/config/apply.h"

#include "core/base/utf8.h"
#include "core/config/kafka_extra.h"
#include "core/config/option_table.h"
#include "core/config/secret_value.h"
#include "core/config/text_tools.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace dashstream::config {

namespace {

std::optional<std::string> matchChoice(const OptionSpec& option, const std::string& text) {
    if (text.empty() && option.mayBeEmpty) {
        return text;
    }
    const auto same = [&](std::string_view choice) { return toLower(choice) == toLower(text); };
    const auto found = std::find_if(option.choices.begin(), option.choices.end(), same);
    return found == option.choices.end() ? std::nullopt : std::optional(std::string(*found));
}

/// Within the limits, or what the limits say instead, with a warning; none: an error was noted.
std::optional<Value> withinLimits(const OptionSpec& option, Value value, FindingList& findings) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    const auto* real = std::get_if<double>(&value);
    if (whole == nullptr && real == nullptr) {
        return value;
    }
    const double number = whole != nullptr ? static_cast<double>(*whole) : *real;
    const bool below = option.limits.min && number < *option.limits.min;
    const bool above = option.limits.max && number > *option.limits.max;
    if (!below && !above) {
        return value;
    }
    const std::optional<double> becomes = below ? option.limits.below : option.limits.above;
    if (!becomes) {
        findings.add(Rule::ValueRange, option.key, {option.rangeText()});
        return std::nullopt;
    }
    const Value used = whole != nullptr ? Value(static_cast<std::int64_t>(*becomes)) : Value(*becomes);
    findings.add(Rule::ValueReplaced, option.key, {option.rangeText(), formatValue(option.kind, used)});
    return used;
}

/// Choices become the known spelling, secrets are fetched; none: an error was noted.
std::optional<Value> checkText(const OptionSpec& option, const LoadRequest& request, std::string text, Loaded& loaded,
                               FindingList& findings) {
    if (option.kind == Kind::Choice) {
        auto choice = matchChoice(option, text);
        if (!choice) {
            findings.add(Rule::ValueChoice, option.key, {option.rangeText()});
            return std::nullopt;
        }
        return Value(std::move(*choice));
    }
    if (option.secret) {
        auto secret = resolveSecret(text, request);
        if (!secret) {
            findings.add(secret.error().rule, option.key, secret.error().fill);
            return std::nullopt;
        }
        collectSecret(*secret, loaded.secrets);
        return Value(std::move(*secret));
    }
    if (hasControlCharacter(text) || findInvalidUtf8(text) != std::string_view::npos) {
        findings.add(Rule::ValueText, option.key);
        return std::nullopt;
    }
    return Value(std::move(text));
}

void applyOne(const OptionSpec& option, const Given& given, const LoadRequest& request, Loaded& loaded,
              FindingList& findings) {
    auto parsed = parseValue(option.kind, option.kind == Kind::Number && option.mayBeEmpty, given.raw);
    if (!parsed) {
        findings.add(Rule::ValueType, option.key, {parsed.error()});
        return;
    }
    std::optional<Value> value = std::move(*parsed);
    if (auto* text = std::get_if<std::string>(&*value)) {
        value = checkText(option, request, std::move(*text), loaded, findings);
    } else {
        value = withinLimits(option, std::move(*value), findings);
    }
    if (value) {
        option.access.set(loaded.config, *value);
    }
}

/// The value of kafka.extra.`property`, its secret resolved, taken by the client library; none: an error was noted.
std::optional<std::string> extraText(const LoadRequest& request, const std::string& property, const Given& given,
                                     Loaded& loaded, FindingList& findings) {
    const std::string key = std::string(kExtraPrefix) + property;
    std::string text = given.raw.text();
    if (std::holds_alternative<OtherType>(given.raw.value) || text.find('\0') != std::string::npos) {
        findings.add(Rule::ExtraType, key);
        return std::nullopt;
    }
    if (isSecretProperty(property)) {
        auto secret = resolveSecret(text, request);
        if (!secret) {
            findings.add(secret.error().rule, key, secret.error().fill);
            return std::nullopt;
        }
        text = std::move(*secret);
        collectSecret(text, loaded.secrets);
    }
    if (const auto problem = request.checkProperty ? request.checkProperty(property, text) : std::nullopt) {
        const bool isKnown = problem->nearest.empty();
        findings.add(isKnown ? Rule::ExtraValue : Rule::ExtraUnknown, key,
                     {isKnown ? problem->text : problem->nearest});
        return std::nullopt;
    }
    return text;
}

} // namespace

void applyOptions(const LoadRequest& request, const GivenValues& given, Loaded& loaded, FindingList& findings) {
    for (const OptionSpec& option : options()) {
        if (const auto found = given.find(option.key); found != given.end()) {
            applyOne(option, found->second, request, loaded, findings);
        }
    }
}

void applyExtra(const LoadRequest& request, const GivenValues& given, Loaded& loaded, FindingList& findings) {
    for (auto at = given.lower_bound(kExtraPrefix); at != given.end() && at->first.starts_with(kExtraPrefix); ++at) {
        const auto& [key, value] = *at;
        const std::string property = key.substr(kExtraPrefix.size());
        if (const auto refusal = refusedProperty(property)) {
            findings.add(Rule::ExtraReserved, key, {std::string(refusal->rule), std::string(refusal->remedy)});
            continue;
        }
        if (auto text = extraText(request, property, value, loaded, findings)) {
            loaded.config.kafka.extra.insert_or_assign(property, std::move(*text));
        }
    }
}

} // namespace dashstream::config
