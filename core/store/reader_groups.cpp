// Dead letters counted by what they have in common.
#include "core/store/reader_impl.h"
#include "core/store/sqlite_error.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <unordered_map>

namespace dashstream::store {

namespace {
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

const char* keyOf(DeadGroupBy by) {
    switch (by) {
    case DeadGroupBy::Cause:
        return "cause";
    case DeadGroupBy::Topic:
        return "topic";
    case DeadGroupBy::Tenant:
        return "tenant";
    case DeadGroupBy::Thread:
        return "thread";
    case DeadGroupBy::Type:
        return "type";
    case DeadGroupBy::Day:
        break;
    }
    return "0";
}

/// For a filter expression.
std::string inQuotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        out += c == '"' || c == '\\' ? "\\" : "";
        out += c;
    }
    return out + '"';
}

std::string dateText(std::int64_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

/// Counts rows as they come; rows of one group often come together.
class Counter {
public:
    Counter(const DeadGroupQuery& query, std::int64_t from, std::int64_t to)
        : m_query(query), m_from(from), m_width(std::max<std::int64_t>(1, (to - from) / kParts + 1)) {}

    void add(std::string_view key, std::int64_t diedAt) {
        const std::int64_t day = (diedAt + m_query.zoneSeconds * kSecond) / kDay;
        const bool byDay = m_query.by == DeadGroupBy::Day;
        if (m_last == nullptr || (byDay ? day != m_lastDay : key != m_last->key)) {
            m_last = &m_groups[byDay ? dateText(day) : std::string(key)];
            m_lastDay = day;
            if (m_last->count == 0) {
                m_last->key = byDay ? dateText(day) : std::string(key);
                m_last->plot.resize(DeadGroups::kPlotParts);
                m_last->first = utcFromMicros(diedAt);
                m_last->last = m_last->first;
            }
        }
        ++m_last->count;
        m_last->first = std::min(m_last->first, utcFromMicros(diedAt));
        m_last->last = std::max(m_last->last, utcFromMicros(diedAt));
        ++m_last->plot[static_cast<std::size_t>(std::clamp<std::int64_t>((diedAt - m_from) / m_width, 0, kParts - 1))];
        ++m_letters;
    }

    [[nodiscard]] DeadGroups take() {
        DeadGroups found;
        found.letters = m_letters;
        for (auto& [key, group] : m_groups) {
            found.groups.push_back(std::move(group));
        }
        const bool byDay = m_query.by == DeadGroupBy::Day;
        std::ranges::sort(found.groups, [byDay](const DeadGroup& left, const DeadGroup& right) {
            return byDay ? left.key > right.key : std::tie(right.count, left.key) < std::tie(left.count, right.key);
        });
        if (found.groups.size() > DeadGroups::kMost) {
            found.more = found.groups.size() - DeadGroups::kMost;
            found.groups.resize(DeadGroups::kMost);
        }
        return found;
    }

private:
    static constexpr auto kParts = static_cast<std::int64_t>(DeadGroups::kPlotParts);
    const DeadGroupQuery& m_query;
    std::int64_t m_from;
    std::int64_t m_width;
    std::int64_t m_letters = 0;
    std::unordered_map<std::string, DeadGroup> m_groups;
    DeadGroup* m_last = nullptr; ///< of the row before; an unordered_map's elements stay where they are
    std::int64_t m_lastDay = 0;
};

/// Causes by their text instead of their number, and for each the filter that finds it.
Result<void> finish(Database& database, DeadGroupBy by, DeadGroups& found) {
    Result<Statement> cause = database.prepare("SELECT text FROM dead_causes WHERE id = ?");
    if (!cause) {
        return fail(cause.error());
    }
    for (DeadGroup& group : found.groups) {
        if (by == DeadGroupBy::Cause) {
            const StatementUse use(*cause);
            const Result<bool> row = use->bind(std::strtoll(group.key.c_str(), nullptr, 10)).step();
            if (!row) {
                return fail(row.error());
            }
            group.key = *row ? use->bytes(0) : std::string();
        }
        if (by == DeadGroupBy::Day) {
            group.filter = "time = " + group.key;
        } else if (by == DeadGroupBy::Type) {
            const auto type = static_cast<std::size_t>(std::strtoull(group.key.c_str(), nullptr, 10));
            const auto names = filter::infoOf(filter::Field::Type).choices;
            group.filter = type >= 1 && type <= names.size() ? "type = " + std::string(names[type - 1]) : "";
        } else {
            group.filter = std::string(keyOf(by)) + " = " + inQuotes(group.key);
        }
    }
    return {};
}
} // namespace

Result<DeadGroups> StoreReader::deadGroups(const DeadGroupQuery& query, const CancelToken& cancel) {
    const Result<Transaction> transaction = Transaction::begin(m_impl->database, Transaction::Kind::Read);
    if (!transaction) {
        return fail(transaction.error());
    }
    const Result<Impl::Condition> where = m_impl->condition(query.where, query.openOnly);
    if (!where) {
        return fail(where.error());
    }
    const CancelWatch watch(m_impl->database, cancel);
    const std::string from = " FROM dead_letters WHERE " + where->sql;
    Result<Statement> range = m_impl->database.prepare(
        query.where.kind == filter::Expression::Kind::Everything
            ? "SELECT (SELECT min(died_at)" + from + "), (SELECT max(died_at)" + from + ")" // each by the index
            : "SELECT min(died_at), max(died_at)" + from);
    if (!range) {
        return fail(range.error());
    }
    bindAll(*range, where->values);
    const Result<bool> some = range->step();
    if (!some) {
        return fail(some.error());
    }
    if (!range->optionalInteger(0)) {
        return DeadGroups{};
    }
    const std::int64_t first = range->integer(0);
    const std::int64_t last = range->integer(1);
    range->reset();

    // Without a filter an index has both columns, in the order of the groups.
    const bool byIndex = query.where.kind == filter::Expression::Kind::Everything && query.by != DeadGroupBy::Day;
    Result<Statement> rows = m_impl->database.prepare(std::string("SELECT ") + keyOf(query.by) + ", died_at" + from +
                                                      (byIndex ? std::string(" ORDER BY ") + keyOf(query.by) : ""));
    if (!rows) {
        return fail(rows.error());
    }
    bindAll(*rows, where->values);
    Counter counter(query, first, last);
    for (;;) {
        const Result<bool> row = rows->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            break;
        }
        counter.add(rows->text(0), rows->integer(1));
    }
    DeadGroups found = counter.take();
    found.from = utcFromMicros(first);
    found.to = utcFromMicros(last);
    Result<void> done = finish(m_impl->database, query.by, found);
    return done ? Result<DeadGroups>(std::move(found)) : fail(done.error());
}

} // namespace dashstream::store
