// The last lines of the log in memory, for the Log page. Bounded; numbers rise by one and tell what was dropped.
// Thread-safe: the lock is held only to copy lines, never during I/O.
#pragma once

#include "core/observe/logging.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace dashstream::observe {

class LogRing {
public:
    explicit LogRing(std::size_t capacity) : m_capacity(capacity == 0 ? 1 : capacity) {}

    /// Gives the line its number (the first is 1) and keeps it; the oldest one leaves when there is no room.
    void add(LogLine line);
    /// Lines with a number above `after`, oldest first, at most `limit`.
    [[nodiscard]] std::vector<LogLine> linesAfter(std::uint64_t after, std::size_t limit) const;

private:
    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::deque<LogLine> m_lines;
    std::uint64_t m_lastNumber = 0;
};

} // namespace dashstream::observe
