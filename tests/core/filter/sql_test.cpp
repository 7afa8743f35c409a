// SQLite finds with toSql() exactly what matches() finds.
#include "core/filter/match.h"
#include "core/filter/sql.h"
#include "core/filter/words.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

namespace dashstream::filter {
namespace {

struct Row final : Record {
    std::string thread, error, words;
    std::int64_t state = 0, size = 0, time = 0;
    std::optional<std::int64_t> offset;

    [[nodiscard]] std::string_view text(Field field) const override {
        return field == Field::Thread || field == Field::Topic ? std::string_view(thread)
               : field == Field::Error                         ? std::string_view(error)
               : field == Field::Message                       ? std::string_view(words)
                                         : infoOf(Field::State).choices[static_cast<std::size_t>(state)];
    }
    [[nodiscard]] std::optional<std::int64_t> number(Field field) const override {
        return field == Field::Size ? size : field == Field::Time ? time : offset;
    }
    [[nodiscard]] bool hasWords(std::string_view part) const override { return containsWords(words, part); }
};

Sql wordsFound(std::string_view text) {
    return {"rowid IN (SELECT rowid FROM f WHERE f MATCH ?)", {ftsQuery(text)}};
}

Columns columns() {
    Columns known;
    known.column = [](Field field) -> std::optional<Column> {
        switch (field) {
        case Field::Thread:
            return Column{.sql = "thread", .held = {}};
        case Field::Error:
            return Column{.sql = "error", .held = {}};
        case Field::State:
            return Column{.sql = "state", .held = [](std::string_view name) -> Bound {
                              const auto choices = infoOf(Field::State).choices;
                              return std::ranges::find(choices, name) - choices.begin();
                          }};
        case Field::Size:
            return Column{.sql = "size", .held = {}};
        case Field::Time:
            return Column{.sql = "time", .held = {}};
        case Field::Offset:
            return Column{.sql = "place", .nullable = true, .held = {}};
        case Field::Message:
            return Column{.sql = "", .part = wordsFound};
        case Field::Topic:
            return Column{.sql = "thread", .any = [](const std::vector<Operand>& values) {
                              Sql made{"0", {}};
                              for (const Operand& value : values) {
                                  made.where += " OR (thread || 'x') = (? || 'x')";
                                  made.values.emplace_back(value.text);
                              }
                              return made;
                          }};
        default:
            return std::nullopt;
        }
    };
    known.words = wordsFound;
    return known;
}

class Database {
public:
    Database() {
        EXPECT_EQ(sqlite3_open(":memory:", &m_database), SQLITE_OK);
        EXPECT_EQ(
            sqlite3_exec(m_database,
                         "CREATE TABLE r (thread TEXT, error TEXT, state INT, size INT, time INT, place INT, "
                         "words TEXT); CREATE VIRTUAL TABLE f USING fts5 (words, content = '', tokenize = 'ascii')",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
    }
    ~Database() { sqlite3_close(m_database); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void add(const Row& row) {
        const Bound none = std::int64_t{0};
        (void)run(
            "INSERT INTO r VALUES (?,?,?,?,?," + std::string(row.offset ? "?" : "nullif(?,0)") + ",?)",
            {row.thread, row.error, row.state, row.size, row.time, row.offset ? Bound(*row.offset) : none, row.words});
        (void)run("INSERT INTO f (rowid, words) VALUES (last_insert_rowid(), ?)", {row.words});
    }
    [[nodiscard]] std::vector<std::int64_t> run(const std::string& sql, const std::vector<Bound>& values) {
        sqlite3_stmt* statement = nullptr;
        EXPECT_EQ(sqlite3_prepare_v2(m_database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
        EXPECT_EQ(sqlite3_bind_parameter_count(statement), static_cast<int>(values.size())) << sql;
        int at = 0;
        for (const Bound& value : values) {
            ++at;
            if (const auto* text = std::get_if<std::string>(&value)) {
                sqlite3_bind_text(statement, at, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
            } else {
                sqlite3_bind_int64(statement, at, std::get<std::int64_t>(value));
            }
        }
        std::vector<std::int64_t> found;
        while (sqlite3_step(statement) == SQLITE_ROW) {
            found.push_back(sqlite3_column_int64(statement, 0));
        }
        sqlite3_finalize(statement);
        return found;
    }

private:
    sqlite3* m_database = nullptr;
};

constexpr std::int64_t kNow = 1'796'040'000'000'000;

std::vector<Row> someRows(std::mt19937& random) {
    constexpr std::array<std::string_view, 6> kTexts{"", "a", "Ab%c", "a_b", "A\\B", "timed out"};
    std::vector<Row> rows(200);
    for (Row& row : rows) {
        row.thread = kTexts[random() % kTexts.size()];
        row.error = kTexts[random() % kTexts.size()];
        row.words = kTexts[random() % kTexts.size()];
        row.state = static_cast<std::int64_t>(random() % 4);
        row.size = static_cast<std::int64_t>(random() % 5);
        row.time = kNow - static_cast<std::int64_t>(random() % 4) * 3'600'000'000;
        if (random() % 2 == 0) {
            row.offset = static_cast<std::int64_t>(random() % 3 + 1);
        }
    }
    return rows;
}

std::string someExpression(std::mt19937& random, int depth = 0) {
    constexpr std::array<std::string_view, 28> kConditions{"thread = a",
                                                           "thread != a",
                                                           "thread ~ B",
                                                           "thread !~ '%'",
                                                           "error ~ _",
                                                           "error ~ '\\\\'",
                                                           "error = ''",
                                                           "thread in (a,a_b)",
                                                           "error not in (a,'')",
                                                           "state = open",
                                                           "state in (resent, discarded)",
                                                           "state != resending",
                                                           "size = 2",
                                                           "size >= 3",
                                                           "size not in (1,4)",
                                                           "time > -2h",
                                                           "time <= -1h",
                                                           "time = today",
                                                           "offset = 2",
                                                           "offset != 2",
                                                           "offset < 3",
                                                           "message ~ 'time-'",
                                                           "message !~ 'ed out'",
                                                           "topic in (a, a_b)",
                                                           "topic != a",
                                                           "'a'",
                                                           "'timed ou'",
                                                           "B"};
    if (depth > 3 || random() % 3 == 0) {
        return std::string(kConditions[random() % kConditions.size()]);
    }
    switch (random() % 3) {
    case 0:
        return "not (" + someExpression(random, depth + 1) + ')';
    case 1:
        return '(' + someExpression(random, depth + 1) + ") and (" + someExpression(random, depth + 1) + ')';
    default:
        return '(' + someExpression(random, depth + 1) + ") or (" + someExpression(random, depth + 1) + ')';
    }
}

TEST(FilterSql, FindsWhatThePredicateFinds) {
    std::mt19937 random(20261130); // NOLINT: the same each time
    const std::vector<Row> rows = someRows(random);
    Database database;
    for (const Row& row : rows) {
        database.add(row);
    }
    int some = 0;
    for (int round = 0; round < 3000; ++round) {
        const std::string text = round == 0 ? "" : someExpression(random);
        const auto expression = parse(text, {utcFromMicros(kNow), {}});
        ASSERT_TRUE(expression) << text << expression.error().text();
        const auto sql = toSql(*expression, columns());
        ASSERT_TRUE(sql);

        const auto found = database.run("SELECT rowid FROM r WHERE " + sql->where + " ORDER BY rowid", sql->values);

        std::vector<std::int64_t> expected;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (matches(*expression, rows[i])) {
                expected.push_back(static_cast<std::int64_t>(i) + 1);
            }
        }
        ASSERT_EQ(found, expected) << text << "\n" << sql->where;
        some += !found.empty() && found.size() < rows.size() ? 1 : 0;
    }
    EXPECT_GT(some, 1000) << "most find some and not all";
}

TEST(FilterSql, FieldThatTheStoreDoesNotKnowIsAFault) {
    const auto expression = parse("a and (key = x)", {});
    ASSERT_TRUE(expression);
    const auto sql = toSql(*expression, columns());
    ASSERT_FALSE(sql);
    EXPECT_EQ(sql.error().what, "key is not known here");
}

TEST(FilterSql, TimeOfAStoreIsSearchedByItsIndex) {
    const auto expression = parse("time > -2h and time <= -1h", {utcFromMicros(kNow), {}});
    ASSERT_TRUE(expression);
    EXPECT_EQ(toSql(*expression, columns())->where, "(((time >= ?)) AND ((time < ?)))");
}

} // namespace
} // namespace dashstream::filter
