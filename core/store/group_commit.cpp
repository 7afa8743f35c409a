#include "core/store/group_commit.h"

#include "core/store/sqlite_error.h"

#include <sqlite3.h>

#include <utility>

namespace dashstream::store {

namespace {

constexpr int kCheckpointPages = 2000; ///< 16 MiB of 8 KiB pages

int noteLogPages(void* pages, sqlite3* /*handle*/, const char* /*schema*/, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
}

/// After a failed sync the system's memory may hold what the disk does not, and call it written. What is committed
/// behind that would go with it at a loss of power, so it is written anew, into the database. A full disk is no reason
/// not to start.
Result<void> moveLogIn(Database& database) {
    const int code = sqlite3_wal_checkpoint_v2(database.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    const bool goesOn = code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_FULL;
    return goesOn ? Result<void>() : fail(sqliteError(database.handle(), code));
}
} // namespace

GroupCommit::GroupCommit(std::unique_ptr<Database> database, BatchWriter writer)
    : m_database(std::move(database)), m_writer(std::move(writer)), m_savedMarks(m_writer.marks()),
      m_savedAudit(m_writer.auditHead()), m_checkpointAt(kCheckpointPages) {
    sqlite3_wal_hook(m_database->handle(), noteLogPages, &m_logPages);
}

Result<std::unique_ptr<GroupCommit>> GroupCommit::start(Database database) {
    auto held = std::make_unique<Database>(std::move(database));
    if (auto moved = moveLogIn(*held); !moved) {
        return fail(moved.error());
    }
    const Result<IdMarks> marks = readIdMarks(*held);
    if (!marks) {
        return fail(marks.error());
    }
    Result<AuditHead> audit = readAuditHead(*held);
    if (!audit) {
        return fail(std::move(audit.error()));
    }
    Result<BatchWriter> writer = BatchWriter::prepare(*held, *marks, std::move(*audit));
    if (!writer) {
        return fail(std::move(writer.error()));
    }
    return std::unique_ptr<GroupCommit>(new GroupCommit(std::move(held), std::move(*writer)));
}

std::vector<Result<void>> GroupCommit::write(std::span<const WriteBatch* const> batches) {
    std::vector<Result<void>> results(batches.size());
    const Result<void> group = writeAll(batches, results);
    if (!group) {
        m_writer.setAuditHead(m_savedAudit);
        for (Result<void>& result : results) {
            if (result) {
                result = fail(group.error());
            }
        }
    }
    return results;
}

Result<void> GroupCommit::writeAll(std::span<const WriteBatch* const> batches, std::vector<Result<void>>& results) {
    Result<Transaction> transaction = Transaction::begin(*m_database, Transaction::Kind::Write);
    if (!transaction) {
        return fail(transaction.error());
    }
    for (std::size_t i = 0; i < batches.size(); ++i) {
        Result<void> group = writeOne(*batches[i], batches.size() == 1, results[i]);
        if (!group) {
            return group;
        }
    }
    if (m_writer.marks() != m_savedMarks) {
        Result<void> marked = m_writer.writeMarks();
        if (!marked) {
            return marked;
        }
    }
    Result<void> committed = transaction->commit();
    if (!committed) {
        { const Transaction ended = std::move(*transaction); } // rolled back before anything else is written
        coverFailedCommit();
        return committed;
    }
    m_savedMarks = m_writer.marks();
    m_savedAudit = m_writer.auditHead();
    return {};
}

/// `own`: the fault of this batch. Returned: a failure of the whole group.
Result<void> GroupCommit::writeOne(const WriteBatch& batch, bool alone, Result<void>& own) {
    Result<void> begun = alone ? Result<void>() : m_database->execute("SAVEPOINT batch");
    if (!begun) {
        return begun;
    }
    const AuditHead before = m_writer.auditHead();
    Result<void> applied = m_writer.apply(batch);
    if (!applied && (alone || !concernsOneBatch(applied.error()) || !m_database->inTransaction())) {
        return applied;
    }
    if (!applied) {
        own = applied;
        m_writer.setAuditHead(before);
        return m_database->execute("ROLLBACK TO batch; RELEASE batch");
    }
    return alone ? Result<void>() : m_database->execute("RELEASE batch");
}

/// A commit whose sync failed has left its frames at the end of the log. Were the process to die now, the next start
/// would find them valid and bring back what was reported as not stored. Another small commit overwrites the first of
/// them, and with it the chain of checksums; it does so even if its own sync fails too.
void GroupCommit::coverFailedCommit() {
    const Result<void> covered = m_database->execute("UPDATE meta SET value = value + 1 WHERE key = 'failed_commits'");
    static_cast<void>(covered); // the failure that matters is being reported already
}

void GroupCommit::checkpointWhenDue() {
    if (m_logPages < m_checkpointAt) {
        return;
    }
    const int code =
        sqlite3_wal_checkpoint_v2(m_database->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    // A reader or a full disk may hold it up: nothing is lost, the log grows, and it is tried again when it has grown
    // by as much once more.
    m_checkpointAt = code == SQLITE_OK ? kCheckpointPages : m_logPages + kCheckpointPages;
}

void GroupCommit::finish() {
    sqlite3_busy_timeout(m_database->handle(), 0);
    // What readers or the disk hold up stays in the log and is found there at the next start.
    sqlite3_wal_checkpoint_v2(m_database->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

} // namespace dashstream::store
