// Makes the effective configuration: default < profile file < environment < --set, through the option table.
// Pure apart from reading the file; any thread.
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"
#include "core/config/severity.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dashstream::config {

/// One thing that the check found. `value` is already redacted.
struct Finding {
    Severity severity = Severity::Error;
    std::string key;
    std::string value;
    std::string rule;   ///< what must hold, in words
    std::string remedy; ///< what to do
    std::string place;  ///< "profile.toml:12", "environment KAFKA_TOPIC", "--set"; empty: the default
    std::string id;     ///< of the rule (rule_table.h), "servers.port"; stays, for scripts
};

enum class OriginKind { Default, File, Environment, CommandLine };

/// One effective value as a person may see it (secrets redacted), with where it came from.
struct EffectiveValue {
    std::string key;
    std::string value;
    std::string defaultValue;
    OriginKind origin = OriginKind::Default;
    std::string place; ///< as in Finding
};

/// Why the client library does not take a property.
struct PropertyProblem {
    std::string nearest; ///< it does not know the name; the known one that looks most like it
    std::string text;    ///< it knows the name, but refuses the value for this reason, which holds no secret
};

/// Why a source of [[sources]] can be none.
struct SourceProblem {
    std::string rule;
    std::string remedy;
};

struct LoadRequest {
    std::optional<std::filesystem::path> file; ///< absent or not existing with `fileRequired` false: defaults
    bool fileRequired = false;
    std::function<std::optional<std::string>(const std::string& name)> environment; ///< empty: none is read
    std::vector<std::pair<std::string, std::string>> sets;                          ///< key, value of --set
    /// What the client library says of a property of kafka.extra and its value; empty: it is not asked.
    std::function<std::optional<PropertyProblem>(const std::string& name, const std::string& value)> checkProperty;
    /// What is wrong with the text of a source; nothing is opened. Empty: it is not asked.
    std::function<std::optional<SourceProblem>(const std::string& source)> checkSource;
    /// Why the client library would make no client of all settings together; empty: it is not asked.
    std::function<std::optional<std::string>(const Config& config)> checkClient;
    std::optional<UtcTime> now; ///< by which certificates are judged; absent: the system's clock
};

struct Loaded {
    Config config;                      ///< usable only when no finding is an Error
    std::vector<Finding> findings;      ///< all at once, errors first, then by key
    std::vector<EffectiveValue> values; ///< one a key of the table, in its order, then kafka.extra.* and sources
    std::vector<std::string> secrets;   ///< resolved secret values for observe::Redactor; never printed, never logged

    [[nodiscard]] bool usable() const;
};

/// Reads and checks. Fails only where there is nothing to check: an unreadable file. Bad TOML, unknown keys (with the
/// nearest known one), bad values and broken rules are findings.
[[nodiscard]] Result<Loaded> load(const LoadRequest& request);

} // namespace dashstream::config
