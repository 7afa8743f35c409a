// The log of a profile: only the process that holds the profile's store writes it. Any thread.
#pragma once

#include "app/settings.h"
#include "core/observe/logging.h"
#include "core/store/audit_chain.h"

#include <memory>

namespace dashstream::app {

/// Error "log.cannot_open" (Local).
[[nodiscard]] Result<std::unique_ptr<observe::Logger>>
openProfileLog(const Settings& settings, const std::shared_ptr<const observe::Redactor>& redactor);

/// One line that says where the audit log ends; none while it is empty.
void logAuditHead(observe::Logger& logger, const store::AuditHead& head);

} // namespace dashstream::app
