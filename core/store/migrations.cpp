#include "core/store/migrations.h"

#include "core/store/audit_chain.h"
#include "core/store/cause.h"
#include "core/store/sqlite_error.h"

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <string>

namespace dashstream::store {

namespace {

constexpr std::int64_t kApplicationId = 0x44535443; // "DSTC"

// Times are microseconds since the epoch. A value is the last column of a retry entry, which is written and dropped
// often (a third less work than a table of its own); those of dead letters, which become many, stand in a table of
// their own, so that searching does not drag them in. Partial indexes serve the list that is open by default and shrink
// when letters are settled; with id and state in them a list reads no row of the table.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('next_retry', 1), ('next_dead', 1), ('next_job', 1), ('failed_commits', 0);

CREATE TABLE threads (
    id INTEGER PRIMARY KEY,
    thread TEXT NOT NULL UNIQUE,
    next INTEGER NOT NULL,
    reserved_until INTEGER NOT NULL,
    last_delivered INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    updated_at INTEGER NOT NULL);

CREATE TABLE retries (
    id INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    cause TEXT NOT NULL,
    waiting_since INTEGER NOT NULL,
    next_try INTEGER,
    outcome_unknown INTEGER NOT NULL,
    resend_of INTEGER,
    attempts INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    message_id BLOB NOT NULL,
    thread TEXT NOT NULL,
    tenant TEXT NOT NULL,
    topic TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    type INTEGER NOT NULL,
    traceparent TEXT NOT NULL,
    tracestate TEXT NOT NULL,
    timestamp_ms INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    value BLOB NOT NULL);
CREATE TABLE retry_attempts (
    id INTEGER NOT NULL REFERENCES retries (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    possibly_persisted INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    PRIMARY KEY (id, position)) WITHOUT ROWID;
CREATE INDEX retries_by_time ON retries (waiting_since);
CREATE INDEX retries_by_thread ON retries (thread);
CREATE INDEX retries_by_cause ON retries (cause, waiting_since);

CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    error_code TEXT NOT NULL,
    error_text TEXT NOT NULL,
    died_at INTEGER NOT NULL,
    trace_id TEXT NOT NULL,
    rounds INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    message_id BLOB NOT NULL,
    thread TEXT NOT NULL,
    tenant TEXT NOT NULL,
    topic TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    type INTEGER NOT NULL,
    traceparent TEXT NOT NULL,
    tracestate TEXT NOT NULL,
    timestamp_ms INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    source TEXT NOT NULL);
CREATE TABLE dead_values (
    id INTEGER PRIMARY KEY REFERENCES dead_letters (id) ON DELETE CASCADE,
    value BLOB NOT NULL);
CREATE TABLE dead_attempts (
    id INTEGER NOT NULL REFERENCES dead_letters (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    possibly_persisted INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    PRIMARY KEY (id, position)) WITHOUT ROWID;
CREATE INDEX dead_by_time ON dead_letters (died_at);
CREATE INDEX dead_open_by_time ON dead_letters (died_at, id, state) WHERE state < 2;
CREATE INDEX dead_open_by_error ON dead_letters (error_code, died_at, id, state) WHERE state < 2;
CREATE INDEX dead_open_by_topic ON dead_letters (topic, died_at, id, state) WHERE state < 2;
CREATE INDEX dead_open_by_tenant ON dead_letters (tenant, died_at, id, state) WHERE state < 2;
CREATE INDEX dead_open_by_thread ON dead_letters (thread, died_at, id, state) WHERE state < 2;

CREATE TABLE resend_jobs (
    id INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    requested_by TEXT NOT NULL,
    total INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    failed INTEGER NOT NULL);
CREATE TABLE resend_items (
    job INTEGER NOT NULL REFERENCES resend_jobs (id) ON DELETE CASCADE,
    letter INTEGER NOT NULL REFERENCES dead_letters (id) ON DELETE CASCADE,
    state INTEGER NOT NULL,
    PRIMARY KEY (job, letter)) WITHOUT ROWID;
CREATE INDEX resend_items_by_letter ON resend_items (letter);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    user TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    count INTEGER NOT NULL);
)sql";

// Letters that were open before copies were made get theirs now. The copier asks for the first pending ones again and
// again: a partial index holds these alone. A W3C trace id stands in a traceparent from the 4th character on.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE dead_letters ADD COLUMN copy_state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dead_letters ADD COLUMN copy_code TEXT NOT NULL DEFAULT '';
ALTER TABLE dead_letters ADD COLUMN copy_error TEXT NOT NULL DEFAULT '';
ALTER TABLE dead_letters ADD COLUMN copy_at INTEGER NOT NULL DEFAULT 0;
UPDATE dead_letters SET copy_state = 1 WHERE state < 2;
CREATE INDEX dead_copy_pending ON dead_letters (id, copy_state) WHERE copy_state = 1;
CREATE INDEX dead_copy_refused ON dead_letters (id, copy_state) WHERE copy_state = 3;
CREATE INDEX dead_by_trace ON dead_letters (substr(traceparent, 4, 32)) WHERE traceparent <> '';
CREATE INDEX dead_by_trace_id ON dead_letters (trace_id);
CREATE INDEX retries_by_trace ON retries (substr(traceparent, 4, 32)) WHERE traceparent <> '';
INSERT INTO meta VALUES ('copy_settings', 0);
)sql";

