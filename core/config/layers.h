// Brings file, environment and command line together: the later layer wins. Inside core/config.
#pragma once

#include "core/config/given.h"
#include "core/config/loader.h"
#include "core/config/toml_reader.h"

#include <string>

namespace dashstream::config {

inline constexpr std::string_view kOverridePrefix = "rate.overrides.";

/// "rate.overrides.TENANT.burst" → TENANT and burst; both empty when `key` is not of that form.
struct OverrideKey {
    std::string_view tenant;
    std::string_view field;
};
[[nodiscard]] OverrideKey splitOverrideKey(std::string_view key);

/// Unknown keys become findings and go no further.
void addFileLayer(const TomlDocument& document, const std::string& fileName, GivenValues& given, FindingList& findings);
void addEnvironmentLayer(const LoadRequest& request, GivenValues& given, FindingList& findings);
void addSetLayer(const LoadRequest& request, GivenValues& given, FindingList& findings);

} // namespace dashstream::config
