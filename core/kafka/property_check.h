// Asks librdkafka itself whether it knows a property and takes its value, for the check of kafka.extra.*. No client, no
// network. Any thread.
#pragma once

#include "core/config/loader.h"

#include <optional>
#include <string>
#include <vector>

namespace dashstream::kafka {

/// None: librdkafka takes it. To be handed to config::load().
[[nodiscard]] std::optional<config::PropertyProblem> checkProperty(const std::string& name, const std::string& value);

/// Every property that this librdkafka knows, by its own table.
[[nodiscard]] std::vector<std::string> propertyNames();

} // namespace dashstream::kafka
