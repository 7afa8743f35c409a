// How the copies of dead letters stand.
#pragma once

#include "core/base/clock.h"

#include <cstdint>
#include <string>

namespace dashstream::engine {

/// The copies of dead letters in the topic `dlq.topic`. Counters count from the start of the process.
struct DeadCopiesView {
    bool enabled = false; ///< dlq.enabled
    std::string topic;
    std::uint64_t pending = 0;     ///< in the store: letters whose copy is still to be made
    std::uint64_t refused = 0;     ///< in the store: letters whose copy the cluster refuses
    std::uint64_t copied = 0;      ///< copies that a broker acknowledged
    std::uint64_t failures = 0;    ///< tries that failed, refusals included
    std::uint64_t retries = 0;     ///< tries after the first of a letter
    std::uint64_t dropped = 0;     ///< always 0: the store keeps each letter until its copy is made
    milliseconds oldestPending{0}; ///< how long the oldest pending one has waited in this process
    std::string lastError;         ///< why the last try failed; empty: none did since the last copy was made
    UtcTime lastErrorAt{};
    std::string lastRefusal;    ///< of the refused letters in the store; empty: there is none
    std::uint64_t revision = 0; ///< rises when a letter's copy state changed
};

} // namespace dashstream::engine
