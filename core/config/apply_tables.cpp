#include "core/config/apply.h"
#include "core/config/layers.h"
#include "core/config/option_table.h"
#include "core/config/text_tools.h"

#include <optional>
#include <set>
#include <utility>

namespace dashstream::config {

namespace {

/// Says so when a field of [[sources]] cannot be taken; `wanted` in words.
void refuseField(const TomlEntry& field, const std::string& key, const std::string& wanted, const std::string& place,
                 FindingList& findings) {
    findings.addAt(Rule::SourceValue, key + "." + field.key, field.value.text(), place, {wanted});
}

void takeField(const TomlEntry& field, const std::string& key, const std::string& place, SourceSettings& source,
               FindingList& findings) {
    const bool isText = field.key == "name" || field.key == "source";
    if (!isText && field.key != "start" && field.key != "resume") {
        findings.addAt(Rule::SourceField, key + "." + field.key, {}, place);
        return;
    }
    const auto value = parseValue(isText ? Kind::Text : Kind::Boolean, false, field.value);
    if (!value) {
        refuseField(field, key, value.error(), place, findings);
        return;
    }
    if (!isText) {
        const bool wanted = std::get<bool>(*value);
        field.key == "start" ? source.start = wanted : source.resume.emplace(wanted);
        return;
    }
    const auto& text = std::get<std::string>(*value);
    if (trim(text).empty() || hasControlCharacter(text)) {
        refuseField(field, key, "must be text without control characters and not blank", place, findings);
        return;
    }
    (field.key == "name" ? source.name : source.source) = std::string(trim(text));
}

/// None as well where nobody can say.
std::optional<SourceProblem> problemOf(const LoadRequest& request, const std::string& source) {
    return source.empty() || !request.checkSource ? std::nullopt : request.checkSource(source);
}

bool isFile(const std::string& source) {
    return source.starts_with("jsonl:") || source.starts_with("frames:");
}

std::string shown(const SourceSettings& source) {
    return source.source + (source.resume == false ? " (anew each time)" : "") + (source.start ? "" : " (not started)");
}

} // namespace

void applyOverrides(const GivenValues& given, Loaded& loaded, FindingList& findings) {
    for (auto at = given.lower_bound(kOverridePrefix); at != given.end() && at->first.starts_with(kOverridePrefix);
         ++at) {
        const OverrideKey key = splitOverrideKey(at->first);
        const OptionSpec* option = find("rate." + std::string(key.field));
        const auto parsed = parseValue(Kind::Number, false, at->second.raw);
        const double* number = parsed ? std::get_if<double>(&*parsed) : nullptr;
        if (option == nullptr || number == nullptr || *number < option->limits.min || *number > option->limits.max) {
            findings.add(Rule::OverrideValue, at->first, {option != nullptr ? option->rangeText() : std::string()});
            continue;
        }
        TenantRate& rate = loaded.config.rate.overrides[std::string(key.tenant)];
        (key.field == "burst" ? rate.burst : rate.limitPerSecond) = *number;
    }
}

void applySources(const LoadRequest& request, const TomlDocument& document, Loaded& loaded, FindingList& findings) {
    const std::string fileName = request.file ? request.file->filename().string() : std::string();
    std::set<std::string> names;
    for (std::size_t i = 0; i < document.sources.size(); ++i) {
        const TomlSource& given = document.sources[i];
        const std::string key = "sources." + std::to_string(i + 1);
        const std::string place = fileName + ":" + std::to_string(given.line);
        SourceSettings source;
        for (const TomlEntry& field : given.fields) {
            takeField(field, key, fileName + ":" + std::to_string(field.line), source, findings);
        }
        if (source.source.empty() && !findings.hasError(key + ".source")) {
            findings.addAt(Rule::SourceMissing, key + ".source", {}, place);
        }
        if (const auto problem = problemOf(request, source.source)) {
            findings.addAt(Rule::SourceKind, key + ".source", source.source, place, {problem->rule, problem->remedy});
        }
        if (source.resume == true && !source.source.empty() && !isFile(source.source)) {
            findings.addAt(Rule::SourceResume, key + ".resume", "true", place, {source.source});
        }
        if (source.name.empty()) {
            source.name = source.source;
        }
        if (!names.insert(source.name).second) {
            findings.addAt(Rule::SourceName, key + ".name", source.name, place);
        }
        loaded.values.push_back({"sources." + source.name, shown(source), {}, OriginKind::File, place});
        loaded.config.sources.push_back(std::move(source));
    }
}

} // namespace dashstream::config
