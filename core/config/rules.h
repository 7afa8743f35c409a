// The rules that bind more than one setting, or more than a range can say. Each changes the Config where the rule says
// what a wrong value becomes. Inside core/config.
#pragma once

#include "core/config/given.h"
#include "core/config/loader.h"

namespace dashstream::config {

/// Servers, topic names, tenant, listen addresses.
void checkNames(Config& config, FindingList& findings);
/// TLS and SASL: what goes with what. Looks at no file.
void checkSecurity(const Config& config, FindingList& findings);
/// The certificate and key files that TLS is to use, as of `now`: readable, PEM, valid, a pair, the key its owner's
/// alone.
void checkTlsFiles(const Config& config, UtcTime now, FindingList& findings);
/// Order, idempotence, durability, compression, retries.
void checkDelivery(Config& config, FindingList& findings);
/// Rate limits, of this process alone and shared.
void checkRate(Config& config, FindingList& findings);

} // namespace dashstream::config