// The journal settles what the store took over once the store has it, and the store may take a message over without its
// value; either is asked for by entry.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE retries ADD COLUMN entry INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dead_letters ADD COLUMN entry INTEGER NOT NULL DEFAULT 0;
CREATE INDEX retries_by_entry ON retries (entry) WHERE entry > 0;
CREATE INDEX dead_by_entry ON dead_letters (entry) WHERE entry > 0;
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    line INTEGER NOT NULL,
    digest BLOB NOT NULL,
    reached INTEGER NOT NULL,
    updated_at INTEGER NOT NULL);
INSERT INTO meta VALUES ('journal_checkpoint', 0);
)sql";

// The entries that are there get their hashes before anything refuses to change them.
constexpr const char* kVersion4 = R"sql(
ALTER TABLE audit ADD COLUMN filter TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN result TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
INSERT INTO meta VALUES ('audit_store', random());
)sql";

// Errors and their causes are few beside the letters that have them: each stands once, and a search in them is quick.
// The small numbers that a list is filtered by stand in the index that gives its order: going through that index alone
// takes less than looking up what an index of each of them finds, and costs far less to write. A letter whose class was
// not written down when it died has none (-1). settled_*: who discarded it, when and why.
constexpr const char* kVersion5 = R"sql(
CREATE TABLE dead_causes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE dead_errors (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    cause INTEGER NOT NULL,
    UNIQUE (code, text));
ALTER TABLE dead_letters ADD COLUMN error INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dead_letters ADD COLUMN cause INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dead_letters ADD COLUMN error_class INTEGER NOT NULL DEFAULT -1;
ALTER TABLE dead_letters ADD COLUMN partition INTEGER;
ALTER TABLE dead_letters ADD COLUMN settled_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dead_letters ADD COLUMN settled_by TEXT NOT NULL DEFAULT '';
ALTER TABLE dead_letters ADD COLUMN settle_reason TEXT NOT NULL DEFAULT '';
INSERT OR IGNORE INTO dead_causes (text) SELECT dashstream_cause(error_code, error_text) FROM dead_letters;
INSERT OR IGNORE INTO dead_errors (code, text, cause)
    SELECT error_code, error_text, (SELECT id FROM dead_causes WHERE text = dashstream_cause(error_code, error_text))
    FROM dead_letters;
