// The rows of the option table, by group. Inside core/config.
#pragma once

#include "core/config/option_table.h"

#include <vector>

namespace dashstream::config {

void addKafkaOptions(std::vector<OptionSpec>& table);
void addSecurityOptions(std::vector<OptionSpec>& table);
void addMessageOptions(std::vector<OptionSpec>& table);
void addDeliveryOptions(std::vector<OptionSpec>& table);
void addRateOptions(std::vector<OptionSpec>& table);
void addLocalOptions(std::vector<OptionSpec>& table);

} // namespace dashstream::config
