// dead import: reads a whole file and checks it, then writes its letters in pages: through the process that holds the
// profile, or into the store itself when none does.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/dead_exchange.h"
#include "app/signal_watcher.h"
#include "core/exchange/import_pages.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace dashstream::app {

namespace {

using nlohmann::json;

constexpr std::size_t kProblemsSaid = 20;

std::string percentOf(const exchange::ImportProgress& progress) {
    return progress.totalBytes == 0 ? "100" : std::to_string(100 * progress.readBytes / progress.totalBytes);
}

Result<exchange::ImportCheck> check(exchange::LetterFile& file, CommandContext& context, const CancelToken& stop) {
    auto reader = openReader(context);
    if (!reader && reader.error().code != "store.missing") {
        return fail(reader.error());
    }
    exchange::CheckHooks hooks;
    hooks.cancel = stop;
    hooks.progress = [&context](const exchange::ImportProgress& progress) {
        context.out.progress("checked " + percentOf(progress) + " %");
    };
    return exchange::checkImport(file, reader ? reader->get() : nullptr, hooks);
}

json toJson(const exchange::ImportCheck& check) {
    json problems = json::array();
    for (const exchange::WrongLine& wrong : check.problems) {
        problems.push_back({{"line", wrong.line}, {"code", wrong.error.code}, {"text", wrong.error.text()}});
    }
    return {{"letters", check.letters},       {"new", check.fresh()},       {"open", check.open},
            {"known", check.known},           {"repeated", check.repeated}, {"wrong", check.wrong},
            {"problems", std::move(problems)}};
}

std::string checkText(const exchange::ImportCheck& check) {
    return grouped(check.fresh()) + " new dead letters (" + grouped(check.open) + " open), " + grouped(check.known) +
           " known already" + (check.repeated > 0 ? ", " + grouped(check.repeated) + " repeated in the file" : "") +
           (check.wrong > 0 ? ", " + grouped(check.wrong) + " wrong lines" : "");
}

void sayProblems(const exchange::LetterFile& file, const exchange::ImportCheck& check, CommandContext& context) {
    const std::size_t said = std::min(check.problems.size(), kProblemsSaid);
    for (std::size_t i = 0; i < said; ++i) {
        context.out.complain(exchange::wrongLineText(file, check.problems[i]));
    }
    if (check.wrong > said) {
        context.out.complain("… and " + grouped(check.wrong - said) + " more wrong lines");
    }
}

/// Nothing: go on.
std::optional<ExitCode> askFirst(const DeadOptions& options, const exchange::LetterFile& file,
                                 const exchange::ImportCheck& check, CommandContext& context) {
    const bool refused = check.wrong > 0 && !options.dryRun && !options.leaveOutWrong;
    if (check.wrong > (refused ? 1 : 0)) {
        sayProblems(file, check, context);
    }
    if (options.dryRun) {
        json object = toJson(check);
        object["dry_run"] = true;
        context.out.value(object);
        context.out.text("Would import " + checkText(check) + "\n");
        return check.wrong == 0 ? ExitCode::Done : ExitCode::Found;
    }
    if (refused) {
        Error error = exchange::wrongLinesError(file, check);
        error.remedy = "Correct the file, or leave its wrong lines out with --leave-out-wrong.";
        return refuse(context, error);
    }
    if (options.yes || check.fresh() == 0) {
        return std::nullopt;
    }
    const auto confirmed = context.out.confirm("Import " + checkText(check) + "?");
    if (!confirmed) {
        return refuse(context,
                      Error{ErrorClass::Usage, "usage.yes", "Without a terminal to ask on, nothing is imported",
                            "Give --yes, or --dry-run to see what would be imported."});
    }
    if (!*confirmed) {
        context.out.note("Nothing was imported");
        return ExitCode::Done;
    }
    return std::nullopt;
}

Result<void> fitsHolder(const DeadWriter& writer, const exchange::LetterFile& file,
                        const exchange::ImportCheck& check) {
    if (writer.longestLine() == 0 || check.longest <= writer.longestLine()) {
        return {};
    }
    return fail(ErrorClass::Usage, "import.too_large_for_holder",
                file.name() + ", line " + std::to_string(check.longestLine) + " has " + grouped(check.longest) +
                    " bytes: more than the process that holds the profile takes at once (" +
                    grouped(writer.longestLine()) + "). Nothing was imported",
                "End that process (the console, or 'dashstreamctl run') and import again.");
}

ExitCode say(const exchange::ImportOutcome& outcome, CommandContext& context) {
    context.out.value({{"dry_run", false},
                       {"imported", outcome.imported},
                       {"known", outcome.known},
                       {"wrong", outcome.wrong},
                       {"cancelled", outcome.cancelled}});
    context.out.text("Imported " + grouped(outcome.imported) + " dead letters, " + grouped(outcome.known) +
                     " were known already" +
                     (outcome.wrong > 0 ? ", " + grouped(outcome.wrong) + " wrong lines left out" : "") +
                     (outcome.cancelled ? "; cancelled, the rest is not imported" : "") + "\n");
    if (outcome.stoppedBy) {
        return refuse(context, *outcome.stoppedBy);
    }
    if (outcome.cancelled) {
        return ExitCode::Interrupted;
    }
    return outcome.wrong == 0 ? ExitCode::Done : ExitCode::Found;
}

} // namespace

ExitCode importDead(const DeadOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start();
    auto settings = settingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    const CancelToken& stop = (*signals)->stop();
    auto file = exchange::LetterFile::open(options.file, stop);
    if (!file) {
        return refuse(context, file.error());
    }
    const auto checked = check(*file, context, stop);
    if (!checked) {
        return refuse(context, checked.error());
    }
    if (const auto code = askFirst(options, *file, *checked, context)) {
        return *code;
    }
    auto writer = DeadWriter::open(*settings, context.out, fileForAudit(options.file));
    if (!writer) {
        return refuse(context, writer.error());
    }
    if (auto fits = fitsHolder(**writer, *file, *checked); !fits) {
        return refuse(context, fits.error());
    }
    exchange::ImportHooks hooks;
    hooks.cancel = stop;
    hooks.leaveOutWrong = options.leaveOutWrong;
    hooks.write = [&writer](std::vector<store::DeadLetter> page) { return (*writer)->write(std::move(page)); };
    hooks.progress = [&context](const exchange::ImportProgress& progress) {
        context.out.progress("imported " + percentOf(progress) + " %, " + grouped(progress.lines) + " letters");
    };
    return say(exchange::importPages(*file, hooks), context);
}

} // namespace dashstream::app