UPDATE dead_letters SET (error, cause) =
    (SELECT e.id, e.cause FROM dead_errors e WHERE e.code = error_code AND e.text = error_text),
    partition = (SELECT a.partition FROM dead_attempts a WHERE a.id = dead_letters.id ORDER BY position DESC LIMIT 1);
DROP INDEX dead_open_by_time;
CREATE INDEX dead_open_by_time ON dead_letters
    (died_at, id, state, error, cause, type, error_class, attempts, rounds, bytes) WHERE state < 2;
CREATE INDEX dead_by_message ON dead_letters (hex(message_id));
CREATE INDEX dead_again ON dead_letters (id, rounds) WHERE rounds > 0;
CREATE INDEX dead_discarded ON dead_letters (settled_at, id, state) WHERE state = 3;
)sql";

// A resend job is its own ledger: what was handed to Kafka is written down before, its outcome after, and for what has
// none the bounds say from where on to look for it. Until then letters that were being sent again stood in the retry
// queue as well; they are open dead letters again, and a job that was running is over.
constexpr const char* kVersion6 = R"sql(
DELETE FROM retries WHERE resend_of IN (SELECT id FROM dead_letters WHERE state = 1);
UPDATE dead_letters SET state = 0 WHERE state = 1;
UPDATE resend_jobs SET state = 2 WHERE state = 0;
ALTER TABLE resend_jobs ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE resend_jobs ADD COLUMN rate REAL NOT NULL DEFAULT 0;
ALTER TABLE resend_jobs ADD COLUMN canary INTEGER NOT NULL DEFAULT 0;
ALTER TABLE resend_jobs ADD COLUMN canary_wait_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE resend_jobs ADD COLUMN max_failed_percent INTEGER NOT NULL DEFAULT 100;
ALTER TABLE resend_jobs ADD COLUMN filter TEXT NOT NULL DEFAULT '';
ALTER TABLE resend_jobs ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE resend_items ADD COLUMN partition INTEGER NOT NULL DEFAULT -1;
ALTER TABLE resend_items ADD COLUMN offset INTEGER NOT NULL DEFAULT -1;
ALTER TABLE resend_items ADD COLUMN error TEXT NOT NULL DEFAULT '';
CREATE INDEX resend_items_failed ON resend_items (job, letter) WHERE state = 3;
CREATE TABLE resend_bounds (
    job INTEGER NOT NULL REFERENCES resend_jobs (id) ON DELETE CASCADE,
    partition INTEGER NOT NULL,
    from_offset INTEGER NOT NULL,
    topic_id TEXT NOT NULL,
    PRIMARY KEY (job, partition)) WITHOUT ROWID;
)sql";

// A job's items may be records of another's topic, of which only the place is kept. So items do not refer to dead
// letters any more; those of a letter that is deleted go with it all the same.
constexpr const char* kVersion7 = R"sql(
ALTER TABLE resend_jobs ADD COLUMN source_topic TEXT NOT NULL DEFAULT '';
CREATE TABLE resend_items_of_all (
    job INTEGER NOT NULL REFERENCES resend_jobs (id) ON DELETE CASCADE,
    letter INTEGER NOT NULL,
    state INTEGER NOT NULL,
    partition INTEGER NOT NULL DEFAULT -1,
    offset INTEGER NOT NULL DEFAULT -1,
    error TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job, letter)) WITHOUT ROWID;
INSERT INTO resend_items_of_all SELECT job, letter, state, partition, offset, error FROM resend_items;
DROP TABLE resend_items;
ALTER TABLE resend_items_of_all RENAME TO resend_items;
CREATE INDEX resend_items_by_letter ON resend_items (letter);
CREATE INDEX resend_items_failed ON resend_items (job, letter) WHERE state = 3;
CREATE TRIGGER resend_items_of_letter AFTER DELETE ON dead_letters BEGIN
    DELETE FROM resend_items WHERE letter = old.id;
