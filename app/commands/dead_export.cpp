// dead export: reads the profile's store, whoever holds it, and writes the letters as JSON Lines.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/dead_exchange.h"
#include "app/commands/selection.h"
#include "app/signal_watcher.h"
#include "core/exchange/atomic_file.h"
#include "core/exchange/export_letters.h"

#include <nlohmann/json.hpp>

namespace dashstream::app {

namespace {

std::string chosenBy(const Selection& selection) {
    if (selection.all) {
        return "all";
    }
    return selection.where.empty() ? "by id" : "by filter";
}

/// Ids and "all" mean letters of every state; a filter those that 'dead list' finds by it.
Result<std::vector<DeadLetterId>> select(const DeadOptions& options, store::StoreReader& reader) {
    const bool openOnly = !options.selection.where.empty() && !options.everyState;
    auto ids = selectDead(reader, options.selection, openOnly);
    if (ids && ids->empty() && !options.selection.ids.empty()) {
        return fail(ErrorClass::Usage, "dead.none", "No dead letter has one of these ids",
                    "'dashstreamctl dead list --every-state' shows them.");
    }
    return ids;
}

Result<exchange::ExportOutcome> write(const DeadOptions& options, store::StoreReader& reader,
                                      const std::vector<DeadLetterId>& ids, CommandContext& context,
                                      const CancelToken& stop) {
    exchange::ExportHooks hooks;
    hooks.cancel = stop;
    hooks.progress = [&context](const exchange::ExportProgress& progress) {
        context.out.progress("exported " + grouped(progress.done) + " of " + grouped(progress.total));
    };
    if (options.file == "-") {
        hooks.write = [&context](std::string_view lines) {
            context.out.data(lines);
            return context.out.flush();
        };
        return exchange::exportLetters(reader, ids, hooks);
    }
    auto file = exchange::AtomicFile::open(options.file, options.replace);
    if (!file) {
        return fail(file.error());
    }
    hooks.write = [&file](std::string_view lines) { return file->write(lines); };
    auto outcome = exchange::exportLetters(reader, ids, hooks);
    if (!outcome) {
        return outcome;
    }
    auto committed = file->commit();
    return committed ? outcome : Result<exchange::ExportOutcome>(fail(committed.error()));
}

void say(const DeadOptions& options, const exchange::ExportOutcome& outcome, CommandContext& context) {
    context.out.value(
        {{"file", options.file}, {"exported", outcome.exported}, {"gone", outcome.gone}, {"bytes", outcome.bytes}});
    const std::string text = "Exported " + grouped(outcome.exported) + " dead letters, " + grouped(outcome.bytes) +
                             " bytes" + (outcome.gone > 0 ? "; gone meanwhile " + grouped(outcome.gone) : "");
    if (options.file == "-") {
        context.out.note(text);
    } else {
        context.out.text(text + "\n");
    }
}

} // namespace

ExitCode exportDead(const DeadOptions& options, CommandContext& context) {
    if (options.file == "-" && context.out.json()) {
        return refuse(context, {ErrorClass::Usage, "usage.stdout", "The letters and JSON cannot both go to stdout",
                                "Name a file, or leave out --json."});
    }
    auto signals = SignalWatcher::start();
    auto settings = settingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    auto reader = openReader(context);
    if (!reader) {
        return refuse(context, reader.error());
    }
    const auto ids = select(options, **reader);
    if (!ids) {
        return refuse(context, ids.error());
    }
    const auto outcome = write(options, **reader, *ids, context, (*signals)->stop());
    if (!outcome) {
        return refuse(context, outcome.error());
    }
    auto writer = DeadWriter::open(*settings, context.out, fileForAudit(options.file));
    const auto noted =
        writer ? (*writer)->noteExport(options.selection.where, chosenBy(options.selection), outcome->exported)
               : Result<void>(fail(writer.error()));
    say(options, *outcome, context);
    if (!noted) {
        context.out.complain("The letters are exported, but the audit log does not say so");
        return refuse(context, noted.error());
    }
    return outcome->gone == 0 ? ExitCode::Done : ExitCode::Found;
}

} // namespace dashstream::app
