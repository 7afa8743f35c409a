// A source as the operator sees it: how far it is, and what it brought that was rejected.
#pragma once

#include "core/base/strong_type.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dashstream::engine {

enum class SourceState : std::uint8_t { Running, Paused, Ended, Stopped, Failed };

struct SourceReject {
    std::uint64_t position = 0;
    std::string reason;
    std::string excerpt;
};

struct SourceView {
    SourceId id;
    std::string spec;
    SourceState state = SourceState::Running;
    std::string stateText; ///< why it failed or waits; may be empty
    bool heldBack = false; ///< it waits because the engine is behind
    std::uint64_t read = 0;
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    double ratePerSecond = 0;
    std::uint64_t traceIgnored = 0; ///< accepted without their trace context or a part of it: it was invalid
    std::string traceIgnoredWhy;    ///< of the last of those; empty: none
    std::uint64_t position = 0;     ///< line or frame last read
    std::uint64_t readBytes = 0;
    std::uint64_t totalBytes = 0;          ///< 0: unknown
    std::vector<SourceReject> lastRejects; ///< newest last, at most 100
};

} // namespace dashstream::engine
