// What config show displays. Inside core/config.
#pragma once

#include "core/config/given.h"
#include "core/config/loader.h"

namespace dashstream::config {

/// One a key of the table, in its order, then kafka.extra.*, rate.overrides.*, then the sources that are there already.
void addEffectiveValues(const GivenValues& given, FindingList& findings, Loaded& loaded);

} // namespace dashstream::config
