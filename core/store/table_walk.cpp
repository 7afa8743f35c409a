#include "core/store/table_walk.h"

#include <algorithm>
#include <limits>

namespace dashstream::store {

namespace {
constexpr int kPage = 1000;                ///< rows in one short transaction
constexpr std::int64_t kGapTried = 10'000; ///< ids in a row that are tried in vain

Error cancelled() {
    return {ErrorClass::Cancelled, "store.cancelled", "Stopped before the end", {}};
}
} // namespace

TableWalk::TableWalk(Database& database, const TableQuery& query, const RowVisitor& visit, const CancelToken& cancel)
    : m_database(database), m_query(query), m_visit(visit), m_cancel(cancel) {}

std::string TableWalk::sql(const std::string& condition) const {
    return m_query.select + " WHERE " + (m_query.where.empty() ? "" : m_query.where + " AND ") + m_query.id + condition;
}

Result<void> TableWalk::give(const Statement& row) {
    ++m_report.rows;
    return m_visit(row);
}

Result<bool> TableWalk::readPage(std::int64_t& last, bool& broken) {
    auto statement = m_database.prepare(sql(" > ? ORDER BY " + m_query.id + " LIMIT " + std::to_string(kPage)));
    if (!statement) {
        broken = true;
        return false;
    }
    statement->bind(last);
    for (int rows = 0;; ++rows) {
        const auto found = statement->step();
        broken = !found;
        if (broken || !*found) {
            return !broken && rows == kPage;
        }
        last = statement->integer(0);
        if (auto taken = give(*statement); !taken) {
            return fail(taken.error());
        }
    }
}

Result<std::optional<std::int64_t>> TableWalk::ascend() {
    std::int64_t last = 0;
    bool broken = false;
    for (;;) {
        if (m_cancel.cancelled()) {
            return fail(cancelled());
        }
        const auto more = readPage(last, broken);
        if (!more) {
            return fail(more.error());
        }
        if (broken) {
            return last;
        }
        if (!*more) {
            return std::nullopt;
        }
    }
}

std::vector<std::int64_t> TableWalk::descend(std::int64_t low) {
    std::vector<std::int64_t> ids;
    std::int64_t last = std::numeric_limits<std::int64_t>::max();
    auto statement = m_database.prepare(sql(" < ? ORDER BY " + m_query.id + " DESC LIMIT 1"));
    while (statement && !m_cancel.cancelled()) {
        const StatementUse use(*statement);
        const auto found = use->bind(last).step();
        if (!found || !*found || use->integer(0) <= low) {
            break;
        }
        last = use->integer(0);
        ids.push_back(last);
    }
    std::reverse(ids.begin(), ids.end());
    return ids;
}

Result<void> TableWalk::tryEach(std::int64_t low, std::int64_t high) {
    auto statement = m_database.prepare(sql(" = ?"));
    std::int64_t misses = 0; // in a row
    for (std::int64_t id = low; statement && id < high && misses < kGapTried; ++id) {
        if (m_cancel.cancelled()) {
            return fail(cancelled());
        }
        const StatementUse use(*statement);
        const auto found = use->bind(id).step();
        misses = found && *found ? 0 : misses + 1;
        if (!found) {
            ++m_report.unreadable;
        } else if (*found) {
            if (auto taken = give(*use); !taken) {
                return taken;
            }
        }
    }
    return {};
}

Result<WalkReport> TableWalk::run() {
    const auto reached = ascend();
    if (!reached) {
        return fail(reached.error());
    }
    if (!*reached) {
        return m_report;
    }
    const std::int64_t low = **reached;
    const std::vector<std::int64_t> above = descend(low);
    const std::int64_t high = above.empty() ? std::numeric_limits<std::int64_t>::max() : above.front();
    if (auto tried = tryEach(low + 1, high); !tried) {
        return fail(tried.error());
    }
    for (const std::int64_t id : above) {
        if (auto tried = tryEach(id, id + 1); !tried) {
            return fail(tried.error());
        }
    }
    return m_report;
}

} // namespace dashstream::store
