// Rows in aligned columns for a person. Built and printed by one thread; a value.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dashstream::app {

class TextTable {
public:
    enum class Align { Left, Right };
    struct Column {
        std::string title;
        Align align = Align::Left;
        std::size_t maxWidth = 60; ///< columns; longer cells end in "…"
    };

    explicit TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}

    /// As many cells as columns; text from outside may stand in them, it is escaped here.
    void add(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return m_rows.empty(); }
    /// Heading (the first time) and the rows added since the last call; two spaces between columns, none at line ends.
    /// Pages of a long list are as wide as the widest so far.
    [[nodiscard]] std::string takePage();

private:
    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
    std::vector<std::size_t> m_widths; ///< empty: no page was taken yet
};

} // namespace dashstream::app
