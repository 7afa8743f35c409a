// The rows of a windowed model that were looked at, by id, and which pages of them were asked for. GUI thread.
#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dashstream::ui {

template <typename Id, typename Row>
class RowCache {
public:
    static constexpr int kPageRows = 256;
    static constexpr std::size_t kCachedRows = 40U * kPageRows;

    struct Found {
        const Row* row = nullptr; ///< null: it was not read, or is forgotten
        bool current = false;     ///< false: it is of an older question
    };
    [[nodiscard]] Found find(Id id) const {
        const auto found = m_rows.find(key(id));
        return found == m_rows.end() ? Found{} : Found{&found->second.row, found->second.generation == m_generation};
    }
    [[nodiscard]] std::uint64_t generation() const { return m_generation; }
    /// The rows may have changed: they are shown until they are read again.
    void makeOld() {
        ++m_generation;
        m_pagesAsked.clear();
    }
    /// False: it was asked for already.
    bool noteAsked(int page) { return m_pagesAsked.insert(page).second; }

    template <typename IdOf>
    void put(int page, std::vector<Row> rows, IdOf idOf) {
        if (m_rows.size() + rows.size() > kCachedRows) {
            m_rows.clear();
            m_pagesAsked.clear();
        }
        m_pagesAsked.insert(page);
        for (Row& row : rows) {
            const std::int64_t id = key(idOf(row));
            m_rows.insert_or_assign(id, Cached{std::move(row), m_generation});
        }
    }

private:
    struct Cached {
        Row row;
        std::uint64_t generation = 0;
    };

    static std::int64_t key(Id id) {
        if constexpr (requires { id.value; }) {
            return static_cast<std::int64_t>(id.value);
        } else {
            return static_cast<std::int64_t>(id);
        }
    }

    std::unordered_map<std::int64_t, Cached> m_rows;
    std::set<int> m_pagesAsked;
    std::uint64_t m_generation = 0;
};

} // namespace dashstream::ui
