// Makes the effective configuration: default < profile file < environment < --set, through the option table.
// Pure apart from reading the file; any thread.
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dashstream::config {

enum class Severity { Info, Warning, Error };

/// One thing that the check found. `value` is already redacted.
struct Finding {
    Severity severity = Severity::Error;
    std::string key;
    std::string value;
    std::string rule;   ///< what must hold, in words
    std::string remedy; ///< what to do
    std::string place;  ///< "profile.toml:12", "environment KAFKA_TOPIC", "--set"; empty: the default
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

struct LoadRequest {
    std::optional<std::filesystem::path> file; ///< absent or not existing with `fileRequired` false: defaults
    bool fileRequired = false;
    std::function<std::optional<std::string>(const std::string& name)> environment; ///< empty: none is read
    std::vector<std::pair<std::string, std::string>> sets;                          ///< key, value of --set
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
