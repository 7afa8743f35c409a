// What admission and the journal know of one source. Shared by those who hold a batch of it; engine thread only.
#pragma once

#include "core/engine/source_view.h"
#include "core/source/source.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

namespace dashstream::engine {

struct SourceLedger {
    std::string spec;
    std::uint32_t number = 0; ///< in the journal and the store; 0: none
    bool rejectWhenLimited = false;
    std::uint64_t read = 0;
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    std::uint64_t position = 0;
    std::uint64_t traceIgnored = 0; ///< messages whose trace context was invalid in part or whole
    std::string traceIgnoredWhy;    ///< of the last of those
    std::function<void(const source::SourceReject&)> onReject; ///< for the rejects file
    std::deque<SourceReject> lastRejects;
    bool held = false;       ///< a batch of it waits for the rate limiter; no more is taken from it
    std::string heldBecause; ///< while held
};

} // namespace dashstream::engine
