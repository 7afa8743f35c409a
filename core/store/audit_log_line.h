// The line by which the application log repeats where the audit log ends: made, and found again. Pure; any thread.
#pragma once

#include "core/store/audit_chain.h"

#include <optional>
#include <string>
#include <string_view>

namespace dashstream::store {

/// The log's component that says it.
inline constexpr std::string_view kAuditLogComponent = "store";

/// "audit: entry 7, head <64 hex digits>, store <16 hex digits>".
[[nodiscard]] std::string auditLogText(const AuditHead& head);
/// From a whole line of the log file; nothing: it says something else. A text that only quotes such a line is none.
[[nodiscard]] std::optional<AuditHead> auditHeadIn(std::string_view line);

/// Lower case, two digits a byte.
[[nodiscard]] std::string toHex(std::string_view bytes);
/// Of a store's number: 16 digits.
[[nodiscard]] std::string storeNumberText(std::int64_t store);

} // namespace dashstream::store
