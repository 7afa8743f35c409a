// Moves what was given into a Config: types, choices, ranges, secrets; one key at a time. Inside core/config.
#pragma once

#include "core/config/given.h"
#include "core/config/loader.h"
#include "core/config/toml_reader.h"

#include <string>
#include <vector>

namespace dashstream::config {

/// What is wrong becomes a finding and leaves the default in place. Resolved secrets are added to `loaded.secrets`.
void applyOptions(const LoadRequest& request, const GivenValues& given, Loaded& loaded, FindingList& findings);
/// kafka.extra.*
void applyExtra(const LoadRequest& request, const GivenValues& given, Loaded& loaded, FindingList& findings);
/// rate.overrides.TENANT.*
void applyOverrides(const GivenValues& given, Loaded& loaded, FindingList& findings);
/// [[sources]]
void applySources(const LoadRequest& request, const TomlDocument& document, Loaded& loaded, FindingList& findings);

} // namespace dashstream::config
