// Dead letters that come in from outside: which of them a store has already, and what the audit log says of them. Any
// thread with its own reader.
#pragma once

#include "core/store/reader.h"

#include <set>
#include <string>
#include <vector>

namespace dashstream::store {

/// Takes out of `letters` what `reader`'s store has, what is in `alsoKnown` (dead letters on their way into it), and
/// what comes a second time.
[[nodiscard]] Result<void> leaveOutKnown(std::vector<DeadLetter>& letters, StoreReader& reader,
                                         const std::set<DeadIdentity>& alsoKnown = {});

/// "dead.import": a page of `file` by `user`.
[[nodiscard]] AuditEntry importEntry(UtcTime at, const std::string& user, const std::string& file,
                                     std::uint64_t imported, std::uint64_t known);
/// "dead.export": into `file`, chosen by `filter` (empty: by hand, or all: `chosen` says so).
[[nodiscard]] AuditEntry exportEntry(UtcTime at, const std::string& user, const std::string& file,
                                     const std::string& filter, const std::string& chosen, std::uint64_t exported);

} // namespace dashstream::store
