// A read-only connection with short transactions: pages of rows, never all of them. Belongs to one thread at a time; it
// never checkpoints and never waits for the writer. Works on a store that another process holds.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/store/audit_chain.h"
#include "core/store/records.h"

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace dashstream::store {

enum class SortOrder { Ascending, Descending };

struct RetryQuery {
    enum class Column { Id, WaitingSince, NextTry, Thread, Cause, Partition };
    std::string text;   ///< part of thread, cause, tenant or traceparent; empty: all
    std::string thread; ///< exactly; empty: all
    Column sortBy = Column::WaitingSince;
    SortOrder order = SortOrder::Ascending;
    std::string trace = {}; ///< a W3C trace id, or a traceparent for its trace id; empty: all
};

struct DeadQuery {
    enum class Column { Id, DiedAt, Thread, Tenant, Topic, ErrorCode, Size };
    std::string text;     ///< part of thread, tenant, topic, error, trace id or traceparent; empty: all
    bool openOnly = true; ///< Open and Resending; else every state
    Column sortBy = Column::DiedAt;
    SortOrder order = SortOrder::Descending;
    std::string trace = {}; ///< as in RetryQuery, or the letter's own trace id
    std::optional<CopyState> copy = {};
};

struct ThreadQuery {
    enum class Column { Thread, Next, LastDelivered, Delivered, Dead, UpdatedAt };
    std::string prefix; ///< of the thread's name; empty: all
    Column sortBy = Column::UpdatedAt;
    SortOrder order = SortOrder::Descending;
};

struct AuditQuery {
    std::optional<UtcTime> since = {}; ///< entries from then on
    SortOrder order = SortOrder::Descending;
    std::size_t limit = 0; ///< 0: all
};

/// A dead letter or retry as a table shows it: without value, trace and attempts' texts.
struct RetryRow {
    RetryId id;
    std::string thread, tenant, cause;
    SequenceNo sequence;
    int type = 0;
    RetryState state = RetryState::Waiting;
    PartitionId partition;
    UtcTime waitingSince{};
    std::optional<UtcTime> nextTry;
    int attempts = 0;
    std::int64_t bytes = 0;
    bool outcomeUnknown = false;
    std::string trace; ///< W3C trace id; empty: none
};

struct DeadRow {
    DeadLetterId id;
    std::string thread, tenant, topic, errorCode, errorText;
    SequenceNo sequence;
    int type = 0;
    DeadState state = DeadState::Open;
    UtcTime diedAt{};
    int attempts = 0;
    int rounds = 0;
    std::int64_t bytes = 0;
    CopyState copyState = CopyState::None;
    std::string copyError;
    UtcTime copyAt{};
    std::string trace;   ///< W3C trace id; empty: none
    std::string traceId; ///< the letter's own, of its copy
};

/// A letter whose copy the cluster refuses.
struct RefusedCopy {
    DeadLetterId id;
    std::string code;
};

struct CopyCounts {
    std::int64_t pending = 0;
    std::int64_t refused = 0;
    std::optional<UtcTime> oldestPending; ///< when the pending one with the lowest id died
    std::string lastRefusal;              ///< of the refused one with the highest id
    std::int64_t settingsMark = 0;        ///< op::SetCopySettings
};

struct GroupCount {
    std::string key;
    std::int64_t count = 0;
    UtcTime first{};
    UtcTime last{};
};

class StoreReader {
public:
    /// Errors: "store.missing" (Usage), "store.future_version" (Usage), "store.cannot_open" (Local).
    [[nodiscard]] static Result<std::unique_ptr<StoreReader>> open(const std::filesystem::path& folder);
    ~StoreReader();
    StoreReader(const StoreReader&) = delete;
    StoreReader& operator=(const StoreReader&) = delete;

    // Windowed lists: ids in order first, then rows by id in pages. A row that is gone meanwhile is left out.
    [[nodiscard]] Result<std::vector<RetryId>> retryIds(const RetryQuery& query, const CancelToken& cancel = {});
    [[nodiscard]] Result<std::vector<RetryRow>> retryRows(std::span<const RetryId> ids);
    [[nodiscard]] Result<RetryEntry> retry(RetryId id); ///< "store.no_such_entry" (Usage)
    /// By cause, most first.
    [[nodiscard]] Result<std::vector<GroupCount>> retryGroups();

    [[nodiscard]] Result<std::vector<DeadLetterId>> deadIds(const DeadQuery& query, const CancelToken& cancel = {});
    [[nodiscard]] Result<std::vector<DeadRow>> deadRows(std::span<const DeadLetterId> ids);
    [[nodiscard]] Result<DeadLetter> deadLetter(DeadLetterId id); ///< "store.no_such_entry" (Usage)
    /// By error code, most first; open ones only.
    [[nodiscard]] Result<std::vector<GroupCount>> deadGroups();

    /// Letters whose copy is pending, lowest ids first.
    [[nodiscard]] Result<std::vector<DeadLetterId>> pendingCopies(std::size_t limit);
    [[nodiscard]] Result<std::vector<RefusedCopy>> refusedCopies(DeadLetterId after, std::size_t limit);
    [[nodiscard]] Result<CopyCounts> copyCounts();

    /// Thread ids are SQLite rowids.
    [[nodiscard]] Result<std::vector<std::int64_t>> threadIds(const ThreadQuery& query, const CancelToken& cancel = {});
    [[nodiscard]] Result<std::vector<ThreadRecord>> threadRows(std::span<const std::int64_t> ids);
    /// By name; those that are not there are left out. What the engine asks before it numbers.
    [[nodiscard]] Result<std::map<std::string, ThreadRecord>> threads(std::span<const std::string> names);

    /// Retry entries whole, in the order they are to be sent (by id), after `after`.
    [[nodiscard]] Result<std::vector<RetryEntry>> retriesAfter(RetryId after, std::size_t limit);
    [[nodiscard]] Result<std::vector<ResendJob>> resendJobs(bool runningOnly);
    /// Items of a job that have no outcome yet, after `after`, by id. Sending ones come too: their outcome is unknown.
    struct ResendItem {
        DeadLetterId id;
        ResendItemState state = ResendItemState::Pending;
    };
    [[nodiscard]] Result<std::vector<ResendItem>> openResendItems(ResendJobId job, DeadLetterId after,
                                                                  std::size_t limit);
    [[nodiscard]] Result<std::vector<AuditEntry>> audit(std::size_t limit); ///< newest first
    [[nodiscard]] Result<std::vector<std::int64_t>> auditIds(const AuditQuery& query, const CancelToken& cancel = {});
    [[nodiscard]] Result<std::vector<AuditEntry>> auditRows(std::span<const std::int64_t> ids);
    [[nodiscard]] Result<AuditHead> auditHead();

    /// By its name; nothing: it was never read.
    [[nodiscard]] Result<std::optional<SourceRecord>> source(const std::string& name);
    [[nodiscard]] Result<std::vector<SourceRecord>> sources(std::size_t limit); ///< that moved last first
    /// Entries of dead letters in whatever state from `entry` on, sorted.
    [[nodiscard]] Result<std::vector<std::uint64_t>> deadEntriesFrom(std::uint64_t entry);

    struct Counts {
        std::int64_t retries = 0;
        std::int64_t openDead = 0;
        std::int64_t threads = 0;
    };
    [[nodiscard]] Result<Counts> counts();

private:
    StoreReader();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dashstream::store
