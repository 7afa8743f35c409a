#include "app/commands/dead_exchange.h"

#include "app/profile_log.h"
#include "core/control/protocol.h"
#include "core/exchange/letter_line.h"
#include "core/store/dead_import.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::app {

namespace {

using nlohmann::json;

/// What stands in a request beside its lines, and room for characters that become two in it.
constexpr std::size_t kLinesInRequest = 6U * 1024 * 1024;
constexpr milliseconds kPagePatience{60'000}; ///< a page waits for the disk

std::uint64_t countOf(const json& answer, const char* name) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(control::integerField(answer, name).value_or(0), 0));
}

} // namespace

std::string fileForAudit(const std::string& file) {
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(file, failed);
    return file == "-" || failed ? file : absolute.lexically_normal().string();
}

Result<std::unique_ptr<DeadWriter>> DeadWriter::open(const Settings& settings, const Output& out, std::string file) {
    std::unique_ptr<DeadWriter> writer(new DeadWriter());
    writer->m_file = std::move(file);
    const std::filesystem::path& folder = settings.paths.dataFolder;
    if (store::isHeld(folder)) {
        auto client = control::ControlClient::connect(folder);
        if (!client) {
            return fail(client.error());
        }
        writer->m_holder = std::move(*client);
        return writer;
    }
    store::StoreOptions how;
    how.auditGrew = [logger = &writer->m_logger](const store::AuditHead& head) { logAuditHead(**logger, head); };
    auto logger = openProfileLog(settings, out.redactor());
    if (!logger) {
        return fail(logger.error());
    }
    writer->m_logger = std::move(*logger);
    auto opened = store::Store::open(folder, how);
    if (!opened) {
        return fail(opened.error());
    }
    writer->m_store = std::move(*opened);
    auto import =
        exchange::StoreImport::open(*writer->m_store, writer->m_clock, writer->m_file, control::currentUser());
    if (!import) {
        return fail(import.error());
    }
    writer->m_import = std::move(*import);
    return writer;
}

std::size_t DeadWriter::longestLine() const {
    return m_holder ? kLinesInRequest : 0;
}

Result<exchange::PageOutcome> DeadWriter::write(std::vector<store::DeadLetter> page) {
    if (m_import) {
        return m_import->write(std::move(page));
    }
    exchange::PageOutcome total;
    std::vector<std::string> lines;
    std::size_t bytes = 0;
    const auto send = [&]() -> Result<void> {
        auto outcome = ask(lines);
        if (!outcome) {
            return fail(outcome.error());
        }
        total.imported += outcome->imported;
        total.known += outcome->known;
        lines.clear();
        bytes = 0;
        return {};
    };
    for (const store::DeadLetter& letter : page) {
        std::string line = exchange::toLine(letter);
        if (!lines.empty() && bytes + line.size() > kLinesInRequest) {
            if (auto sent = send(); !sent) {
                return fail(sent.error());
            }
        }
        bytes += line.size();
        lines.push_back(std::move(line));
    }
    if (auto sent = send(); !sent) {
        return fail(sent.error());
    }
    return total;
}

Result<exchange::PageOutcome> DeadWriter::ask(const std::vector<std::string>& lines) {
    auto answer =
        m_holder->request({{"request", "dead_import"}, {"file", m_file}, {"lines", lines}}, {}, kPagePatience);
    if (!answer) {
        return fail(answer.error());
    }
    return exchange::PageOutcome{countOf(*answer, "imported"), countOf(*answer, "known")};
}

Result<void> DeadWriter::noteExport(const std::string& filter, const std::string& chosen, std::uint64_t count) {
    if (m_holder) {
        auto answer = m_holder->request(
            {{"request", "dead_export"}, {"file", m_file}, {"filter", filter}, {"chosen", chosen}, {"count", count}});
        return answer ? Result<void>() : fail(answer.error());
    }
    store::WriteBatch batch;
    batch.add(store::op::AppendAudit{
        store::exportEntry(m_clock.utcNow(), control::currentUser(), m_file, filter, chosen, count)});
    return m_store->commit(std::move(batch));
}

} // namespace dashstream::app
