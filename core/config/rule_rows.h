// The second half of the rule table. Inside core/config.
#pragma once

#include "core/config/rule_table.h"

#include <span>

namespace dashstream::config {

/// From Rule::TlsPair on.
[[nodiscard]] std::span<const RuleSpec> laterRules();

} // namespace dashstream::config
