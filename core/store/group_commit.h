// The one write connection: several batches in one transaction and one sync, checkpoints when they are due. Belongs to
// the writer thread once that runs; finish() or the destructor ends it.
//
// After a failed sync nothing that failed is relied on: SQLite forgets the frames it appended for the group, and the
// next commit writes other ones over them before it syncs again. A failed checkpoint is repeated from the write-ahead
// log, which was synced by the commits before.
#pragma once

#include "core/store/batch_writer.h"

#include <memory>
#include <span>
#include <vector>

namespace dashstream::store {

class GroupCommit {
public:
    /// `database`: open for writing, migrated, in WAL mode with automatic checkpoints off.
    [[nodiscard]] static Result<std::unique_ptr<GroupCommit>> start(Database database);
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    /// One result for each batch, in their order, when all is on disk. A batch that is at fault itself is left out
    /// alone; a failure of the disk is everybody's, and then nothing of the group is stored.
    [[nodiscard]] std::vector<Result<void>> write(std::span<const WriteBatch* const> batches);
    /// Moves the write-ahead log into the database when it has grown enough. Never waits for readers.
    void checkpointWhenDue();
    /// Empties the write-ahead log as far as readers let it.
    void finish();
    [[nodiscard]] const IdMarks& marks() const { return m_writer.marks(); }
    /// Where the audit log ends on the disk.
    [[nodiscard]] const AuditHead& auditHead() const { return m_savedAudit; }

private:
    GroupCommit(std::unique_ptr<Database> database, BatchWriter writer);
    Result<void> writeAll(std::span<const WriteBatch* const> batches, std::vector<Result<void>>& results);
    Result<void> writeOne(const WriteBatch& batch, bool alone, Result<void>& own);
    void coverFailedCommit();

    std::unique_ptr<Database> m_database; ///< at a fixed address: m_writer points to it
    BatchWriter m_writer;
    IdMarks m_savedMarks;
    AuditHead m_savedAudit;
    int m_logPages = 0; ///< in the write-ahead log, as of the last commit
    int m_checkpointAt;
};

} // namespace dashstream::store
