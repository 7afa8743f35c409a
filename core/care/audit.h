// Was the audit log changed behind the program's back: follows its hash chain from the first entry to the last, and
// compares it with what the application log says of it. Reads only, whoever holds the profile, a page at a time. Any
// thread; nothing is kept open.
#pragma once

#include "core/care/profile_files.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace dashstream::care {

struct AuditFinding {
    enum class Kind : std::uint8_t {
        Changed,    ///< it says something else than when it was written
        Removed,    ///< entries before it are gone
        Moved,      ///< another stands in its place, and it stands elsewhere
        Added,      ///< this program did not write it
        EndCut,     ///< the last entries are gone
        Rewritten,  ///< the chain fits, and the application log names another entry
        Unreadable, ///< the store is damaged there
    };
    Kind kind = Kind::Changed;
    std::int64_t entry = 0; ///< the one at which it shows; EndCut: the last one that there was
    std::string text;       ///< for a person, without an end of line
};

/// "changed", "removed", …
[[nodiscard]] std::string_view toText(AuditFinding::Kind kind);

struct AuditReport {
    std::int64_t store = 0; ///< its number
    std::int64_t entries = 0;
    std::int64_t last = 0; ///< id of the last entry; 0: there is none
    std::string head;      ///< hash of the last entry, raw
    /// What the chain shows, by entry, then what the log shows; at most kFindingsKept.
    std::vector<AuditFinding> findings;
    std::int64_t found = 0; ///< with those that are not kept

    struct Log {
        int files = 0;                ///< that could be read
        std::int64_t lines = 0;       ///< that name an entry of this store; 0: the log says nothing about it
        std::int64_t last = 0;        ///< the last entry that they name
        std::int64_t otherStores = 0; ///< lines about other stores
    };
    Log log;

    static constexpr std::size_t kFindingsKept = 100;
    [[nodiscard]] bool isWhole() const { return found == 0; }
};

/// `logs`: the application log's files, in whatever order; one that is not there is left out. Errors: those of
/// Salvage::open(); "store.old_version" (Usage): its audit log has no chain yet; "store.cancelled" (Cancelled).
[[nodiscard]] Result<AuditReport> verifyAudit(const std::filesystem::path& dataFolder,
                                              std::span<const std::filesystem::path> logs, const CareOptions& options);

} // namespace dashstream::care
