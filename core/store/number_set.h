// A set of whole numbers that lie close together, as ids of rows do: a bit each. A value; any thread, one at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace dashstream::store {

class NumberSet {
public:
    NumberSet() = default;
    NumberSet(NumberSet&&) = default;
    NumberSet& operator=(NumberSet&&) = default;
    NumberSet(const NumberSet&) = delete;
    NumberSet& operator=(const NumberSet&) = delete;

    void add(std::int64_t number);
    [[nodiscard]] bool has(std::int64_t number) const;
    [[nodiscard]] std::size_t size() const { return m_size; }
    /// "[7,8,200]", in no order.
    [[nodiscard]] std::string json() const;

private:
    static constexpr std::int64_t kPage = 32'768; ///< numbers in one page, 4 KiB
    using Page = std::array<std::uint64_t, kPage / 64>;

    std::unordered_map<std::int64_t, Page> m_pages;
    std::size_t m_size = 0;
    mutable std::int64_t m_lastAt = 0; ///< the page asked last: numbers are mostly asked in some order
    mutable const Page* m_last = nullptr;
};

} // namespace dashstream::store
