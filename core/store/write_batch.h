// What is to be written together: one batch is committed whole or not at all. A value; built by one thread, then given
// away.
#pragma once

#include "core/store/dead_change.h"
#include "core/store/records.h"

#include <memory>
#include <variant>
#include <vector>

namespace dashstream::store {

namespace op {
struct PutThread { ///< insert or replace
    ThreadRecord record;
};
struct DropThread { ///< forgotten: its numbers begin at 1 when it comes again; nothing where it is not known
    std::string thread;
};
struct PutRetry { ///< insert or replace whole, attempts included
    RetryEntry entry;
};
struct UpdateRetry { ///< state and times of an existing entry, and attempts that are new
    RetryId id;
    RetryState state = RetryState::Waiting;
    std::string cause;
    std::optional<UtcTime> nextTry;
    bool outcomeUnknown = false;
    std::vector<Attempt> newAttempts;
};
struct DropRetry {
    RetryId id;
};
struct PutDead { ///< insert or replace whole, attempts included
    DeadLetter letter;
};
struct ImportDead { ///< insert whole, as another store had it
    DeadLetter letter;
};
struct SetDeadState {
    DeadLetterId id;
    DeadState state = DeadState::Open;
};
/// Discards or restores, and appends what became of it to the audit log. Letters that a resend job which is not over
/// has at hand are left alone.
struct ChangeDead {
    DeadChange change;
    UtcTime at{};
    std::shared_ptr<DeadChanged> outcome; ///< set when the batch is done; nobody reads it before
};
/// Letters discarded before then, oldest first, with all that the store has of them; the audit log keeps how many.
struct RemoveDiscarded {
    UtcTime before{};
    std::size_t limit = 0;
    UtcTime at{};
    std::string by;
    std::shared_ptr<std::size_t> removed; ///< as ChangeDead::outcome
};
/// A letter that is put again keeps a copy that is made, and one that is asked for where the new one wants none.
struct SetDeadCopy {
    DeadLetterId id;
    CopyState state = CopyState::None;
    std::string code; ///< with Refused
    std::string error;
    UtcTime at{};
};
struct SetCopySettings { ///< mark of the settings that copies were last tried with
    std::int64_t mark = 0;
};
struct PutResendJob { ///< with its first items, all pending
    ResendJob job;
    std::vector<DeadLetterId> items;
};
struct AddResendItems { ///< pending
    ResendJobId job;
    std::vector<DeadLetterId> items;
};
struct AddRemoteItems { ///< pending; the first is remoteItem(job, firstNumber)
    ResendJobId job;
    std::uint32_t firstNumber = 1;
    std::vector<RemotePlace> places;
};
struct StartResendJob { ///< it has all its items, and they are its total: from Preparing to Running
    ResendJobId job;
};
struct SetResendItems { ///< state and partition; no outcome
    ResendJobId job;
    ResendItemState state = ResendItemState::Pending;
    std::vector<ResendItem> items;
};
struct PutResendBound {
    ResendJobId job;
    ResendBound bound;
};
/// Outcomes, with what they make of the letters: a delivered one is Resent; one that failed again has an attempt and a
/// round more. Counted in the job.
struct SettleResendItems {
    struct Delivered {
        DeadLetterId id;
        PartitionId partition;
        Offset offset;
    };
    struct Failed {
        DeadLetterId id;
        std::string error; ///< for a person
        /// Nothing: it was not sent (discarded or sent otherwise meanwhile), so the letter stays as it is.
        std::optional<Attempt> attempt;
        std::optional<ErrorClass> errorClass;
    };
    ResendJobId job;
    std::vector<Delivered> delivered;
    std::vector<Failed> failed;
};
struct SetResendJob { ///< all but id, total, delivered and failed of an existing job
    ResendJob job;
};
/// Insert, or replace what has its number or its name. A source that is started anew gets a new number, so that
/// positions which the journal holds of it from before do not count.
struct PutSource {
    SourceRecord record;
};
struct SetJournalCheckpoint { ///< what the journal accepted up to this entry is known to the store
    std::uint64_t entry = 0;
};
struct AppendAudit {
    AuditEntry entry; ///< its id is given by the store
};
} // namespace op

using WriteOp = std::variant<op::PutThread, op::DropThread, op::PutRetry, op::UpdateRetry, op::DropRetry, op::PutDead,
                             op::ImportDead, op::SetDeadState, op::ChangeDead, op::RemoveDiscarded, op::SetDeadCopy,
                             op::SetCopySettings, op::PutResendJob, op::AddResendItems, op::AddRemoteItems,
                             op::StartResendJob, op::SetResendItems, op::PutResendBound, op::SettleResendItems,
                             op::SetResendJob, op::PutSource, op::SetJournalCheckpoint, op::AppendAudit>;

struct WriteBatch {
    std::vector<WriteOp> ops;

    template <typename Op>
    void add(Op operation) {
        ops.emplace_back(std::move(operation));
    }
    [[nodiscard]] bool empty() const { return ops.empty(); }
};

} // namespace dashstream::store
