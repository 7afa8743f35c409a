// What the parts of StoreReader share: the connection, its prepared statements, cancelling, lists of ids.
#pragma once

#include "core/filter/sql.h"
#include "core/store/number_set.h"
#include "core/store/reader.h"
#include "core/store/sqlite.h"
#include "core/wire/codec.h"

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace dashstream::store {

struct StoreReader::Impl {
    Database database;
    wire::Decoder decoder; ///< of dashstream_words, an SQL function
    bool searchAttached = false;
    bool searchOurs = false;                               ///< and it is this store's
    std::deque<NumberSet> foundBefore;                     ///< of dashstream_among, another one
    std::unordered_map<std::string, Statement> statements; ///< by their SQL; its kinds are few

    /// Prepared once; valid as long as the reader. Wrap it in a StatementUse.
    Result<Statement*> statement(const std::string& sql);
    /// First column of all rows. `texts` are bound in their order.
    Result<std::vector<std::int64_t>> numbers(const std::string& sql, const std::vector<std::string>& texts,
                                              const CancelToken& cancel);
    Result<std::vector<GroupCount>> groups(const std::string& sql);

    /// Makes the SQL functions known that a search for words needs.
    Result<void> prepareSearch();
    /// Attaches the full-text index where there is one of this store. False: there is none.
    Result<bool> attachSearch();
    Result<SearchState> searchState();
    /// The letters that have the phrase, its one ?. `around`: beside the content in error, names and trace ids.
    [[nodiscard]] std::string wordsSelect(const SearchState& state, bool around) const;

    Result<void> prepareFilter();
    /// What the conditions of one question to the dead letters are made and asked in.
    Result<Transaction> beginFinding(const filter::Expression& where);
    /// The condition that `where` and `openOnly` make, with its values.
    struct Condition {
        std::string states;
        std::string more; ///< than the states; empty: nothing
        std::vector<filter::Bound> values;

        [[nodiscard]] std::string sql() const { return more.empty() ? states : states + " AND " + more; }
    };
    /// `byOther`: keeps the indexes of open letters out of it, where another one finds the few.
    Result<Condition> condition(const filter::Expression& where, bool openOnly, bool byOther = false);
    /// The same letters, found beforehand: for an order that the condition's index does not have.
    Result<Condition> narrowed(const Condition& condition);
    /// First column of all rows.
    Result<NumberSet> numbersOf(const std::string& select, const std::vector<filter::Bound>& values);
    /// The condition that `column` is among them; until the next beginFinding().
    filter::Sql among(const char* column, NumberSet numbers);
    /// Of a table of attempts, in the order in which they were added.
    Result<std::vector<Attempt>> attempts(const char* table, std::int64_t id);
};

[[nodiscard]] inline const char* direction(SortOrder order) {
    return order == SortOrder::Ascending ? " ASC" : " DESC";
}

/// The state as a literal: partial indexes.
[[nodiscard]] inline std::string stateIs(DeadState state) {
    return "state = " + std::to_string(static_cast<int>(state));
}

inline void bindAll(Statement& statement, const std::vector<filter::Bound>& values) {
    for (const filter::Bound& value : values) {
        if (const auto* text = std::get_if<std::string>(&value)) {
            statement.bindText(*text);
        } else {
            statement.bind(std::get<std::int64_t>(value));
        }
    }
}

/// Makes a running query end soon after the token was cancelled.
class CancelWatch {
public:
    CancelWatch(Database& database, const CancelToken& token);
    ~CancelWatch();
    CancelWatch(const CancelWatch&) = delete;
    CancelWatch& operator=(const CancelWatch&) = delete;

private:
    sqlite3* m_handle;
};

/// " ORDER BY column DIR, id DIR": ties by id, so that a list that is read again looks the same.
[[nodiscard]] std::string orderBy(const char* column, SortOrder order);

/// A pattern for `LIKE ? ESCAPE '\'` that finds `text` literally anywhere. Error: "store.filter_too_long" (Usage).
[[nodiscard]] Result<std::string> containing(const std::string& text);

/// The trace id of what a person gave to search for: itself, or that of a traceparent.
[[nodiscard]] std::string traceIdOf(const std::string& given);

[[nodiscard]] Error noSuchEntry(const char* what, std::int64_t id);

/// Reads each of `ids` with `read` inside one read transaction; those that are gone are left out.
template <typename Row, typename Ids, typename Read>
[[nodiscard]] Result<std::vector<Row>> rowsOf(Database& database, Statement& statement, const Ids& ids, Read read) {
    const Result<Transaction> transaction = Transaction::begin(database, Transaction::Kind::Read);
    if (!transaction) {
        return fail(transaction.error());
    }
    std::vector<Row> rows;
    rows.reserve(ids.size());
    for (const auto& id : ids) {
        const StatementUse use(statement);
        if constexpr (requires { id.value; }) {
            statement.bind(id.value);
        } else if constexpr (requires { std::string_view(id); }) {
            statement.bindText(id);
        } else {
            statement.bind(id);
        }
        const Result<bool> found = statement.step();
        if (!found) {
            return fail(found.error());
        }
        if (*found) {
            rows.push_back(read(statement));
        }
    }
    return rows;
}

} // namespace dashstream::store