END;
CREATE TABLE resend_places (
    job INTEGER NOT NULL REFERENCES resend_jobs (id) ON DELETE CASCADE,
    item INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (job, item)) WITHOUT ROWID;
)sql";

// Whether a letter that is removed was the last one with its error.
constexpr const char* kVersion8 = R"sql(
CREATE INDEX dead_by_error ON dead_letters (error);
CREATE INDEX dead_errors_by_cause ON dead_errors (cause);
)sql";

// What a job changes in its messages (core/mend/edits.h).
constexpr const char* kVersion9 = R"sql(
ALTER TABLE resend_jobs ADD COLUMN edits TEXT NOT NULL DEFAULT '';
)sql";

constexpr std::array<Migration, 9> kMigrations{{{1, kVersion1},
                                                {2, kVersion2},
                                                {3, kVersion3},
                                                {4, kVersion4, chainAuditEntries},
                                                {5, kVersion5},
                                                {6, kVersion6},
                                                {7, kVersion7},
                                                {8, kVersion8},
                                                {9, kVersion9}}};

void causeFunction(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    const auto text = [values](int at) {
        const auto* bytes = static_cast<const char*>(sqlite3_value_blob(values[at]));
        const int size = sqlite3_value_bytes(values[at]);
        return bytes == nullptr ? std::string_view() : std::string_view(bytes, static_cast<std::size_t>(size));
    };
    const std::string cause = causeOf(text(0), text(1));
    sqlite3_result_text(context, cause.data(), static_cast<int>(cause.size()), SQLITE_TRANSIENT);
}

Error notAStore(const std::filesystem::path& file) {
    return {ErrorClass::Local, "store.not_a_store", "The file " + file.string() + " is not a DashStream store",
            "Move it away, or choose another folder with --data-dir."};
}

} // namespace

std::span<const Migration> migrations() {
    return kMigrations;
}

int latestVersion() {
    return kMigrations.back().version;
}

Result<int> versionOf(Database& database, const std::filesystem::path& file, int latest) {
    const Result<std::int64_t> application = database.queryInteger("PRAGMA application_id");
    if (!application) {
        return fail(application.error());
    }
    const Result<std::int64_t> version = database.queryInteger("PRAGMA user_version");
    if (!version) {
        return fail(version.error());
    }
    if (*application != kApplicationId) {
        const Result<std::int64_t> objects = database.queryInteger("SELECT count(*) FROM sqlite_schema");
        if (!objects) {
            return fail(objects.error());
        }
        if (*application != 0 || *version != 0 || *objects != 0) {
            return fail(notAStore(file));
        }
        return 0;
    }
    if (*version > latest) {
        return fail(ErrorClass::Usage, "store.future_version",
                    "The store " + file.string() + " has version " + std::to_string(*version) +
                        ", and this program knows versions up to " + std::to_string(latest),
                    "Start the newer DashStream Console that wrote it, or choose another folder with --data-dir.");
    }
    return static_cast<int>(*version);
}

Result<void> migrate(Database& database, int from, std::span<const Migration> steps) {
    const int known =
        sqlite3_create_function_v2(database.handle(), "dashstream_cause", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                   nullptr, causeFunction, nullptr, nullptr, nullptr);
    if (known != SQLITE_OK) {
        return fail(sqliteError(database.handle(), known));
    }
    for (const Migration& step : steps) {
        if (step.version <= from) {
            continue;
        }
        Result<Transaction> transaction = Transaction::begin(database, Transaction::Kind::Write);
        if (!transaction) {
            return fail(transaction.error());
        }
        const std::string marks = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                                  "; PRAGMA user_version = " + std::to_string(step.version);
        Result<void> applied = database.execute(step.sql);
        applied = applied && step.after != nullptr ? step.after(database) : applied;
        applied = applied ? database.execute(marks) : applied;
        applied = applied ? transaction->commit() : applied;
        if (!applied) {
            return applied;
        }
    }
    return {};
}

} // namespace dashstream::store
