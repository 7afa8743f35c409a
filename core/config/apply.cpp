#include "core/config/apply.h"

#include "core/config/kafka_extra.h"
#include "core/config/option_table.h"
#include "core/config/secret_value.h"
#include "core/config/text_tools.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace dashstream::config {

namespace {

constexpr std::string_view kCorrect = "Correct the value";

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
    const std::string rule = "must be in " + option.rangeText();
    const std::optional<double> becomes = below ? option.limits.below : option.limits.above;
    if (!becomes) {
        findings.add(Severity::Error, option.key, rule, std::string(kCorrect));
        return std::nullopt;
    }
    const Value used = whole != nullptr ? Value(static_cast<std::int64_t>(*becomes)) : Value(*becomes);
    findings.add(Severity::Warning, option.key, rule,
                 formatValue(option.kind, used) + " is used instead; correct the value");
    return used;
}

/// Choices become the known spelling, secrets are fetched; none: an error was noted.
std::optional<Value> checkText(const OptionSpec& option, const LoadRequest& request, std::string text, Loaded& loaded,
                               FindingList& findings) {
    if (option.kind == Kind::Choice) {
        auto choice = matchChoice(option, text);
        if (!choice) {
            findings.add(Severity::Error, option.key, "must be one of " + option.rangeText(), std::string(kCorrect));
            return std::nullopt;
        }
        return Value(std::move(*choice));
    }
    if (option.secret) {
        auto secret = resolveSecret(text, request);
        if (!secret) {
            findings.add(Severity::Error, option.key, secret.error().rule, secret.error().remedy);
            return std::nullopt;
        }
        if (!secret->empty()) {
            loaded.secrets.push_back(*secret);
        }
        return Value(std::move(*secret));
    }
    if (hasControlCharacter(text) || !isValidUtf8(text)) {
        findings.add(Severity::Error, option.key, "must be UTF-8 without control characters", std::string(kCorrect));
        return std::nullopt;
    }
    return Value(std::move(text));
}

void applyOne(const OptionSpec& option, const Given& given, const LoadRequest& request, Loaded& loaded,
              FindingList& findings) {
    auto parsed = parseValue(option.kind, option.kind == Kind::Number && option.mayBeEmpty, given.raw);
    if (!parsed) {
        findings.add(Severity::Error, option.key, parsed.error(), std::string(kCorrect));
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
            findings.add(Severity::Error, key, std::string(refusal->rule), std::string(refusal->remedy));
            continue;
        }
        std::string text = value.raw.text();
        if (std::holds_alternative<OtherType>(value.raw.value) || text.find('\0') != std::string::npos) {
            findings.add(Severity::Error, key, "must be text, a number, true or false", std::string(kCorrect));
            continue;
        }
        if (isSecretProperty(property)) {
            auto secret = resolveSecret(text, request);
            if (!secret) {
                findings.add(Severity::Error, key, secret.error().rule, secret.error().remedy);
                continue;
            }
            text = std::move(*secret);
            loaded.secrets.push_back(text);
        }
        loaded.config.kafka.extra.insert_or_assign(property, std::move(text));
    }
}

} // namespace dashstream::config
