// Writes the operations of a batch through prepared statements, inside a transaction that the caller holds. Belongs to
// the writer thread; lives no longer than its database.
#pragma once

#include "core/store/audit_chain.h"
#include "core/store/sqlite.h"
#include "core/store/write_batch.h"

#include <vector>

namespace dashstream::store {

/// Ids that were never used; they only rise, so that an id in a log never means two things.
struct IdMarks {
    std::int64_t nextRetry = 1;
    std::int64_t nextDead = 1;
    std::int64_t nextJob = 1;

    bool operator==(const IdMarks&) const = default;
};

[[nodiscard]] Result<IdMarks> readIdMarks(Database& database);

class BatchWriter {
public:
    [[nodiscard]] static Result<BatchWriter> prepare(Database& database, IdMarks marks, AuditHead audit);

    /// Errors beside SQLite's: "store.no_such_entry" (an update of what is not there).
    [[nodiscard]] Result<void> apply(const WriteBatch& batch);
    [[nodiscard]] const IdMarks& marks() const { return m_marks; }
    [[nodiscard]] Result<void> writeMarks();
    /// After the entries that were applied, committed or not.
    [[nodiscard]] const AuditHead& auditHead() const { return m_audit; }
    /// To where the chain was before what is rolled back.
    void setAuditHead(AuditHead head) { m_audit = std::move(head); }

private:
    enum class Sql : std::size_t;

    BatchWriter(Database& database, IdMarks marks, AuditHead audit)
        : m_database(&database), m_marks(marks), m_audit(std::move(audit)) {}
    Statement& statement(Sql which) { return m_statements[static_cast<std::size_t>(which)]; }
    Result<void> runOnExisting(Statement& statement, const char* what, std::int64_t id);
    Result<void> knowError(const std::string& code, const std::string& text);
    Result<void> failAgain(const op::SettleResendItems::Failed& failed);
    Result<void> changeOne(const op::ChangeDead& change, DeadLetterId letter, DeadChanged& changed);
    Result<void> forgetError(std::int64_t error);
    Result<void> addAttempts(Sql insert, std::int64_t id, const std::vector<Attempt>& attempts);

    Result<void> write(const op::PutThread& put);
    Result<void> write(const op::DropThread& drop);
    Result<void> write(const op::PutRetry& put);
    Result<void> write(const op::UpdateRetry& update);
    Result<void> write(const op::DropRetry& drop);
    Result<void> write(const op::PutDead& put);
    Result<void> write(const op::ImportDead& import);
    Result<void> write(const op::SetDeadState& set);
    Result<void> write(const op::ChangeDead& change);
    Result<void> write(const op::RemoveDiscarded& remove);
    Result<void> write(const op::SetDeadCopy& set);
    Result<void> write(const op::SetCopySettings& set);
    Result<void> write(const op::PutResendJob& put);
    Result<void> write(const op::AddResendItems& add);
    Result<void> write(const op::AddRemoteItems& add);
    Result<void> write(const op::StartResendJob& start);
    Result<void> write(const op::SetResendItems& set);
    Result<void> write(const op::PutResendBound& put);
    Result<void> write(const op::SettleResendItems& settle);
    Result<void> write(const op::SetResendJob& set);
    Result<void> write(const op::PutSource& put);
    Result<void> write(const op::SetJournalCheckpoint& set);
    Result<void> write(const op::AppendAudit& append);

    Database* m_database;
    IdMarks m_marks;
    AuditHead m_audit;
    std::vector<Statement> m_statements;
};

} // namespace dashstream::store
