// The search for words in dead letters: in the full-text index, and by reading in what is not in it yet.
#include "core/filter/words.h"
#include "core/store/reader_impl.h"
#include "core/store/search_file.h"
#include "core/store/sqlite_error.h"
#include "core/wire/search_text.h"

#include <sqlite3.h>

namespace dashstream::store {

namespace {
/// So many letters without words in the index are read whole for a search: a second at most.
constexpr std::int64_t kReadAtMost = 20'000;

/// Of a dead letter l, beside its content.
constexpr const char* kAround =
    "l.error_code || ' ' || l.error_text || ' ' || l.topic || ' ' || l.thread || ' ' || l.tenant"
    " || ' ' || l.traceparent || ' ' || l.trace_id";

std::string_view textOf(sqlite3_value* value) {
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
    const int size = sqlite3_value_bytes(value);
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, static_cast<std::size_t>(size));
}

void giveText(sqlite3_context* context, const std::string& text) {
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

/// dashstream_fts(phrase): FTS5's query for it.
void ftsFunction(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    giveText(context, filter::ftsQuery(textOf(values[0])));
}

/// dashstream_fts_content(phrase): the same, in the content alone.
void contentFunction(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    giveText(context, "content : " + filter::ftsQuery(textOf(values[0])));
}

/// dashstream_has(text, phrase)
void hasFunction(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    sqlite3_result_int(context, filter::containsWords(textOf(values[0]), textOf(values[1])) ? 1 : 0);
}

/// dashstream_holds(framed value, phrase)
void holdsFunction(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    auto& decoder = *static_cast<wire::Decoder*>(sqlite3_user_data(context));
    const std::string text = wire::searchText(decoder, asBytes(textOf(values[0])));
    sqlite3_result_int(context, filter::containsWords(text, textOf(values[1])) ? 1 : 0);
}
} // namespace

Result<void> StoreReader::Impl::prepareSearch() {
    struct Function {
        const char* name;
        int arguments;
        void (*call)(sqlite3_context*, int, sqlite3_value**);
    };
    for (const Function& function : {Function{"dashstream_fts", 1, ftsFunction},
                                     {"dashstream_fts_content", 1, contentFunction},
                                     {"dashstream_has", 2, hasFunction},
                                     {"dashstream_holds", 2, holdsFunction}}) {
        const int code = sqlite3_create_function_v2(database.handle(), function.name, function.arguments,
                                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, &decoder,
                                                    function.call, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) {
            return fail(sqliteError(database.handle(), code));
        }
    }
    return {};
}

Result<bool> StoreReader::Impl::attachSearch() {
    const char* name = sqlite3_db_filename(database.handle(), "main");
    const std::filesystem::path file = searchPath(std::filesystem::path(name == nullptr ? "" : name).parent_path());
    std::error_code failure;
    if (!searchAttached) {
        if (!std::filesystem::exists(file, failure)) {
            return false;
        }
        Result<Statement> attach = database.prepare("ATTACH ? AS search");
        const std::string path = file.string();
        if (!attach || !attach->bindText(path).run()) {
            return false; // it is only an index; whoever holds the store makes it anew
        }
        searchAttached = true;
    }
    const auto same = database.queryInteger("SELECT (SELECT store FROM search.progress) ="
                                            " (SELECT value FROM meta WHERE key = 'audit_store')");
    if (same && *same == 1) {
        return true;
    }
    statements.clear();
    if (database.execute("DETACH search")) {
        searchAttached = false; // another one may be in its place the next time
    }
    return false;
}

Result<SearchState> StoreReader::Impl::searchState() {
    const Result<bool> attached = attachSearch();
    if (!attached) {
        return fail(attached.error());
    }
    SearchState state;
    searchOurs = *attached;
    if (searchOurs) {
        const Result<std::int64_t> upTo = database.queryInteger("SELECT up_to FROM search.progress");
        if (!upTo) {
            return fail(upTo.error());
        }
        state.upTo = DeadLetterId(*upTo);
    }
    const Result<std::int64_t> total = database.queryInteger("SELECT count(*) FROM dead_letters");
    const Result<std::int64_t> missing =
        database.queryInteger("SELECT count(*) FROM dead_letters WHERE id > " + std::to_string(state.upTo.value));
    if (!total || !missing) {
        return fail(total ? missing.error() : total.error());
    }
    state.total = *total;
    state.missing = *missing;
    state.complete = state.missing <= kReadAtMost;
    return state;
}

std::string StoreReader::Impl::wordsSelect(const SearchState& state, bool around) const {
    const std::string hasAround = std::string("dashstream_has(") + kAround + ", w.p)";
    const std::string behind =
        " FROM w, dead_letters l JOIN dead_values v ON v.id = l.id WHERE l.id > " + std::to_string(state.upTo.value);
    std::string sql = "WITH w(p) AS (SELECT ?) SELECT NULL WHERE false";
    if (searchOurs) {
        sql += std::string(" UNION ALL SELECT rowid FROM w, search.dead_text WHERE dead_text MATCH ") +
               (around ? "dashstream_fts(w.p)" : "dashstream_fts_content(w.p)");
    }
    if (around) { // what died again has another error than the index knows
        sql += " UNION ALL SELECT l.id FROM w, dead_letters l WHERE l.rounds > 0 AND " + hasAround;
    }
    if (state.complete && state.missing > 0) {
        sql += " UNION ALL SELECT l.id" + behind + " AND (dashstream_holds(v.value, w.p)" +
               (around ? " OR " + hasAround : "") + ")";
    }
    return sql;
}

Result<std::vector<SearchDocument>> StoreReader::searchDocuments(DeadLetterId after, std::size_t limit) {
    const Result<Statement*> query =
        m_impl->statement(std::string("SELECT l.id, ") + kAround +
                          ", v.value FROM dead_letters l JOIN dead_values v ON v.id = l.id WHERE l.id > ? ORDER BY l.id"
                          " LIMIT ?");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(after.value).bind(static_cast<std::int64_t>(limit));
    std::vector<SearchDocument> found;
    for (;;) {
        const Result<bool> row = use->step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return found;
        }
        const std::string value = use->bytes(2);
        found.push_back(
            {DeadLetterId(use->integer(0)), wire::searchText(m_impl->decoder, asBytes(value)), use->bytes(1)});
    }
}

Result<StoreReader::Identity> StoreReader::identity() {
    const Result<std::int64_t> store =
        m_impl->database.queryInteger("SELECT value FROM meta WHERE key = 'audit_store'");
    const Result<std::int64_t> next = m_impl->database.queryInteger("SELECT value FROM meta WHERE key = 'next_dead'");
    if (!store || !next) {
        return fail(store ? next.error() : store.error());
    }
    return Identity{*store, DeadLetterId(*next)};
}

Result<SearchState> StoreReader::searchState() {
    return m_impl->searchState();
}

} // namespace dashstream::store
