#include "app/text_table.h"

#include "app/terminal_text.h"

#include <algorithm>

namespace dashstream::app {

namespace {

void appendLine(std::string& out, const std::vector<std::string>& cells, const std::vector<TextTable::Column>& layout,
                const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string padding(widths[i] - std::min(widths[i], columns(cells[i])), ' ');
        line += i == 0 ? "" : "  ";
        line += layout[i].align == TextTable::Align::Right ? padding + cells[i] : cells[i] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
}

} // namespace

void TextTable::add(std::vector<std::string> cells) {
    cells.resize(m_columns.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i] = shortened(escapeForTerminal(cells[i]), m_columns[i].maxWidth);
    }
    m_rows.push_back(std::move(cells));
}

std::string TextTable::takePage() {
    std::vector<std::string> titles;
    const bool first = m_widths.empty();
    for (const Column& column : m_columns) {
        titles.push_back(column.title);
        if (first) {
            m_widths.push_back(columns(column.title));
        }
    }
    for (const auto& row : m_rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            m_widths[i] = std::max(m_widths[i], columns(row[i]));
        }
    }
    std::string out;
    if (first) {
        appendLine(out, titles, m_columns, m_widths);
    }
    for (const auto& row : m_rows) {
        appendLine(out, row, m_columns, m_widths);
    }
    m_rows.clear();
    return out;
}

} // namespace dashstream::app
