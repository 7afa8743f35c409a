// Resend jobs and the audit log.
#include "core/store/reader_impl.h"
#include "core/store/row_io.h"

namespace dashstream::store {

namespace {

ResendJob readJob(const Statement& row) {
    ResendJob job;
    job.id = ResendJobId(row.integer(0));
    job.state = static_cast<ResendJobState>(row.integer(1));
    job.createdAt = row.time(2);
    job.endedAt = row.time(3);
    job.requestedBy = row.bytes(4);
    job.total = row.integer(5);
    job.delivered = row.integer(6);
    job.failed = row.integer(7);
    job.topic = row.bytes(8);
    job.ratePerSecond = row.real(9);
    job.canary = row.integer(10);
    job.canaryWait = milliseconds(row.integer(11));
    job.maxFailedPercent = static_cast<int>(row.integer(12));
    job.filter = row.bytes(13);
    job.why = row.bytes(14);
    job.sourceTopic = row.bytes(15);
    job.edits = row.bytes(16);
    return job;
}

ResendItem readItem(const Statement& row) {
    return {DeadLetterId(row.integer(0)), static_cast<ResendItemState>(row.integer(1)),
            PartitionId(static_cast<std::int32_t>(row.integer(2))), Offset(row.integer(3)), row.bytes(4)};
}

constexpr const char* kJobColumns =
    "id, state, created_at, ended_at, requested_by, total, delivered, failed, topic, rate,"
    " canary, canary_wait_ms, max_failed_percent, filter, why, source_topic, edits";

template <typename Row, typename Read>
Result<std::vector<Row>> all(Statement& statement, Read read) {
    std::vector<Row> rows;
    for (;;) {
        const Result<bool> row = statement.step();
        if (!row) {
            return fail(row.error());
        }
        if (!*row) {
            return rows;
        }
        rows.push_back(read(statement));
    }
}

} // namespace

Result<std::vector<ResendJob>> StoreReader::resendJobs(bool unfinishedOnly) {
    const Result<Statement*> query = m_impl->statement(
        std::string("SELECT ") + kJobColumns + " FROM resend_jobs WHERE ?1 = 0 OR state IN (0, 3, 4) ORDER BY id");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(std::int64_t{unfinishedOnly});
    return all<ResendJob>(*use, readJob);
}

Result<std::vector<ResendItem>> StoreReader::resendItems(ResendJobId job, ResendItemState state, DeadLetterId after,
                                                         std::size_t limit) {
    // The state as a literal: failed ones have an index.
    const Result<Statement*> query = m_impl->statement(
        "SELECT letter, state, partition, offset, error FROM resend_items WHERE job = ? AND letter > ? AND state = " +
        std::to_string(static_cast<int>(state)) + " ORDER BY letter LIMIT ?");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(job.value).bind(after.value).bind(static_cast<std::int64_t>(limit));
    return all<ResendItem>(*use, readItem);
}

Result<std::vector<std::optional<RemotePlace>>> StoreReader::remotePlaces(ResendJobId job,
                                                                          std::span<const DeadLetterId> items) {
    const Result<Statement*> query =
        m_impl->statement("SELECT partition, offset, checksum FROM resend_places WHERE job = ? AND item = ?");
    if (!query) {
        return fail(query.error());
    }
    std::vector<std::optional<RemotePlace>> places;
    places.reserve(items.size());
    for (const DeadLetterId item : items) {
        const StatementUse use(**query);
        use->bind(job.value).bind(item.value);
        const Result<bool> row = use->step();
        if (!row) {
            return fail(row.error());
        }
        places.push_back(
            *row ? std::optional(RemotePlace{PartitionId(static_cast<std::int32_t>(use->integer(0))),
                                             Offset(use->integer(1)), static_cast<std::uint32_t>(use->integer(2))})
                 : std::nullopt);
    }
    return places;
}

Result<std::vector<DeadLetterId>> StoreReader::atHandOfResend(std::span<const DeadLetterId> letters) {
    const Result<Statement*> query =
        m_impl->statement("SELECT i.letter FROM resend_items i JOIN resend_jobs j ON j.id = i.job"
                          " WHERE i.letter = ? AND i.state IN (0, 1) AND j.state IN (0, 3, 4) LIMIT 1");
    if (!query) {
        return fail(query.error());
    }
    return rowsOf<DeadLetterId>(m_impl->database, **query, letters,
                                [](const Statement& row) { return DeadLetterId(row.integer(0)); });
}

Result<std::vector<ResendBound>> StoreReader::resendBounds(ResendJobId job) {
    const Result<Statement*> query = m_impl->statement(
        "SELECT partition, from_offset, topic_id FROM resend_bounds WHERE job = ? ORDER BY partition");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(job.value);
    return all<ResendBound>(*use, [](const Statement& row) {
        return ResendBound{PartitionId(static_cast<std::int32_t>(row.integer(0))), Offset(row.integer(1)),
                           row.bytes(2)};
    });
}

Result<std::vector<AuditEntry>> StoreReader::audit(std::size_t limit) {
    const Result<Statement*> query =
        m_impl->statement("SELECT " DASHSTREAM_AUDIT_COLUMNS " FROM audit ORDER BY id DESC LIMIT ?");
    if (!query) {
        return fail(query.error());
    }
    const StatementUse use(**query);
    use->bind(static_cast<std::int64_t>(limit));
    return all<AuditEntry>(*use, readAudit);
}

Result<std::vector<std::int64_t>> StoreReader::auditIds(const AuditQuery& query, const CancelToken& cancel) {
    const std::string since = std::to_string(query.since ? toMicros(*query.since) : INT64_MIN);
    const std::string limit = query.limit > 0 ? std::to_string(query.limit) : "-1";
    const std::string where =
        query.text.empty()
            ? "(? = '')"
            : "instr(lower(user || ' ' || action || ' ' || detail || ' ' || filter || ' ' || result), lower(?)) > 0";
    return m_impl->numbers("SELECT id FROM audit WHERE at >= CAST(? AS INTEGER) AND " + where +
                               orderBy("id", query.order) + " LIMIT CAST(? AS INTEGER)",
                           {since, query.text, limit}, cancel);
}

Result<std::vector<AuditEntry>> StoreReader::auditRows(std::span<const std::int64_t> ids) {
    const Result<Statement*> query = m_impl->statement("SELECT " DASHSTREAM_AUDIT_COLUMNS " FROM audit WHERE id = ?");
    if (!query) {
        return fail(query.error());
    }
    return rowsOf<AuditEntry>(m_impl->database, **query, ids, readAudit);
}

Result<AuditHead> StoreReader::auditHead() {
    return readAuditHead(m_impl->database);
}

} // namespace dashstream::store
