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

bool isName(DeadGroupBy by) {
    return by == DeadGroupBy::Topic || by == DeadGroupBy::Tenant || by == DeadGroupBy::Thread;
}

/// The first and the last death.
struct Range {
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();

    void take(std::int64_t diedAt) {
        first = std::min(first, diedAt);
        last = std::max(last, diedAt);
    }
    [[nodiscard]] bool empty() const { return first > last; }
};

/// Counts rows as they come; rows of one group often come together.
class Counter {
public:
    Counter(const DeadGroupQuery& query, const Range& range)
        : m_query(query), m_range(range), m_width((range.last - range.first) / kParts + 1) {}

    void add(std::string_view name, std::int64_t diedAt) {
        if (m_last == nullptr || name != m_last->key) {
            m_last = &groupOf(std::string(name));
        }
        count(diedAt);
    }
    void add(std::int64_t number, std::int64_t diedAt) {
        if (m_query.by == DeadGroupBy::Day) {
            number = (diedAt + m_query.zoneSeconds * kSecond) / kDay;
        }
        if (m_last == nullptr || number != m_lastNumber) {
            DeadGroup*& known = m_numbered[number];
            if (known == nullptr) {
                known = &groupOf(m_query.by == DeadGroupBy::Day ? dateText(number) : std::to_string(number));
            }
            m_last = known;
            m_lastNumber = number;
        }
        count(diedAt);
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
    DeadGroup& groupOf(std::string key) {
        DeadGroup& group = m_groups[key];
        if (group.plot.empty()) {
            group.key = std::move(key);
            group.plot.resize(DeadGroups::kPlotParts);
            group.first = utcFromMicros(m_range.last);
            group.last = utcFromMicros(m_range.first);
        }
        return group;
    }
    void count(std::int64_t diedAt) {
        ++m_last->count;
        m_last->first = std::min(m_last->first, utcFromMicros(diedAt));
        m_last->last = std::max(m_last->last, utcFromMicros(diedAt));
        const std::int64_t part = std::clamp<std::int64_t>((diedAt - m_range.first) / m_width, 0, kParts - 1);
        ++m_last->plot[static_cast<std::size_t>(part)];
        ++m_letters;
    }

    static constexpr auto kParts = static_cast<std::int64_t>(DeadGroups::kPlotParts);
    const DeadGroupQuery& m_query;
    Range m_range;
    std::int64_t m_width;
    std::int64_t m_letters = 0;
    std::unordered_map<std::string, DeadGroup> m_groups; ///< its elements stay where they are
    std::unordered_map<std::int64_t, DeadGroup*> m_numbered;
    DeadGroup* m_last = nullptr; ///< of the row before
    std::int64_t m_lastNumber = 0;
};

/// Goes through all rows. `each`: what to do with one.
template <typename Each>
Result<void> eachRow(Database& database, const std::string& sql, const std::vector<filter::Bound>& values, Each each) {
    Result<Statement> rows = database.prepare(sql);
    if (!rows) {
        return fail(rows.error());
    }
    bindAll(*rows, values);
    for (;;) {
        const Result<bool> row = rows->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return {};
        }
        each(*rows);
    }
}

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
    const CancelWatch watch(m_impl->database, cancel);
    const Result<Transaction> transaction = m_impl->beginFinding(query.where);
    if (!transaction) {
        return fail(transaction.error());
    }
    Result<Impl::Condition> where = m_impl->condition(query.where, query.openOnly && !query.state);
    if (!where) {
        return fail(where.error());
    }
    if (query.state) {
        where->states = stateIs(*query.state);
    }
    // First which letters and from when to when, then the letters by an index that has the groups.
    Range range;
    NumberSet ids;
    const std::string from = " FROM dead_letters WHERE " + where->sql();
    const bool all = where->more.empty();
    Result<void> done = eachRow(m_impl->database,
                                all ? "SELECT min(died_at)" + from + " UNION ALL SELECT max(died_at)" + from
                                    : "SELECT died_at, id" + from + " ORDER BY died_at",
                                where->values, [&](const Statement& row) {
                                    if (const auto diedAt = row.optionalInteger(0)) {
                                        range.take(*diedAt);
                                    }
                                    if (!all) {
                                        ids.add(row.integer(1));
                                    }
                                });
    if (!done || range.empty()) {
        return done ? Result<DeadGroups>(DeadGroups{}) : fail(done.error());
    }
    if (!all) {
        filter::Sql found = m_impl->among("id", std::move(ids));
        where = Impl::Condition{where->states, std::move(found.where), std::move(found.values)};
    }
    Counter counter(query, range);
    const bool byName = isName(query.by);
    done = eachRow(m_impl->database,
                   std::string("SELECT ") + keyOf(query.by) + ", died_at FROM dead_letters WHERE " + where->sql() +
                       " ORDER BY " + (byName ? keyOf(query.by) : "died_at"),
                   where->values, [&](const Statement& row) {
                       byName ? counter.add(row.text(0), row.integer(1)) : counter.add(row.integer(0), row.integer(1));
                   });
    if (!done) {
        return fail(done.error());
    }
    DeadGroups found = counter.take();
    found.from = utcFromMicros(range.first);
    found.to = utcFromMicros(range.last);
    done = finish(m_impl->database, query.by, found);
    return done ? Result<DeadGroups>(std::move(found)) : fail(done.error());
}

} // namespace dashstream::store
