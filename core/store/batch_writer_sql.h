// The statements of BatchWriter by name, for its own files.
#pragma once

#include "core/store/batch_writer.h"

namespace dashstream::store {

enum class BatchWriter::Sql : std::size_t {
    PutThread,
    DropThread,
    PutRetry,
    ClearRetryAttempts,
    AddRetryAttempt,
    UpdateRetry,
    DropRetry,
    AddCause,
    AddError,
    PutDead,
    PutDeadValue,
    ClearDeadAttempts,
    AddDeadAttempt,
    SetDeadState,
    DiscardDead,
    RestoreDead,
    LookAtDead,
    DueDiscarded,
    DropDead,
    CauseOfError,
    DropError,
    DropCause,
    SetDeadCopy,
    SetSettled,
    AddJob,
    AddItem,
    AddPlace,
    StartJob,
    SetItem,
    PutBound,
    SettleItem,
    MarkResent,
    FailAgain,
    CountInJob,
    SetJob,
    PutSource,
    AppendAudit,
    WriteMark,
    Count
};

template <typename Enum>
[[nodiscard]] std::int64_t number(Enum value) {
    return static_cast<std::int64_t>(value);
}

} // namespace dashstream::store
