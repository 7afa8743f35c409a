// audit list / verify / export: reads the profile's store, whoever holds it, and its application log.
#include "core/care/audit.h"

#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/new_file.h"
#include "app/pages.h"
#include "app/signal_watcher.h"
#include "app/terminal_text.h"
#include "app/text_table.h"
#include "core/base/utf8.h"
#include "core/observe/rotated_logs.h"
#include "core/store/audit_log_line.h"
#include "core/wire/base64.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::app {

namespace {

using nlohmann::json;

std::string grouped(std::int64_t number) {
    return app::grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0)));
}

/// A text that JSON cannot hold byte for byte stands as base64 under another name.
void addText(json& object, const char* name, const std::string& text) {
    if (findInvalidUtf8(text) == std::string_view::npos) {
        object[name] = text;
    } else {
        object[std::string(name) + "_base64"] = wire::toBase64(text);
    }
}

json toJson(const store::AuditEntry& entry) {
    json object{{"id", entry.id},
                {"at", toRfc3339(entry.at)},
                {"at_us", toMicros(entry.at)},
                {"count", entry.count},
                {"hash", store::toHex(entry.hash)}};
    addText(object, "user", entry.user);
    addText(object, "action", entry.action);
    addText(object, "detail", entry.detail);
    addText(object, "filter", entry.filter);
    addText(object, "result", entry.result);
    return object;
}

ExitCode list(const AuditOptions& options, CommandContext& context) {
    auto reader = openReader(context);
    if (!reader) {
        return refuse(context, reader.error());
    }
    store::AuditQuery query;
    query.since = options.since;
    query.limit = options.limit;
    const auto ids = (*reader)->auditIds(query);
    if (!ids) {
        return refuse(context, ids.error());
    }
    using Align = TextTable::Align;
    TextTable table({{"ID", Align::Right},
                     {"AT (UTC)"},
                     {"USER", Align::Left, 32},
                     {"ACTION"},
                     {"COUNT", Align::Right},
                     {"DETAIL", Align::Left, 80},
                     {"FILTER"},
                     {"RESULT"}});
    const auto listed = listPages(
        context.out, *ids, options.limit, table, [&](auto page) { return (*reader)->auditRows(page); },
        [&table](const store::AuditEntry& entry) {
            table.add({std::to_string(entry.id), toRfc3339(entry.at), entry.user, entry.action,
                       std::to_string(entry.count), entry.detail, entry.filter, entry.result});
        },
        [](const store::AuditEntry& entry) { return toJson(entry); });
    return listed ? ExitCode::Done : refuse(context, listed.error());
}

json toJson(const care::AuditReport& report, const std::vector<std::filesystem::path>& logs) {
    json findings = json::array();
    for (const care::AuditFinding& finding : report.findings) {
        findings.push_back({{"kind", care::toText(finding.kind)}, {"entry", finding.entry}, {"text", finding.text}});
    }
    json files = json::array();
    for (const std::filesystem::path& file : logs) {
        files.push_back(file.string());
    }
    return {{"whole", report.isWhole()},
            {"entries", report.entries},
            {"last", report.last},
            {"head", store::toHex(report.head)},
            {"store", store::storeNumberText(report.store)},
            {"found", report.found},
            {"findings", std::move(findings)},
            {"log",
             {{"files", std::move(files)},
              {"lines", report.log.lines},
              {"last", report.log.last},
              {"other_stores", report.log.otherStores}}}};
}

std::string chainText(const care::AuditReport& report) {
    const std::string count = grouped(report.entries) + (report.entries == 1 ? " entry" : " entries");
    if (report.isWhole()) {
        return "The audit log is whole: " + count + (report.head.empty() ? "" : ", head " + store::toHex(report.head)) +
               "\n";
    }
    std::string text = "THE AUDIT LOG IS NOT AS IT WAS WRITTEN: " + count + ", " + grouped(report.found) +
                       (report.found == 1 ? " thing found\n" : " things found\n");
    for (const care::AuditFinding& finding : report.findings) {
        text += "  " + escapeForTerminal(finding.text) + "\n";
    }
    const std::int64_t more = report.found - static_cast<std::int64_t>(report.findings.size());
    return text + (more > 0 ? "  … and " + grouped(more) + " more\n" : "");
}

