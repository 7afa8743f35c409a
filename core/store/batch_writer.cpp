#include "core/store/batch_writer.h"

#include "core/store/batch_writer_sql.h"
#include "core/store/cause.h"
#include "core/store/row_io.h"

#include <algorithm>
#include <array>
#include <string>

namespace dashstream::store {

namespace {

/// Of a dead letter d: a resend job that is not over has it, without an outcome yet.
#define DASHSTREAM_AT_HAND                                                                                             \
    "EXISTS (SELECT 1 FROM resend_items i JOIN resend_jobs j ON j.id = i.job"                                          \
    " WHERE i.letter = d.id AND i.state IN (0, 1) AND j.state IN (0, 3, 4))"

// In the order of BatchWriter::Sql.
constexpr std::array kSql{
    // PutThread
    "INSERT INTO threads (thread, next, reserved_until, last_delivered, delivered, dead, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (thread) DO UPDATE SET next = excluded.next,"
    " reserved_until = excluded.reserved_until, last_delivered = excluded.last_delivered,"
    " delivered = excluded.delivered, dead = excluded.dead, updated_at = excluded.updated_at",
    // DropThread
    "DELETE FROM threads WHERE thread = ?",
    // PutRetry
    "INSERT INTO retries (id, state, partition, cause, waiting_since, next_try, outcome_unknown, resend_of, attempts,"
    " bytes, " DASHSTREAM_MESSAGE_COLUMNS ", value)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET state = excluded.state, partition = excluded.partition, cause = excluded.cause,"
    " waiting_since = excluded.waiting_since, next_try = excluded.next_try,"
    " outcome_unknown = excluded.outcome_unknown, resend_of = excluded.resend_of, attempts = excluded.attempts,"
    " bytes = excluded.bytes, message_id = excluded.message_id, thread = excluded.thread, tenant = excluded.tenant,"
    " topic = excluded.topic, sequence = excluded.sequence, type = excluded.type, traceparent = excluded.traceparent,"
    " tracestate = excluded.tracestate, timestamp_ms = excluded.timestamp_ms, accepted_at = excluded.accepted_at,"
    " source = excluded.source, entry = excluded.entry, value = excluded.value",
    // ClearRetryAttempts
    "DELETE FROM retry_attempts WHERE id = ?",
    // AddRetryAttempt
    "INSERT INTO retry_attempts (id, position, " DASHSTREAM_ATTEMPT_COLUMNS ")"
    " VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM retry_attempts WHERE id = ?1), ?2, ?3, ?4, ?5, ?6, ?7)",
    // UpdateRetry
    "UPDATE retries SET state = ?2, cause = ?3, next_try = ?4, outcome_unknown = ?5, attempts = attempts + ?6"
    " WHERE id = ?1",
    // DropRetry
    "DELETE FROM retries WHERE id = ?",
    // AddCause
    "INSERT OR IGNORE INTO dead_causes (text) VALUES (?)",
    // AddError
    "INSERT OR IGNORE INTO dead_errors (code, text, cause) VALUES (?, ?, (SELECT id FROM dead_causes WHERE text = ?))",
    // PutDead
    "INSERT INTO dead_letters (id, state, error_code, error_text, died_at, trace_id, rounds, attempts,"
    " bytes, copy_state, error_class, partition, " DASHSTREAM_MESSAGE_COLUMNS ", error, cause)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,"
    " ?24, id, cause FROM dead_errors WHERE code = ?3 AND text = ?4"
    " ON CONFLICT (id) DO UPDATE SET state = excluded.state,"
    " copy_state = CASE WHEN copy_state = 2 OR excluded.copy_state = 0 THEN copy_state ELSE excluded.copy_state END,"
    " error_code = excluded.error_code, error_text = excluded.error_text, error = excluded.error,"
    " cause = excluded.cause, error_class = excluded.error_class, partition = excluded.partition,"
    " died_at = excluded.died_at, trace_id = excluded.trace_id,"
    " rounds = excluded.rounds, attempts = excluded.attempts, bytes = excluded.bytes,"
    " message_id = excluded.message_id, thread = excluded.thread, tenant = excluded.tenant, topic = excluded.topic,"
    " sequence = excluded.sequence, type = excluded.type, traceparent = excluded.traceparent,"
    " tracestate = excluded.tracestate, timestamp_ms = excluded.timestamp_ms, accepted_at = excluded.accepted_at,"
    " source = excluded.source, entry = excluded.entry",
    // PutDeadValue
    "INSERT INTO dead_values (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
    // ClearDeadAttempts
    "DELETE FROM dead_attempts WHERE id = ?",
    // AddDeadAttempt
    "INSERT INTO dead_attempts (id, position, " DASHSTREAM_ATTEMPT_COLUMNS ")"
    " VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM dead_attempts WHERE id = ?1), ?2, ?3, ?4, ?5, ?6, ?7)",
    // SetDeadState
    "UPDATE dead_letters SET state = ?2 WHERE id = ?1",
    // DiscardDead
    "UPDATE dead_letters AS d SET state = 3, settled_at = ?2, settled_by = ?3, settle_reason = ?4"
    " WHERE id = ?1 AND state < 2 AND NOT " DASHSTREAM_AT_HAND,
    // RestoreDead
    "UPDATE dead_letters SET state = 0, settled_at = 0, settled_by = '', settle_reason = '' WHERE id = ? AND state = 3",
    // LookAtDead
    "SELECT state FROM dead_letters WHERE id = ?",
    // DueDiscarded
    "SELECT id, error FROM dead_letters AS d INDEXED BY dead_discarded"
    " WHERE state = 3 AND settled_at > 0 AND settled_at < ? AND NOT " DASHSTREAM_AT_HAND " ORDER BY settled_at LIMIT ?",
    // DropDead
    "DELETE FROM dead_letters WHERE id = ?",
    // CauseOfError
    "SELECT cause FROM dead_errors WHERE id = ?",
    // DropError
    "DELETE FROM dead_errors WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE error = ?1)",
    // DropCause
    "DELETE FROM dead_causes WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM dead_errors WHERE cause = ?1)",
    // SetDeadCopy
    "UPDATE dead_letters SET copy_state = ?2, copy_code = ?3, copy_error = ?4, copy_at = ?5 WHERE id = ?1",
    // SetSettled
    "UPDATE dead_letters SET settled_at = ?2, settled_by = ?3, settle_reason = ?4 WHERE id = ?1",
    // AddJob
    "INSERT INTO resend_jobs (id, state, created_at, ended_at, requested_by, total, delivered, failed, topic, rate,"
    " canary, canary_wait_ms, max_failed_percent, filter, why, source_topic, edits)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    // AddItem
    "INSERT INTO resend_items (job, letter, state) VALUES (?, ?, 0)",
    // AddPlace
    "INSERT INTO resend_places (job, item, partition, offset, checksum) VALUES (?, ?, ?, ?, ?)",
    // StartJob
    "UPDATE resend_jobs SET state = 0, total = (SELECT count(*) FROM resend_items WHERE job = ?1)"
    " WHERE id = ?1 AND state = 4",
    // SetItem
    "UPDATE resend_items SET state = ?3, partition = ?4 WHERE job = ?1 AND letter = ?2",
    // PutBound
    "INSERT OR REPLACE INTO resend_bounds (job, partition, from_offset, topic_id) VALUES (?, ?, ?, ?)",
    // SettleItem
    "UPDATE resend_items SET state = ?3, partition = ?4, offset = ?5, error = ?6 WHERE job = ?1 AND letter = ?2",
    // MarkResent
    "UPDATE dead_letters SET state = 2 WHERE id = ?",
    // FailAgain
    "UPDATE dead_letters SET (error, cause) = (SELECT id, cause FROM dead_errors WHERE code = ?2 AND text = ?3),"
    " error_code = ?2, error_text = ?3, died_at = ?4, error_class = ?5, partition = coalesce(?6, partition),"
    " rounds = rounds + 1, attempts = attempts + 1 WHERE id = ?1",
    // CountInJob
    "UPDATE resend_jobs SET delivered = delivered + ?2, failed = failed + ?3 WHERE id = ?1",
    // SetJob
    "UPDATE resend_jobs SET state = ?2, ended_at = ?3, topic = ?4, rate = ?5, canary = ?6, canary_wait_ms = ?7,"
    " max_failed_percent = ?8, filter = ?9, why = ?10 WHERE id = ?1",
    // PutSource
    "INSERT OR REPLACE INTO sources (id, name, position, line, digest, reached, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)",
    // AppendAudit
    "INSERT INTO audit (" DASHSTREAM_AUDIT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    // WriteMark
    "UPDATE meta SET value = ?2 WHERE key = ?1",
};

std::optional<std::int64_t> lastPartition(const DeadLetter& letter) {
    const bool known = !letter.attempts.empty() && letter.attempts.back().partition != kUnassigned;
    return known ? std::optional(std::int64_t{letter.attempts.back().partition.value}) : std::nullopt;
}

} // namespace

Result<IdMarks> readIdMarks(Database& database) {
    IdMarks marks;
    const auto read = [&](const char* key, std::int64_t& into) -> Result<void> {
        const auto value = database.queryInteger("SELECT value FROM meta WHERE key = '" + std::string(key) + "'");
        if (!value) {
            return fail(value.error());
        }
        into = *value;
        return {};
    };
    Result<void> done = read("next_retry", marks.nextRetry);
    done = done ? read("next_dead", marks.nextDead) : done;
    done = done ? read("next_job", marks.nextJob) : done;
    if (!done) {
        return fail(done.error());
    }
    return marks;
}

Result<BatchWriter> BatchWriter::prepare(Database& database, IdMarks marks, AuditHead audit) {
    static_assert(kSql.size() == static_cast<std::size_t>(Sql::Count));
    BatchWriter writer(database, marks, std::move(audit));
    for (const char* sql : kSql) {
        Result<Statement> statement = database.prepare(sql);
        if (!statement) {
            return fail(std::move(statement.error()));
        }
        writer.m_statements.push_back(std::move(*statement));
    }
    return writer;
}

Result<void> BatchWriter::apply(const WriteBatch& batch) {
    for (const WriteOp& operation : batch.ops) {
        Result<void> written = std::visit([this](const auto& concrete) { return write(concrete); }, operation);
        if (!written) {
            return written;
        }
    }
    return {};
}

Result<void> BatchWriter::writeMarks() {
    Statement& mark = statement(Sql::WriteMark);
    Result<void> done = mark.bindText("next_retry").bind(m_marks.nextRetry).run();
    done = done ? mark.bindText("next_dead").bind(m_marks.nextDead).run() : done;
    return done ? mark.bindText("next_job").bind(m_marks.nextJob).run() : done;
}

Result<void> BatchWriter::runOnExisting(Statement& statement, const char* what, std::int64_t id) {
    Result<void> done = statement.run();
    if (done && m_database->changes() == 0) {
        return fail(ErrorClass::Local, "store.no_such_entry",
                    std::string("The store has no ") + what + " " + std::to_string(id) + " to change",
                    "This is a defect of the program; the rest of the store is not touched.");
    }
    return done;
}

Result<void> BatchWriter::addAttempts(Sql insert, std::int64_t id, const std::vector<Attempt>& attempts) {
    for (const Attempt& attempt : attempts) {
        Statement& add = statement(insert).bind(id);
        bindAttempt(add, attempt);
        Result<void> done = add.run();
        if (!done) {
            return done;
        }
    }
    return {};
}

Result<void> BatchWriter::write(const op::PutThread& put) {
    const ThreadRecord& record = put.record;
    return statement(Sql::PutThread)
        .bindText(record.thread)
        .bind(toColumn(record.next.value))
        .bind(toColumn(record.reservedUntil.value))
        .bind(toColumn(record.lastDelivered.value))
        .bind(toColumn(record.delivered))
        .bind(toColumn(record.dead))
        .bind(record.updatedAt)
        .run();
}

Result<void> BatchWriter::write(const op::DropThread& drop) {
    return statement(Sql::DropThread).bindText(drop.thread).run();
}

Result<void> BatchWriter::write(const op::PutRetry& put) {
    const RetryEntry& entry = put.entry;
    const std::int64_t id = entry.id.value;
    const bool isNew = id >= m_marks.nextRetry; // then there is nothing to replace
    m_marks.nextRetry = std::max(m_marks.nextRetry, id + 1);
    Statement& insert = statement(Sql::PutRetry);
    const std::size_t inRow = entry.message.value.size();
    insert.bind(id)
        .bind(number(entry.state))
        .bind(std::int64_t{entry.partition.value})
        .bindText(entry.cause)
        .bind(entry.waitingSince)
        .bind(toColumn(entry.nextTry))
        .bind(std::int64_t{entry.outcomeUnknown})
        .bind(entry.resendOf ? std::optional(entry.resendOf->value) : std::nullopt)
        .bind(number(entry.attempts.size()))
        .bind(inRow > 0 ? number(inRow) : entry.valueBytes);
    bindMessage(insert, entry.message);
    Result<void> done = insert.bindBlob(entry.message.value).run();
    done = done && !isNew ? statement(Sql::ClearRetryAttempts).bind(id).run() : done;
    return done ? addAttempts(Sql::AddRetryAttempt, id, entry.attempts) : done;
}

Result<void> BatchWriter::write(const op::UpdateRetry& update) {
    const std::int64_t id = update.id.value;
    Statement& change = statement(Sql::UpdateRetry)
                            .bind(id)
                            .bind(number(update.state))
                            .bindText(update.cause)
                            .bind(toColumn(update.nextTry))
                            .bind(std::int64_t{update.outcomeUnknown})
                            .bind(number(update.newAttempts.size()));
    Result<void> done = runOnExisting(change, "retry entry", id);
    return done ? addAttempts(Sql::AddRetryAttempt, id, update.newAttempts) : done;
}

Result<void> BatchWriter::write(const op::DropRetry& drop) {
    return statement(Sql::DropRetry).bind(drop.id.value).run(); // value and attempts go with it
}

/// Errors and causes stand once each.
Result<void> BatchWriter::knowError(const std::string& code, const std::string& text) {
    const std::string cause = causeOf(code, text);
    Result<void> known = statement(Sql::AddCause).bindText(cause).run();
    return known ? statement(Sql::AddError).bindText(code).bindText(text).bindText(cause).run() : known;
}

Result<void> BatchWriter::write(const op::PutDead& put) {
    const DeadLetter& letter = put.letter;
    const std::int64_t id = letter.id.value;
    const bool isNew = id >= m_marks.nextDead;
    m_marks.nextDead = std::max(m_marks.nextDead, id + 1);
    const std::string cause = causeOf(letter.errorCode, letter.errorText);
    Result<void> known = statement(Sql::AddCause).bindText(cause).run();
    known = known ? statement(Sql::AddError).bindText(letter.errorCode).bindText(letter.errorText).bindText(cause).run()
                  : known;
    if (!known) {
        return known;
    }
    Statement& insert = statement(Sql::PutDead);
    insert.bind(id)
        .bind(number(letter.state))
        .bindText(letter.errorCode)
        .bindText(letter.errorText)
        .bind(letter.diedAt)
        .bindText(letter.traceId)
        .bind(std::int64_t{letter.rounds})
        .bind(number(letter.attempts.size()))
        .bind(number(letter.message.value.size()))
        .bind(number(letter.copyState))
        .bind(letter.errorClass ? number(*letter.errorClass) : -1)
        .bind(lastPartition(letter));
    bindMessage(insert, letter.message);
    Result<void> done = insert.run();
    done = done ? statement(Sql::PutDeadValue).bind(id).bindBlob(letter.message.value).run() : done;
    done = done && !isNew ? statement(Sql::ClearDeadAttempts).bind(id).run() : done;
    return done ? addAttempts(Sql::AddDeadAttempt, id, letter.attempts) : done;
}

Result<void> BatchWriter::write(const op::SetDeadState& set) {
    Statement& change = statement(Sql::SetDeadState).bind(set.id.value).bind(number(set.state));
    return runOnExisting(change, "dead letter", set.id.value);
}

Result<void> BatchWriter::write(const op::SetDeadCopy& set) {
    Statement& change = statement(Sql::SetDeadCopy)
                            .bind(set.id.value)
                            .bind(number(set.state))
                            .bindText(set.code)
                            .bindText(set.error)
                            .bind(set.at);
    return change.run(); // it may have been removed while its copy was under way
}

Result<void> BatchWriter::write(const op::SetCopySettings& set) {
    return statement(Sql::WriteMark).bindText("copy_settings").bind(set.mark).run();
}

Result<void> BatchWriter::write(const op::PutSource& put) {
    const SourceRecord& record = put.record;
    return statement(Sql::PutSource)
        .bind(std::int64_t{record.number.value})
        .bindText(record.name)
        .bind(toColumn(record.position))
        .bind(toColumn(record.line))
        .bindBlob(record.digest)
        .bind(toColumn(record.reached))
        .bind(record.updatedAt)
        .run();
}

Result<void> BatchWriter::write(const op::SetJournalCheckpoint& set) {
    return statement(Sql::WriteMark).bindText("journal_checkpoint").bind(toColumn(set.entry)).run();
}

Result<void> BatchWriter::write(const op::AppendAudit& append) {
    AuditEntry entry = append.entry;
    entry.id = m_audit.nextId();
    auto hash = auditHash(m_audit.store, m_audit.hash, entry);
    if (!hash) {
        return fail(hash.error());
    }
    Result<void> done = statement(Sql::AppendAudit)
                            .bind(entry.id)
                            .bind(entry.at)
                            .bindText(entry.user)
                            .bindText(entry.action)
                            .bindText(entry.detail)
                            .bind(entry.count)
                            .bindText(entry.filter)
                            .bindText(entry.result)
                            .bindBlob(*hash)
                            .run();
    if (done) {
        m_audit.id = entry.id;
        m_audit.given = entry.id;
        m_audit.hash = std::move(*hash);
    }
    return done;
}

} // namespace dashstream::store
