// config check / show / keys.
#include "app/commands/commands.h"
#include "app/text_table.h"
#include "core/config/option_table.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::app {

namespace {

std::string_view toText(config::Severity severity) {
    switch (severity) {
    case config::Severity::Info:
        return "info";
    case config::Severity::Warning:
        return "warning";
    case config::Severity::Error:
        return "error";
    }
    return "?";
}

std::string_view toText(config::OriginKind origin) {
    switch (origin) {
    case config::OriginKind::Default:
        return "default";
    case config::OriginKind::File:
        return "file";
    case config::OriginKind::Environment:
        return "environment";
    case config::OriginKind::CommandLine:
        return "command line";
    }
    return "?";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

std::string counted(std::ptrdiff_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

ExitCode check(const Settings& settings, CommandContext& context) {
    const auto& findings = settings.loaded.findings;
    nlohmann::json array = nlohmann::json::array();
    for (const config::Finding& finding : findings) {
        array.push_back({{"severity", toText(finding.severity)},
                         {"id", finding.id},
                         {"key", finding.key},
                         {"value", finding.value},
                         {"rule", finding.rule},
                         {"remedy", finding.remedy},
                         {"place", finding.place}});
        context.out.text(std::string(toText(finding.severity)) + ": " + dashstream::app::toText(finding) + "\n");
    }
    const auto errors = std::ranges::count(findings, config::Severity::Error, &config::Finding::severity);
    const auto warnings = std::ranges::count(findings, config::Severity::Warning, &config::Finding::severity);
    context.out.value({{"usable", settings.loaded.usable()},
                       {"file", settings.paths.configFile.string()},
                       {"errors", errors},
                       {"warnings", warnings},
                       {"findings", std::move(array)}});
    context.out.text("Profile " + settings.paths.profile + ": " + counted(errors, "error") + ", " +
                     counted(warnings, "warning") + "\n");
    return settings.loaded.usable() ? ExitCode::Done : ExitCode::Usage;
}

ExitCode show(const Settings& settings, bool origin, CommandContext& context) {
    std::vector<TextTable::Column> columns{{"KEY"}, {"VALUE"}};
    if (origin) {
        columns.push_back({"ORIGIN"});
    }
    TextTable table(std::move(columns));
    nlohmann::json values = nlohmann::json::array();
    for (const config::EffectiveValue& value : settings.loaded.values) {
        const std::string from(value.place.empty() ? toText(value.origin) : std::string_view(value.place));
        nlohmann::json object{{"key", value.key}, {"value", value.value}};
        if (origin) {
            object.update({{"default", value.defaultValue}, {"origin", toText(value.origin)}, {"place", value.place}});
        }
        values.push_back(std::move(object));
        table.add({value.key, value.value, from});
    }
    context.out.value(values);
    context.out.text(table.takePage());
    return ExitCode::Done;
}

/// The variables that set it, the first that is set wins.
std::vector<std::string> variablesOf(const config::OptionSpec& option) {
    std::vector<std::string> names;
    for (const std::string_view name : option.environment) {
        if (!name.empty()) {
            names.emplace_back(name);
        }
    }
    return names;
}

ExitCode keys(CommandContext& context) {
    constexpr std::size_t kWide = 200;
    TextTable table({{"KEY"},
                     {"TYPE"},
                     {"UNIT"},
                     {"DEFAULT"},
                     {"RANGE"},
                     {"CHANGES APPLY"},
                     {"HELP", TextTable::Align::Left, kWide},
                     {"ENVIRONMENT"},
                     {"SOURCE OF THE RULE"}});
    nlohmann::json array = nlohmann::json::array();
    for (const config::OptionSpec& option : config::options()) {
        const std::vector<std::string> variables = variablesOf(option);
        array.push_back({{"key", option.key},
                         {"type", option.typeText()},
                         {"default", option.defaultText()},
                         {"range", option.rangeText()},
                         {"unit", option.unit},
                         {"secret", option.secret},
                         {"applies", option.appliesText()},
                         {"environment", variables},
                         {"help", option.help},
                         {"rule", option.rule}});
        table.add({std::string(option.key), std::string(option.typeText()) + (option.secret ? ", secret" : ""),
                   std::string(option.unit), option.defaultText(), option.rangeText(),
                   std::string(option.appliesText()), std::string(option.help), joined(variables),
                   std::string(option.rule)});
    }
    context.out.value(array);
    context.out.text(table.takePage());
    return ExitCode::Done;
}

} // namespace

ExitCode run(const ConfigOptions& options, CommandContext& context) {
    if (options.verb == ConfigOptions::Verb::Keys) {
        return keys(context);
    }
    const bool checks = options.verb == ConfigOptions::Verb::Check;
    auto settings = settingsOf(context, checks ? CheckDepth::WithClient : CheckDepth::Settings);
    if (!settings) {
        return refuse(context, settings.error());
    }
    return checks ? check(*settings, context) : show(*settings, options.origin, context);
}

} // namespace dashstream::app