std::string logText(const care::AuditReport& report, const std::string& file) {
    const care::AuditReport::Log& log = report.log;
    std::string text;
    if (log.lines == 0) {
        text = "The application log " + escapeForTerminal(file) +
               " says nothing about it: whether the end was cut off, or all of it was written anew, cannot be told "
               "(it does with log.level info or debug)";
    } else {
        text = "The application log has " + grouped(log.lines) + (log.lines == 1 ? " line" : " lines") +
               " about it, up to entry " + std::to_string(log.last);
        text += log.last < report.last ? "; whether what comes after that was written anew cannot be told" : "";
    }
    if (log.otherStores > 0) {
        text += "\n" + grouped(log.otherStores) + " of its lines are about other stores that were used under this name";
    }
    return text + "\n";
}

ExitCode verify(const AuditOptions& options, CommandContext& context, const Paths& paths, const CancelToken& stop) {
    const std::filesystem::path log = options.logFile.empty() ? paths.logFile : std::filesystem::path(options.logFile);
    const auto logs = observe::rotatedLogs(log);
    if (logs.empty() && !options.logFile.empty()) {
        return refuse(context, {ErrorClass::Usage, "audit.no_log", "There is no log " + options.logFile,
                                "Name the application log itself; what was rotated away from it is found beside it."});
    }
    const care::CareOptions how{stop, [&context](const std::string& text) { context.out.progress(text); }};
    const auto report = care::verifyAudit(paths.dataFolder, logs, how);
    if (!report) {
        return refuse(context, report.error());
    }
    context.out.value(toJson(*report, logs));
    context.out.text(chainText(*report) + logText(*report, log.string()));
    if (report->isWhole()) {
        return ExitCode::Done;
    }
    context.out.complain("Keep a copy of " + paths.dataFolder.string() +
                         " and of the application log as they are now, "
                         "and compare with an earlier backup or export.");
    return ExitCode::Found;
}

Result<std::int64_t> exportTo(NewFile& file, store::StoreReader& reader, const CancelToken& stop) {
    store::AuditQuery query;
    query.order = store::SortOrder::Ascending;
    const auto head = reader.auditHead();
    const auto ids = reader.auditIds(query, stop);
    if (!head || !ids) {
        return fail(head ? ids.error() : head.error());
    }
    const std::string store = store::storeNumberText(head->store);
    std::int64_t saved = 0;
    for (std::size_t at = 0; at < ids->size(); at += kPageRows) {
        const auto rows = reader.auditRows(std::span(*ids).subspan(at, std::min(kPageRows, ids->size() - at)));
        if (!rows) {
            return fail(rows.error());
        }
        for (const store::AuditEntry& entry : *rows) {
            json line = toJson(entry);
            line["store"] = store;
            if (auto written = file.write(escapeInJson(line.dump()) + "\n"); !written) {
                return fail(written.error());
            }
            ++saved;
        }
        if (stop.cancelled()) {
            return fail(ErrorClass::Cancelled, "audit.cancelled", "Stopped before the end", {});
        }
    }
    const auto finished = file.finish();
    return finished ? Result<std::int64_t>(saved) : fail(finished.error());
}

ExitCode save(const AuditOptions& options, CommandContext& context, const CancelToken& stop) {
    if (options.file == "-" && context.out.json()) {
        return refuse(context, {ErrorClass::Usage, "usage.stdout", "The entries and a result cannot both go to stdout",
                                "Name a file, or leave out --json."});
    }
    auto reader = openReader(context);
    if (!reader) {
        return refuse(context, reader.error());
    }
    NewFile file(context.out, "audit", "What is in it is not all. Choose a disk with room and export again.");
    if (auto opened = file.open(options.file); !opened) {
        return refuse(context, opened.error());
    }
    const auto saved = exportTo(file, **reader, stop);
    if (!saved) {
        return refuse(context, saved.error());
    }
    context.out.value({{"entries", *saved}, {"file", options.file}});
    const std::string said = grouped(*saved) + " entries of the audit log saved";
    if (options.file == "-") {
        context.out.note(said);
    } else {
        context.out.text(said + " to " + escapeForTerminal(options.file) + "\n");
    }
    return ExitCode::Done;
}

} // namespace

ExitCode run(const AuditOptions& options, CommandContext& context) {
    if (options.verb == AuditOptions::Verb::List) {
        return list(options, context);
    }
    auto signals = SignalWatcher::start();
    const auto settings = settingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    return options.verb == AuditOptions::Verb::Verify ? verify(options, context, settings->paths, (*signals)->stop())
                                                      : save(options, context, (*signals)->stop());
}

} // namespace dashstream::app
