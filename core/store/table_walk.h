// Walks a table of a store through, also one of which parts cannot be read: from both ends, and by trying the ids
// between one by one. One thread.
#pragma once

#include "core/base/cancel_token.h"
#include "core/store/sqlite.h"

#include <functional>
#include <string>
#include <vector>

namespace dashstream::store {

struct TableQuery {
    std::string select; ///< "SELECT id, … FROM …"; the first column is the id
    std::string where;  ///< which rows; empty: all
    std::string id;     ///< the id's column: rowids, the first is 1
};

struct WalkReport {
    std::int64_t rows = 0; ///< given to the visitor
    std::int64_t unreadable = 0;
};

/// An error ends the walk. The row is valid until it returns.
using RowVisitor = std::function<Result<void>(const Statement& row)>;

class TableWalk {
public:
    TableWalk(Database& database, const TableQuery& query, const RowVisitor& visit, const CancelToken& cancel);

    /// Every row that can be read, by id. Errors: the visitor's, "store.cancelled" (Cancelled).
    [[nodiscard]] Result<WalkReport> run();

private:
    /// The end of the part that can be walked from below; nothing: all of it.
    [[nodiscard]] Result<std::optional<std::int64_t>> ascend();
    /// Nothing: that was the last page. Sets `last` to the last row that was read.
    [[nodiscard]] Result<bool> readPage(std::int64_t& last, bool& broken);
    /// Ids of what can be walked from above, down to `low`, rising.
    [[nodiscard]] std::vector<std::int64_t> descend(std::int64_t low);
    [[nodiscard]] Result<void> tryEach(std::int64_t low, std::int64_t high);
    [[nodiscard]] Result<void> give(const Statement& row);
    [[nodiscard]] std::string sql(const std::string& condition) const;

    Database& m_database;
    const TableQuery& m_query;
    const RowVisitor& m_visit;
    const CancelToken& m_cancel;
    WalkReport m_report;
};

} // namespace dashstream::store
