// Follows the hash chain of the audit log entry by entry and says where it does not fit. One thread.
#pragma once

#include "core/care/audit.h"
#include "core/store/audit_chain.h"

#include <functional>
#include <optional>

namespace dashstream::care {

class AuditWalk {
public:
    /// `report`: its store is set; gets what is counted and found.
    AuditWalk(store::Database& database, AuditReport& report, const CareOptions& options)
        : m_database(database), m_report(report), m_options(options) {}

    /// Error "store.cancelled" (Cancelled), and that of auditHash().
    [[nodiscard]] Result<void> run();

private:
    struct Row {
        store::AuditEntry entry;
        bool typed = false; ///< every column has its own type; another may read the same and be something else
    };
    /// False: no more.
    using Visitor = std::function<Result<bool>(const Row& row)>;

    /// Every entry from this id on that can be read; then m_broken says whether that is all.
    [[nodiscard]] Result<void> visitFrom(std::int64_t from, const Visitor& visit);
    [[nodiscard]] Result<bool> visitPage(std::int64_t& from, const Visitor& visit);
    [[nodiscard]] Result<bool> take(const Row& row);
    [[nodiscard]] Result<void> judge(const store::AuditEntry& entry, bool fits);
    [[nodiscard]] Result<AuditFinding> misfit(const store::AuditEntry& entry);
    /// Where the entry stands that was written under this id behind the last good one; nothing: nowhere behind it.
    [[nodiscard]] Result<std::optional<std::int64_t>> whereIs(const store::AuditEntry& place);

    store::Database& m_database;
    AuditReport& m_report;
    const CareOptions& m_options;
    std::optional<Error> m_broken;
    std::int64_t m_lastBad = 0;
};

/// Counts the finding, and keeps it while there is room.
void note(AuditReport& report, AuditFinding finding);
[[nodiscard]] Error auditCancelled();

} // namespace dashstream::care
