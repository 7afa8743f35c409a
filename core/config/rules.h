// The rules that bind more than one setting, or more than a range can say. Each changes the Config where the rule says
// what a wrong value becomes. Inside core/config.
#pragma once

#include "core/config/given.h"
#include "core/config/loader.h"

namespace dashstream::config {

/// Servers, topic names, tenant, listen addresses.
void checkNames(Config& config, FindingList& findings);
/// TLS and SASL; files are looked at, not opened.
void checkSecurity(const Config& config, FindingList& findings);
/// Order, idempotence, durability, compression, retries, limits.
void checkDelivery(Config& config, FindingList& findings);

} // namespace dashstream::config
