// The hash chain of the audit log: each entry's hash covers the one before it and all that the entry says, so that one
// that is changed, taken out or moved shows. The encoding is described in resources/docs/store-format.md; it is never
// changed, only followed by another with another tag. Any thread that owns the database given.
#pragma once

#include "core/store/records.h"
#include "core/store/sqlite.h"

#include <string>
#include <string_view>

namespace dashstream::store {

/// Where the chain ends.
struct AuditHead {
    std::int64_t store = 0; ///< number of the store, made once at random: a log may name entries of several
    std::int64_t id = 0;    ///< of the last entry; 0: there is none
    std::string hash = {};  ///< its hash, 32 raw bytes; empty: there is none
    std::int64_t given = 0; ///< the highest id that an entry ever got

    /// Ids are never used twice, and without gap unless entries were taken away.
    [[nodiscard]] std::int64_t nextId() const { return (given > id ? given : id) + 1; }
};

/// SHA-256, 32 raw bytes, of what `entry` says behind the entry whose hash is `previous` (empty: it is the first). Its
/// own hash is not read. Error "store.digest" (Local): OpenSSL gives no SHA-256.
[[nodiscard]] Result<std::string> auditHash(std::int64_t store, std::string_view previous, const AuditEntry& entry);

[[nodiscard]] Result<AuditHead> readAuditHead(Database& database);

/// The step of the schema that began the chain: hashes for the entries that are there, then the triggers that refuse
/// whatever would change one. Inside a transaction that the caller holds.
[[nodiscard]] Result<void> chainAuditEntries(Database& database);

} // namespace dashstream::store
