// The journal as the operator sees it: what is in it, what it costs, what is wrong with it.
#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dashstream::engine {

struct JournalView {
    bool open = false;             ///< there is one
    std::uint64_t live = 0;        ///< accepted messages in it without an outcome
    std::uint64_t onDisk = 0;      ///< of those, that are not in memory
    std::uint64_t uncommitted = 0; ///< messages on their way into it, not accepted yet
    std::uint64_t bytes = 0;       ///< of its segments
    std::uint64_t maxBytes = 0;    ///< store.max_bytes
    std::uint64_t groups = 0;      ///< written since start: one sync each
    std::uint64_t messages = 0;    ///< written since start
    std::uint64_t moved = 0;       ///< messages written again to give space back, since start
    microseconds lastWrite{0};     ///< how long the last group took to write and sync
    std::uint64_t damaged = 0;     ///< places that the start found damaged
    std::uint64_t skipped = 0;     ///< messages known to be lost at those
    std::uint64_t lost = 0;        ///< accepted messages that could not be read back since
    bool tornTail = false;         ///< the start cut off a write that nobody was told of
    std::optional<Error> trouble;  ///< why nothing more is accepted
};

} // namespace dashstream::engine
