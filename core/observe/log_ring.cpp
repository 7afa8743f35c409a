#include "core/observe/log_ring.h"

#include <algorithm>
#include <utility>

namespace dashstream::observe {

void LogRing::add(LogLine line) {
    const std::lock_guard lock(m_mutex);
    line.number = ++m_lastNumber;
    if (m_lines.size() == m_capacity) {
        m_lines.pop_front();
    }
    m_lines.push_back(std::move(line));
}

std::vector<LogLine> LogRing::linesAfter(std::uint64_t after, std::size_t limit) const {
    const std::lock_guard lock(m_mutex);
    if (m_lines.empty() || after >= m_lastNumber) {
        return {};
    }
    const std::uint64_t firstNumber = m_lines.front().number;
    const std::size_t skip = after < firstNumber ? 0 : static_cast<std::size_t>(after - firstNumber + 1);
    const std::size_t count = std::min(limit, m_lines.size() - skip);
    const auto begin = m_lines.begin() + static_cast<std::ptrdiff_t>(skip);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

} // namespace dashstream::observe
