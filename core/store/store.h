// SQLite behind one writer thread with group commits: what is submitted while a commit runs shares the next one.
// WAL, synchronous=FULL. Opened by the composition root, closed by close() or the destructor (bounded: it commits what
// was submitted, nothing more). One process holds a store: open() takes a lock on the data folder.
#pragma once

#include "core/base/result.h"
#include "core/store/audit_chain.h"
#include "core/store/reader.h"
#include "core/store/store_figures.h"
#include "core/store/write_batch.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace dashstream::store {

/// Where ids go on, and what waits, as found at open.
struct StoreSummary {
    RetryId nextRetry{1};
    DeadLetterId nextDead{1};
    ResendJobId nextJob{1};
    std::int64_t retries = 0;
    std::int64_t openDead = 0;  ///< Open or Resending
    std::int64_t discarded = 0; ///< dead letters that can still be restored
    int schemaVersion = 0;
    SourceNumber nextSource{1};
    std::uint64_t journalCheckpoint = 0; ///< op::SetJournalCheckpoint; 0: none
    std::uint64_t highestEntry = 0;      ///< of the journal, that retries, dead letters or the checkpoint name
    AuditHead audit;
};

struct StoreOptions {
    std::string vfsName; ///< a registered SQLite VFS, for fault injection; empty: the default one
    /// Told after each commit that appended to the audit log where that ends now, before those who wait for the commit
    /// are. On the writer thread; may be empty.
    std::function<void(const AuditHead&)> auditGrew = {};
};

class Store {
public:
    using Done = std::function<void(Result<void>)>;

    /// Opens or makes `folder`/store.db (a folder that it makes: 0700, files 0600), migrates it step by step.
    /// Errors: "store.locked" (Usage: another process holds it), "store.future_version" (Usage), "store.not_a_store",
    /// "store.corrupt", "store.cannot_open" (Local).
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder,
                                                             const StoreOptions& options = {});
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    [[nodiscard]] const StoreSummary& summary() const;
    [[nodiscard]] std::filesystem::path databasePath() const;

    /// Any thread. `done` is called on the writer thread after the commit that holds the batch, or with the error
    /// ("store.full", "store.io": Local) when the batch is not in the store; batches before and after it are their own.
    /// The store stays usable after an error: submit again later. A batch that can never be stored gets
    /// "store.constraint", "store.too_big" or "store.no_such_entry" (Local: a defect of the caller).
    /// After close(): "store.closed" (Local), on the calling thread.
    void submit(WriteBatch batch, Done done);
    /// The same, waiting. Any thread but the writer's.
    [[nodiscard]] Result<void> commit(WriteBatch batch);
    /// Operations that were submitted and whose `done` has not returned. Any thread.
    [[nodiscard]] std::size_t pendingOps() const;
    /// What the writer measured last; at most some seconds old. Waits for nothing. Any thread.
    [[nodiscard]] StoreFigures figures() const;
    /// Commits what was submitted, empties the write-ahead log, stops the writer and frees the lock. Idempotent; any
    /// thread but the writer's.
    void close();

private:
    Store();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// True when a process holds the lock of `folder` right now.
[[nodiscard]] bool isHeld(const std::filesystem::path& folder);

} // namespace dashstream::store
