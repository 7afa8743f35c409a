// What an operator asks about threads' numbers, and what became of it. Plain values; may cross threads.
#pragma once

#include "core/base/clock.h"
#include "core/base/strong_type.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace dashstream::engine {

/// Threads to forget: their numbers begin at 1 when they come again. At most kThreadsAtOnce.
struct ForgetRequest {
    std::vector<std::string> threads;
    std::optional<UtcTime> idleSince; ///< only those that nobody used since then
    std::string requestedBy;          ///< system user, for the audit log
};

struct ForgetOutcome {
    std::size_t forgotten = 0;
    std::size_t inUse = 0;   ///< messages of it are under way or wait
    std::size_t active = 0;  ///< used after `idleSince`
    std::size_t unknown = 0; ///< no such thread
};

struct ThreadNumber {
    std::string thread;
    SequenceNo highest; ///< that the topic has
};

/// Numbers that a topic already has. At most kThreadsAtOnce.
struct SeedRequest {
    std::vector<ThreadNumber> threads;
    std::string topic;       ///< for the audit log
    std::string requestedBy; ///< system user, for the audit log
};

struct SeedOutcome {
    std::size_t raised = 0; ///< go on after the topic's number
    std::size_t kept = 0;   ///< had that number or a higher one
};

/// Of one request: more would take the engine's thread too long.
inline constexpr std::size_t kThreadsAtOnce = 1'000;

} // namespace dashstream::engine
