// A read-only connection with short transactions: pages of rows, never all of them. Belongs to one thread at a time; it
// never checkpoints and never waits for the writer. Works on a store that another process holds.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/filter/expression.h"
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
    enum class Column { Id, DiedAt, Thread, Tenant, Topic, ErrorCode, Size, SettledAt };
    filter::Expression where;
    bool openOnly = true; ///< Open and Resending, unless `where` asks for states itself; else every state
    Column sortBy = Column::DiedAt;
    SortOrder order = SortOrder::Descending;
    std::string trace = {}; ///< as in RetryQuery, or the letter's own trace id
    std::optional<CopyState> copy = {};
    std::optional<DeadState> state = {}; ///< this one alone, whatever `openOnly` says
};

struct ThreadQuery {
    enum class Column { Thread, Next, LastDelivered, Delivered, Dead, UpdatedAt };
    std::string prefix; ///< of the thread's name; empty: all
    Column sortBy = Column::UpdatedAt;
    SortOrder order = SortOrder::Descending;
};

struct AuditQuery {
    std::optional<UtcTime> since = {}; ///< entries from then on
    std::string text = {};             ///< in user, action, detail, filter or result, whatever the case; empty: any
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
    UtcTime settledAt{}; ///< when it was discarded; not set: it was not
    std::string settledBy, settleReason;
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

/// What dead letters are counted by.
enum class DeadGroupBy { Cause, Topic, Tenant, Thread, Type, Day };

struct DeadGroup {
    std::string key;    ///< the cause, the name; of a type its number, of a day its date ("2026-11-30")
    std::string filter; ///< the filter expression that finds just these
    std::int64_t count = 0;
    UtcTime first{};
    UtcTime last{};
    std::vector<std::uint32_t> plot; ///< deaths in equal parts of the time from DeadGroups::from to DeadGroups::to
};

struct DeadGroups {
    static constexpr std::size_t kPlotParts = 48;
    static constexpr std::size_t kMost = 1'000; ///< groups with a row; the rest is counted in `more`
    std::vector<DeadGroup> groups;              ///< most first; days: the newest first
    std::int64_t letters = 0;                   ///< in all groups, those in `more` too
    std::size_t more = 0;                       ///< groups that have no row
    UtcTime from{};                             ///< of the first and the last death
    UtcTime to{};
};

struct DeadGroupQuery {
    DeadGroupBy by = DeadGroupBy::Cause;
    filter::Expression where;
    bool openOnly = true;                ///< as in DeadQuery
    std::int64_t zoneSeconds = 0;        ///< east of UTC: where a day begins
    std::optional<DeadState> state = {}; ///< as in DeadQuery
};

/// How far the full-text index is.
struct SearchState {
    DeadLetterId upTo;        ///< every letter up to this one is in it
    std::int64_t total = 0;   ///< dead letters of every state
    std::int64_t missing = 0; ///< of those that are not in it yet
    bool complete = true;     ///< a search finds these too, by reading them
};

struct SearchDocument {
    DeadLetterId letter;
    std::string content; ///< wire::searchText
    std::string around;  ///< its error, topic, thread, tenant and trace ids
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

    /// Errors beside the store's: "store.filter" (Usage): of a field that dead letters of the store do not have.
    [[nodiscard]] Result<std::vector<DeadLetterId>> deadIds(const DeadQuery& query, const CancelToken& cancel = {});
    [[nodiscard]] Result<std::vector<DeadRow>> deadRows(std::span<const DeadLetterId> ids);
    [[nodiscard]] Result<DeadLetter> deadLetter(DeadLetterId id); ///< "store.no_such_entry" (Usage)
    /// Whole, but without attempts; those that are gone are left out.
    [[nodiscard]] Result<std::vector<DeadLetter>> deadLetters(std::span<const DeadLetterId> ids);
    /// Of each: whether it is there, in whatever state.
    [[nodiscard]] Result<std::vector<bool>> deadKnown(std::span<const DeadIdentity> letters);
    [[nodiscard]] Result<DeadGroups> deadGroups(const DeadGroupQuery& query, const CancelToken& cancel = {});
    [[nodiscard]] Result<SearchState> searchState();
    /// What the full-text index is made of: letters after `after`, by id.
    [[nodiscard]] Result<std::vector<SearchDocument>> searchDocuments(DeadLetterId after, std::size_t limit);
    struct Identity {
        std::int64_t store = 0; ///< random, given when the store was made
        DeadLetterId nextDead;  ///< ids from this one on were never used
    };
    [[nodiscard]] Result<Identity> identity();

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
    [[nodiscard]] Result<std::vector<ResendJob>> resendJobs(bool unfinishedOnly);
    /// Items of a job in a state, after `after`, by id.
    [[nodiscard]] Result<std::vector<ResendItem>> resendItems(ResendJobId job, ResendItemState state,
                                                              DeadLetterId after, std::size_t limit);
    /// Where these items of a job that sends records of a topic stand; nothing: it has no such item.
    [[nodiscard]] Result<std::vector<std::optional<RemotePlace>>> remotePlaces(ResendJobId job,
                                                                               std::span<const DeadLetterId> items);
    /// Those of `letters` that a job which is not over has, without an outcome yet.
    [[nodiscard]] Result<std::vector<DeadLetterId>> atHandOfResend(std::span<const DeadLetterId> letters);
    [[nodiscard]] Result<std::vector<ResendBound>> resendBounds(ResendJobId job);
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
