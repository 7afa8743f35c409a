// The conditions of a filter on dead letters. What an index of another table or of names finds is found beforehand, as
// a set of numbers, and the letters are gone through once, in the order of their death: the index that gives that order
// holds what else is asked for most, so few rows of the table are read. SQLite would look up each row instead.
#include "core/filter/match.h"
#include "core/store/dead_columns.h"
#include "core/store/reader_impl.h"
#include "core/store/sqlite_error.h"

#include <sqlite3.h>

namespace dashstream::store {

namespace {
/// So many letters are looked up one by one; with more, going through all is quicker, and no worse from a cold disk.
constexpr std::size_t kFew = 2'000;
/// Asked for where no order is needed, so that rows which have to be read are read in about the order they stand in.
constexpr const char* kByDeath = " ORDER BY died_at DESC, id DESC";

bool mentions(const filter::Expression& expression, filter::Field field) {
    if (expression.kind == filter::Expression::Kind::Compare) {
        return expression.condition.field == field;
    }
    for (const filter::Expression& part : expression.parts) {
        if (mentions(part, field)) {
            return true;
        }
    }
    return false;
}

bool searchesWords(const filter::Expression& expression) {
    if (expression.kind == filter::Expression::Kind::Words) {
        return true;
    }
    for (const filter::Expression& part : expression.parts) {
        if (searchesWords(part)) {
            return true;
        }
    }
    return mentions(expression, filter::Field::Message);
}

/// One field against one value, which it shall have.
bool isOneEquality(const filter::Expression& expression) {
    return expression.kind == filter::Expression::Kind::Compare && expression.condition.op == filter::Op::Equal &&
           expression.condition.values.size() == 1;
}

/// dashstream_among(place of a set, number)
void amongFunction(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    const auto& sets = *static_cast<const std::deque<NumberSet>*>(sqlite3_user_data(context));
    const auto at = static_cast<std::size_t>(sqlite3_value_int64(values[0]));
    sqlite3_result_int(context, at < sets.size() && sets[at].has(sqlite3_value_int64(values[1])) ? 1 : 0);
}

std::string_view textOf(sqlite3_value* value) {
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
    const int size = sqlite3_value_bytes(value);
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, static_cast<std::size_t>(size));
}

/// dashstream_part(text, part): what LIKE finds, in a third of its time.
void partFunction(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    sqlite3_result_int(context, filter::containsText(textOf(values[0]), textOf(values[1])) ? 1 : 0);
}
} // namespace

Result<void> StoreReader::Impl::prepareFilter() {
    constexpr int kHow = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    int code = sqlite3_create_function_v2(database.handle(), "dashstream_among", 2, kHow, &foundBefore, amongFunction,
                                          nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) {
        code = sqlite3_create_function_v2(database.handle(), "dashstream_part", 2, kHow, nullptr, partFunction, nullptr,
                                          nullptr, nullptr);
    }
    return code == SQLITE_OK ? Result<void>() : fail(sqliteError(database.handle(), code));
}

Result<Transaction> StoreReader::Impl::beginFinding(const filter::Expression& where) {
    foundBefore.clear();
    if (searchesWords(where)) { // another index can take the place of the attached one outside a transaction only
        const Result<bool> attached = attachSearch();
        if (!attached) {
            return fail(attached.error());
        }
    }
    return Transaction::begin(database, Transaction::Kind::Read);
}

filter::Sql StoreReader::Impl::among(const char* column, NumberSet numbers) {
    if (std::string_view(column) == "id" && numbers.size() <= kFew) {
        return {"id IN (SELECT value FROM json_each(?))", {numbers.json()}};
    }
    foundBefore.push_back(std::move(numbers));
    return {"dashstream_among(" + std::to_string(foundBefore.size() - 1) + ", " + column + ")", {}};
}

Result<NumberSet> StoreReader::Impl::numbersOf(const std::string& select, const std::vector<filter::Bound>& values) {
    Result<Statement> query = database.prepare(select);
    if (!query) {
        return fail(query.error());
    }
    bindAll(*query, values);
    NumberSet numbers;
    for (;;) {
        const Result<bool> row = query->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return numbers;
        }
        numbers.add(query->integer(0));
    }
}

Result<StoreReader::Impl::Condition> StoreReader::Impl::condition(const filter::Expression& where, bool openOnly,
                                                                  bool byOther) {
    SearchState search;
    if (searchesWords(where)) {
        const Result<SearchState> state = searchState();
        if (!state) {
            return fail(state.error());
        }
        search = *state;
    }
    std::optional<Error> failure;
    const auto find = [&](const char* column, const std::string& select, const std::vector<filter::Bound>& values) {
        Result<NumberSet> numbers = failure ? fail(*failure) : numbersOf(select, values);
        if (!numbers) {
            failure = numbers.error();
            return filter::Sql{"false", {}};
        }
        return among(column, std::move(*numbers));
    };
    const auto words = [&](bool around) {
        return [&find, &search, this, around](std::string_view phrase) {
            return find("id", wordsSelect(search, around), {std::string(phrase)});
        };
    };
    const bool every = !openOnly || mentions(where, filter::Field::State);
    auto sql = filter::toSql(where, deadColumns({find, words(true), words(false), !every, isOneEquality(where)}));
    if (failure) {
        return fail(std::move(*failure));
    }
    if (!sql) {
        return fail(ErrorClass::Usage, "store.filter",
                    "The filter cannot be asked of dead letters: " + sql.error().what, sql.error().remedy);
    }
    Condition made{every ? "true" : byOther ? "+state < 2" : "state < 2", {}, std::move(sql->values)};
    if (where.kind != filter::Expression::Kind::Everything) {
        made.more = std::move(sql->where);
    }
    return made;
}

Result<StoreReader::Impl::Condition> StoreReader::Impl::narrowed(const Condition& condition) {
    Result<NumberSet> numbers =
        numbersOf("SELECT id FROM dead_letters WHERE " + condition.sql() + kByDeath, condition.values);
    if (!numbers) {
        return fail(std::move(numbers.error()));
    }
    filter::Sql found = among("id", std::move(*numbers));
    return Condition{condition.states, std::move(found.where), std::move(found.values)};
}

} // namespace dashstream::store
