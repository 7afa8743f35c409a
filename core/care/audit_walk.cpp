#include "core/care/audit_walk.h"

#include "core/store/row_io.h"

#include <limits>

namespace dashstream::care {

namespace {

constexpr int kPage = 1000; ///< entries in one short transaction
constexpr int kTypedColumn = 9;

const std::string& pageQuery() {
    static const std::string kQuery =
        "SELECT " DASHSTREAM_AUDIT_COLUMNS
        ", typeof(at) = 'integer' AND typeof(count) = 'integer' AND typeof(user) = 'text' AND typeof(action) = 'text'"
        " AND typeof(detail) = 'text' AND typeof(filter) = 'text' AND typeof(result) = 'text'"
        " AND typeof(hash) = 'blob' FROM audit WHERE id >= ? ORDER BY id LIMIT " +
        std::to_string(kPage);
    return kQuery;
}

std::string entryText(std::int64_t id) {
    return "entry " + std::to_string(id);
}

/// "entry 5" or "entries 5 to 7".
std::string entriesText(std::int64_t first, std::int64_t last) {
    return first == last ? entryText(first) + " is"
                         : "entries " + std::to_string(first) + " to " + std::to_string(last) + " are";
}

} // namespace

void note(AuditReport& report, AuditFinding finding) {
    ++report.found;
    if (report.findings.size() < AuditReport::kFindingsKept) {
        report.findings.push_back(std::move(finding));
    }
}

Error auditCancelled() {
    return {ErrorClass::Cancelled, "store.cancelled", "Stopped before the end", {}};
}

Result<void> AuditWalk::run() {
    auto walked = visitFrom(std::numeric_limits<std::int64_t>::min(), [this](const Row& row) { return take(row); });
    if (walked && m_broken) {
        note(m_report, {AuditFinding::Kind::Unreadable, m_report.last,
                        "what comes after " + entryText(m_report.last) + " cannot be read: " + m_broken->message});
    }
    return walked;
}

Result<void> AuditWalk::visitFrom(std::int64_t from, const Visitor& visit) {
    m_broken.reset();
    for (bool more = true; more;) {
        if (m_options.cancel.cancelled()) {
            return fail(auditCancelled());
        }
        const auto page = visitPage(from, visit);
        if (!page) {
            return fail(page.error());
        }
        more = *page;
    }
    return {};
}

/// False: that was the last one.
Result<bool> AuditWalk::visitPage(std::int64_t& from, const Visitor& visit) {
    auto query = m_database.prepare(pageQuery());
    if (!query) {
        m_broken = query.error();
        return false;
    }
    query->bind(from);
    for (int rows = 0;; ++rows) {
        const auto found = query->step();
        if (!found) {
            m_broken = found.error();
        }
        if (!found || !*found) {
            return found && rows == kPage;
        }
        const Row row{store::readAudit(*query), query->integer(kTypedColumn) == 1};
        const auto more = visit(row);
        if (!more || !*more || row.entry.id == std::numeric_limits<std::int64_t>::max()) {
            return more ? Result<bool>(false) : more;
        }
        from = row.entry.id + 1;
    }
}

Result<bool> AuditWalk::take(const Row& row) {
    ++m_report.entries;
    if (row.entry.id < 1) {
        note(m_report,
             {AuditFinding::Kind::Added, row.entry.id, entryText(row.entry.id) + " was put in: ids begin with 1"});
        return true;
    }
    const auto hash = store::auditHash(m_report.store, m_report.head, row.entry);
    if (!hash) {
        return fail(hash.error());
    }
    if (auto judged = judge(row.entry, row.typed && *hash == row.entry.hash); !judged) {
        return fail(judged.error());
    }
    m_report.last = row.entry.id;
    m_report.head = row.entry.hash; // what follows a bad one is held against what that says of itself
    if (m_report.entries % kPage == 0) {
        tell(m_options, std::to_string(m_report.entries) + " entries of the audit log read");
    }
    return true;
}

/// Ids have no gaps: an entry's is given in the commit that appends it, and goes back with it.
Result<void> AuditWalk::judge(const store::AuditEntry& entry, bool fits) {
    const std::int64_t expected = m_report.last + 1;
    if (entry.id != expected) {
        note(m_report, {AuditFinding::Kind::Removed, entry.id,
                        entriesText(expected, entry.id - 1) + " gone: " +
                            (fits ? "cut off the end before " + entryText(entry.id) + " was appended"
                                  : entryText(entry.id) + " does not go on from what stands before it")});
    } else if (!fits) {
        auto finding = misfit(entry);
        if (!finding) {
            return fail(finding.error());
        }
        note(m_report, std::move(*finding));
        m_lastBad = entry.id;
    }
    return {};
}

Result<AuditFinding> AuditWalk::misfit(const store::AuditEntry& entry) {
    using Kind = AuditFinding::Kind;
    if (m_lastBad != 0 && m_lastBad == m_report.last) {
        return AuditFinding{Kind::Changed, entry.id,
                            entryText(entry.id) + " does not go on from " + entryText(m_lastBad) +
                                ", which is not as it was written"};
    }
    const auto elsewhere = m_report.found == 0 ? whereIs(entry) : std::optional<std::int64_t>();
    if (!elsewhere) {
        return fail(elsewhere.error());
    }
    if (*elsewhere) {
        return AuditFinding{Kind::Moved, entry.id,
                            entryText(entry.id) + " is another than the one that was written; that stands as " +
                                entryText(**elsewhere) + " now: they were reordered, or one was put in"};
    }
    return AuditFinding{Kind::Changed, entry.id, entryText(entry.id) + " is not as it was written"};
}

/// Only asked for the first that does not fit: it reads what is left of the table.
Result<std::optional<std::int64_t>> AuditWalk::whereIs(const store::AuditEntry& place) {
    std::optional<std::int64_t> found;
    const auto compare = [&](const Row& row) -> Result<bool> {
        store::AuditEntry entry = row.entry;
        entry.id = place.id;
        const auto hash = store::auditHash(m_report.store, m_report.head, entry);
        if (!hash) {
            return fail(hash.error());
        }
        if (row.entry.id != place.id && (*hash == row.entry.hash || *hash == place.hash)) {
            found = row.entry.id;
        }
        return !found;
    };
    if (auto visited = visitFrom(place.id, compare); !visited) {
        return fail(visited.error());
    }
    return found;
}

} // namespace dashstream::care
