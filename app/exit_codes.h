// What dashstreamctl says to whoever started it. Fixed: scripts rely on the numbers.
#pragma once

namespace dashstream::app {

enum class ExitCode : int {
    Done = 0,
    Found = 1,       ///< done, but something was rejected, died, or a check found something
    Usage = 2,       ///< wrong usage or configuration; nothing was done
    Unreachable = 3, ///< cluster or service not reachable or not ready
    Interrupted = 4, ///< stopped by a signal, all state kept
};

[[nodiscard]] constexpr int toInt(ExitCode code) {
    return static_cast<int>(code);
}

} // namespace dashstream::app
