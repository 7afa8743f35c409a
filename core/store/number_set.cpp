#include "core/store/number_set.h"

namespace dashstream::store {

namespace {
struct Place {
    std::int64_t page;
    std::size_t word;
    std::uint64_t bit;
};

/// Negative numbers too: the page is rounded down.
Place placeOf(std::int64_t number, std::int64_t pageSize) {
    const std::int64_t inPage = ((number % pageSize) + pageSize) % pageSize;
    return {(number - inPage) / pageSize, static_cast<std::size_t>(inPage / 64), std::uint64_t{1} << (inPage % 64)};
}
} // namespace

void NumberSet::add(std::int64_t number) {
    const Place place = placeOf(number, kPage);
    std::uint64_t& word = m_pages[place.page][place.word];
    m_size += (word & place.bit) == 0 ? 1 : 0;
    word |= place.bit;
    m_last = nullptr;
}

bool NumberSet::has(std::int64_t number) const {
    const Place place = placeOf(number, kPage);
    if (m_last == nullptr || place.page != m_lastAt) {
        const auto found = m_pages.find(place.page);
        if (found == m_pages.end()) {
            return false;
        }
        m_lastAt = place.page;
        m_last = &found->second;
    }
    return ((*m_last)[place.word] & place.bit) != 0;
}

std::string NumberSet::json() const {
    std::string text = "[";
    for (const auto& [at, page] : m_pages) {
        for (std::int64_t i = 0; i < kPage; ++i) {
            if ((page[static_cast<std::size_t>(i / 64)] >> (i % 64) & 1U) != 0) {
                text += (text.size() == 1 ? "" : ",") + std::to_string(at * kPage + i);
            }
        }
    }
    return text + "]";
}

} // namespace dashstream::store
