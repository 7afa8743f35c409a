// What became of a message that an operator sent by hand. A value.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"
#include "core/source/source.h"

#include <string>

namespace dashstream::ui {

struct ComposeOutcome {
    bool accepted = false;
    // Accepted:
    std::string thread;
    SequenceNo sequence;
    PartitionId partition = kUnassigned;
    std::size_t framedBytes = 0;
    // Refused:
    source::RejectCause cause = source::RejectCause::Invalid;
    std::string reason;
    milliseconds retryAfter{0};
};

} // namespace dashstream::ui
