// A list of any length from ids to stdout: rows are read, shown and forgotten a page at a time. One thread.
#pragma once

#include "app/output.h"
#include "app/text_table.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>
#include <vector>

namespace dashstream::app {

inline constexpr std::size_t kPageRows = 500;

/// `readRows(span of ids)` gives a Result with rows; `addRow(row)` fills `table`; `toItem(row)` makes the JSON of a
/// row. `limit` 0: all.
template <typename Id, typename ReadRows, typename AddRow, typename ToItem>
[[nodiscard]] Result<void> listPages(Output& out, const std::vector<Id>& ids, std::size_t limit, TextTable& table,
                                     ReadRows readRows, AddRow addRow, ToItem toItem) {
    const std::size_t count = limit == 0 ? ids.size() : std::min(limit, ids.size());
    out.openArray();
    for (std::size_t at = 0; at == 0 || at < count; at += kPageRows) {
        auto rows = readRows(std::span<const Id>(ids).subspan(at, std::min(kPageRows, count - at)));
        if (!rows) {
            return fail(rows.error());
        }
        for (const auto& row : *rows) {
            if (out.json()) {
                out.item(toItem(row));
            } else {
                addRow(row);
            }
        }
        out.text(table.takePage());
    }
    out.closeArray();
    return {};
}

} // namespace dashstream::app
