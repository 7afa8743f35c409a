// How far each source was accepted in the journal, for those who want to go on with it. Any thread.
#pragma once

#include "core/base/strong_type.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace dashstream::engine {

class SourcePositions {
public:
    /// Bytes before which everything was accepted or rejected.
    void set(std::uint32_t number, std::uint64_t position) {
        const std::lock_guard lock(m_mutex);
        m_positions.insert_or_assign(number, position);
    }
    void set(std::unordered_map<std::uint32_t, std::uint64_t> positions) {
        const std::lock_guard lock(m_mutex);
        m_positions = std::move(positions);
    }
    [[nodiscard]] std::optional<std::uint64_t> of(SourceNumber number) const {
        const std::lock_guard lock(m_mutex);
        const auto found = m_positions.find(number.value);
        return found == m_positions.end() ? std::nullopt : std::optional(found->second);
    }

private:
    mutable std::mutex m_mutex;
    std::unordered_map<std::uint32_t, std::uint64_t> m_positions;
};

} // namespace dashstream::engine
