#include "core/care/audit.h"

#include "core/care/audit_walk.h"
#include "core/store/audit_log_line.h"
#include "core/store/migrations.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>

namespace dashstream::care {

namespace {

constexpr std::size_t kLongestLine = 1024; ///< longer ones say something else

Result<bool> hasChain(store::Database& database) {
    const auto columns = database.queryInteger("SELECT count(*) FROM pragma_table_info('audit') WHERE name = 'hash'");
    return columns ? Result<bool>(*columns == 1) : fail(columns.error());
}

/// Calls `visit` with each line of the file that is not too long. False: the file cannot be read.
bool readLines(const std::filesystem::path& file, const CancelToken& cancel,
               const std::function<void(std::string_view)>& visit) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return false;
    }
    std::array<char, kLongestLine> line{};
    bool whole = true; // what comes begins a line
    while (!cancel.cancelled()) {
        in.getline(line.data(), line.size());
        const auto count = static_cast<std::size_t>(in.gcount());
        if (in.bad() || (in.eof() && count == 0)) {
            break;
        }
        const bool cut = in.fail() && !in.eof(); // the buffer was full before the line ended
        if (whole && !cut) {
            visit({line.data(), in.eof() ? count : count - 1});
        }
        whole = !cut;
        if (in.eof()) {
            break;
        }
        in.clear();
    }
    return true;
}

/// What the application log says of entries, held against the table.
class LogCheck {
public:
    LogCheck(store::Database& database, AuditReport& report) : m_database(database), m_report(report) {}

    Result<void> read(const std::filesystem::path& file, const CancelToken& cancel) {
        Result<void> compared;
        const bool readable = readLines(file, cancel, [&](std::string_view line) {
            const auto head = store::auditHeadIn(line);
            compared = compared && head ? compare(*head) : compared;
        });
        m_report.log.files += readable ? 1 : 0;
        return compared;
    }
    /// Entries that the log or the table's own count knows, and that do not follow the last one.
    void noteEnd(std::int64_t given) {
        if (m_beyond > m_report.last) {
            note(m_report, {AuditFinding::Kind::EndCut, m_beyond,
                            "the application log names entry " + std::to_string(m_beyond) +
                                ", and there are none after " + std::to_string(m_report.last) +
                                ": the end was cut off, or the store was set back to an older copy"});
        } else if (given > m_report.last) {
            note(m_report, {AuditFinding::Kind::EndCut, given,
                            "the store has numbered " + std::to_string(given) + " entries, and there are none after " +
                                std::to_string(m_report.last) + ": the end was cut off"});
        }
    }

private:
    /// The table is asked after the line was read: what is logged is committed before.
    Result<void> compare(const store::AuditHead& said) {
        if (said.store != m_report.store) {
            ++m_report.log.otherStores;
            return {};
        }
        ++m_report.log.lines;
        m_report.log.last = std::max(m_report.log.last, said.id);
        auto query = m_database.prepare("SELECT hash FROM audit WHERE id = ?");
        if (!query) {
            return fail(query.error());
        }
        const auto row = query->bind(said.id).step();
        if (!row) {
            return {}; // damaged there: the walk has said so
        }
        if (!*row) {
            m_beyond = std::max(m_beyond, said.id); // among the others the walk has found the gap
        } else if (query->bytes(0) != said.hash && !known(said.id)) {
            note(m_report, {AuditFinding::Kind::Rewritten, said.id,
                            "entry " + std::to_string(said.id) +
                                " is not the one that the application log names: it was written anew, or a copy of "
                                "this store was used in its place"});
        }
        return {};
    }
    [[nodiscard]] bool known(std::int64_t entry) const {
        return std::ranges::any_of(m_report.findings, [entry](const AuditFinding& finding) {
            return finding.kind == AuditFinding::Kind::Rewritten && finding.entry == entry;
        });
    }

    store::Database& m_database;
    AuditReport& m_report;
    std::int64_t m_beyond = 0; ///< the highest entry that is named and is not there
};

} // namespace

std::string_view toText(AuditFinding::Kind kind) {
    constexpr std::array<std::string_view, 7> kNames{"changed", "removed",   "moved",     "added",
                                                     "end_cut", "rewritten", "unreadable"};
    return kNames[static_cast<std::size_t>(kind)];
}

Result<AuditReport> verifyAudit(const std::filesystem::path& dataFolder, std::span<const std::filesystem::path> logs,
                                const CareOptions& options) {
    auto salvage = store::Salvage::open(dataFolder);
    if (!salvage) {
        return fail(salvage.error());
    }
    store::Database& database = salvage->database();
    const auto chained = hasChain(database);
    if (!chained) {
        return fail(chained.error());
    }
    if (!*chained) {
        return fail(ErrorClass::Usage, "store.old_version",
                    "The audit log in " + dataFolder.string() + " is of an older version, which had no hashes",
                    "Start the console or `dashstreamctl produce` on it once; its entries are safe from then on.");
    }
    auto head = store::readAuditHead(database); // before the walk: entries may come meanwhile
    if (!head) {
        return fail(head.error());
    }
    AuditReport report;
    report.store = head->store;
    if (auto walked = AuditWalk(database, report, options).run(); !walked) {
        return fail(walked.error());
    }
    LogCheck check(database, report);
    for (const std::filesystem::path& file : logs) {
        tell(options, "reading the log " + file.string());
        auto read = check.read(file, options.cancel);
        read = read && options.cancel.cancelled() ? Result<void>(fail(auditCancelled())) : read;
        if (!read) {
            return fail(read.error());
        }
    }
    check.noteEnd(head->given);
    return report;
}

} // namespace dashstream::care
