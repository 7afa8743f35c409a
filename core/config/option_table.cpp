#include "core/config/option_table.h"

#include "core/config/option_groups.h"
#include "core/config/text_tools.h"

#include <algorithm>
#include <limits>

namespace dashstream::config {

namespace {

std::vector<OptionSpec> makeTable() {
    std::vector<OptionSpec> table;
    addKafkaOptions(table);
    addSecurityOptions(table);
    addMessageOptions(table);
    addDeliveryOptions(table);
    addRateOptions(table);
    addLocalOptions(table);
    return table;
}

std::string bound(Kind kind, double value) {
    return kind == Kind::Number ? formatValue(kind, value) : formatValue(kind, static_cast<std::int64_t>(value));
}

std::string_view lastPart(std::string_view key) {
    const std::size_t dot = key.rfind('.');
    return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

std::string_view groupOf(std::string_view key) {
    return key.substr(0, key.find('.'));
}

std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c == '|' ? std::string("\\|") : std::string(1, c);
    }
    return out;
}

std::string code(std::string_view text) {
    return text.empty() ? std::string() : "`" + cell(text) + "`";
}

void appendRow(std::string& out, const OptionSpec& option) {
    std::string environment;
    for (const std::string_view name : option.environment) {
        environment += (environment.empty() || name.empty() ? "" : ", ") + code(name);
    }
    std::string help = cell(option.help);
    if (option.secret) {
        help += " (secret)";
    }
    out += "| " + code(option.key) + " | " + std::string(option.typeText()) + " | " + code(option.defaultText()) +
           " | " + cell(option.rangeText()) + " | " + help + " | " + environment + " | " + cell(option.rule) + " | " +
           std::string(option.appliesText()) + " |\n";
}

} // namespace

std::string OptionSpec::defaultText() const {
    return formatValue(kind, access.get(Config()));
}

std::string OptionSpec::rangeText() const {
    if (kind == Kind::Choice) {
        std::string words;
        for (const std::string_view choice : choices) {
            words += (words.empty() ? "" : " / ") + std::string(choice);
        }
        return words;
    }
    if (limits.min && limits.max) {
        return bound(kind, *limits.min) + " … " + bound(kind, *limits.max);
    }
    return limits.min ? "≥ " + bound(kind, *limits.min) : std::string();
}

std::string_view OptionSpec::typeText() const {
    switch (kind) {
    case Kind::Text:
        return "text";
    case Kind::Choice:
        return "choice";
    case Kind::Boolean:
        return "true/false";
    case Kind::Count:
        return "whole number";
    case Kind::Number:
        return "number";
    case Kind::Duration:
        return "time";
    case Kind::Bytes:
        return "size";
    }
    return "?";
}

std::string_view OptionSpec::appliesText() const {
    return applies == Applies::Live ? "at once" : "restart";
}

std::span<const OptionSpec> options() {
    static const std::vector<OptionSpec> table = makeTable(); // constant; made by whoever asks first
    return table;
}

const OptionSpec* find(std::string_view key) {
    const auto table = options();
    const auto found = std::find_if(table.begin(), table.end(), [&](const OptionSpec& o) { return o.key == key; });
    return found == table.end() ? nullptr : &*found;
}

std::string_view nearestKey(std::string_view key) {
    key = key.substr(0, 100); // the distance costs the product of both lengths
    std::string_view nearest;
    std::size_t best = std::numeric_limits<std::size_t>::max();
    for (const OptionSpec& option : options()) {
        std::size_t distance = editDistance(key, option.key);
        if (key.find('.') == std::string_view::npos) {
            distance = std::min(distance, editDistance(key, lastPart(option.key)));
        } else {
            // Right name in the wrong table.
            distance = std::min(distance, editDistance(lastPart(key), lastPart(option.key)) + 3);
        }
        if (distance < best) {
            best = distance;
            nearest = option.key;
        }
    }
    return nearest;
}

std::string optionsAsMarkdown() {
    std::string out;
    std::string_view group;
    for (const OptionSpec& option : options()) {
        if (groupOf(option.key) != group) {
            group = groupOf(option.key);
            out += (out.empty() ? "### `" : "\n### `") + std::string(group) + "`\n\n";
            out +=
                "| key | type | default | range | what it does | environment | source of the rule | changes apply |\n";
            out += "|---|---|---|---|---|---|---|---|\n";
        }
        appendRow(out, option);
    }
    return out;
}

} // namespace dashstream::config
