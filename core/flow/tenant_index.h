// Finds the place of a tenant by the hash of its name: open addressing in one array, so that a look-up touches one line
// of memory and allocates nothing. Holds up to half as many entries as it has cells. Pure; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace dashstream::flow {

class TenantIndex {
public:
    using Place = std::uint32_t;
    static constexpr Place kNone = UINT32_MAX;

    explicit TenantIndex(std::size_t maxEntries) {
        std::size_t cells = 16;
        while (cells < 2 * maxEntries) {
            cells *= 2;
        }
        m_cells.resize(cells);
        m_mask = static_cast<std::uint32_t>(cells - 1);
    }

    [[nodiscard]] static std::uint32_t hashOf(std::string_view tenant) {
        const std::uint64_t hash = std::hash<std::string_view>{}(tenant);
        return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
    }

    /// kNone: not in here. `isIt(place)` tells whether the name at that place is the one looked for.
    template <typename Equal>
    [[nodiscard]] Place find(std::uint32_t hash, Equal isIt) const {
        for (std::uint32_t at = hash & m_mask;; at = (at + 1) & m_mask) {
            const Cell& cell = m_cells[at];
            if (cell.place == kNone || (cell.hash == hash && isIt(cell.place))) {
                return cell.place;
            }
        }
    }
    /// One that is not in here yet.
    void add(std::uint32_t hash, Place place) {
        std::uint32_t at = hash & m_mask;
        while (m_cells[at].place != kNone) {
            at = (at + 1) & m_mask;
        }
        m_cells[at] = {hash, place};
    }
    /// One that is in here.
    void remove(std::uint32_t hash, Place place) {
        std::uint32_t hole = hash & m_mask;
        while (m_cells[hole].place != place) {
            hole = (hole + 1) & m_mask;
        }
        // Those behind it move up as long as that brings them nearer to where they belong: no gap stays in a chain.
        for (std::uint32_t at = (hole + 1) & m_mask; m_cells[at].place != kNone; at = (at + 1) & m_mask) {
            const std::uint32_t home = m_cells[at].hash & m_mask;
            if (((at - home) & m_mask) >= ((at - hole) & m_mask)) {
                m_cells[hole] = m_cells[at];
                hole = at;
            }
        }
        m_cells[hole] = {};
    }

private:
    struct Cell {
        std::uint32_t hash = 0;
        Place place = kNone;
    };

    std::vector<Cell> m_cells;
    std::uint32_t m_mask = 0;
};

} // namespace dashstream::flow
