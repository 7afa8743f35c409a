// How far the finding-out about one partition is, for the screen. Plain data.
#pragma once

#include "core/base/strong_type.h"

#include <cstdint>
#include <string>

namespace dashstream::engine {

enum class InquiryPhase : std::uint8_t {
    Searching,  ///< reads the topic from before the first send to the high watermark
    Settling,   ///< something was not found: gives followers and stalled brokers time
    Rechecking, ///< reads what became visible meanwhile
    Barrier,    ///< the first missing message is sent alone
    Confirming, ///< reads up to that message
    Done,
};

struct InquiryProgress {
    PartitionId partition;
    InquiryPhase phase = InquiryPhase::Searching;
    std::size_t messages = 0;  ///< unknown at the beginning
    std::size_t undecided = 0; ///< of those, still
    Offset from;
    Offset readTo;
    Offset end{-1};          ///< where the present reading ends; -1: not known yet
    int failuresInARow = 0;  ///< of reading or of the message sent alone; tried again without limit
    std::string lastFailure; ///< empty: the last try worked

    /// "checking 412 messages against the topic: partition 3, read 1200 of 5000 records"
    [[nodiscard]] std::string text() const;
};

} // namespace dashstream::engine
