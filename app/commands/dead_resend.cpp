// dead resend: through the process that holds the profile, or by a runtime of its own when none does.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/resend_watch.h"
#include "app/commands/selection.h"
#include "app/signal_watcher.h"
#include "core/control/control_client.h"
#include "core/control/protocol.h"
#include "core/control/snapshot_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>

namespace dashstream::app {

namespace {

using nlohmann::json;

// Through the holder.

void cancelAtHolder(const Settings& settings, std::int64_t job) {
    auto client = control::ControlClient::connect(settings.paths.dataFolder);
    if (client && job > 0) {
        // It is being interrupted: where the holder does not hear, its own window can still cancel the job.
        static_cast<void>((*client)->request({{"request", "resend_cancel"}, {"job", job}}).has_value());
    }
}

Result<ResendOutcome> resendAtHolder(const DeadOptions& options, const std::vector<DeadLetterId>& letters,
                                     const Settings& settings, CommandContext& context, SignalWatcher& signals) {
    auto client = control::ControlClient::connect(settings.paths.dataFolder);
    if (!client) {
        return fail(client.error());
    }
    json ids = json::array();
    for (const DeadLetterId letter : letters) {
        ids.push_back(letter.value);
    }
    std::int64_t job = 0;
    json last = json::object();
    const auto onProgress = [&](const json& line) {
        job = control::integerField(line, "job").value_or(job);
        if (line.contains("resend")) {
            last = line["resend"];
            context.out.progress(progressLine(last));
        }
    };
    auto answer = (*client)->request({{"request", "dead_resend"},
                                      {"ids", std::move(ids)},
                                      {"rate_per_second", options.ratePerSecond},
                                      {"topic", options.to},
                                      {"canary", options.canary},
                                      {"canary_wait_ms", options.canaryWait.count()},
                                      {"max_failed_percent", options.maxFailedPercent},
                                      {"filter", options.selection.where},
                                      {"quarantined_too", options.quarantinedToo}},
                                     onProgress, control::ControlClient::kPatience, signals.stop());
    if (!answer && answer.error().errorClass == ErrorClass::Cancelled && signals.stop().cancelled()) {
        cancelAtHolder(settings, job);
        ResendOutcome outcome = outcomeOf(last);
        outcome.interrupted = true;
        return outcome;
    }
    if (!answer) {
        return fail(answer.error());
    }
    return outcomeOf(answer->value("resend", json::object()));
}

// By itself.

Result<ResendOutcome> resendHere(const DeadOptions& options, const std::vector<DeadLetterId>& letters,
                                 Settings settings, CommandContext& context, SignalWatcher& signals) {
    auto runtime = startRuntime(context, std::move(settings));
    if (!runtime) {
        return fail(runtime.error());
    }
    engine::Engine& engine = (*runtime)->engine();
    engine.setSnapshotListener([bell = signals.bell()](const auto&) { bell.ring(); });
    const auto slot = std::make_shared<JobSlot>();
    resend::ResendRequest request{letters,
                                  control::currentUser(),
                                  options.ratePerSecond,
                                  options.to,
                                  options.canary,
                                  options.canaryWait,
                                  options.maxFailedPercent,
                                  options.selection.where,
                                  options.quarantinedToo};
    engine.resend(std::move(request), [slot](Result<ResendJobId> job) { slot->put(std::move(job)); });
    auto view = watchJob(engine, *slot, context, signals);
    static_cast<void>((*runtime)->close(options.drainTimeout, signals.hurry()));
    if (!view) {
        return fail(view.error());
    }
    ResendOutcome outcome = outcomeOf(control::toJson(*view));
    outcome.interrupted = signals.stop().cancelled() || view->cancelled;
    return outcome;
}

// Both.

void say(const ResendOutcome& outcome, CommandContext& context) {
    context.out.value(outcome.object);
    context.out.text("delivered " + grouped(outcome.delivered) + " of " + grouped(outcome.total) + ", failed again " +
                     grouped(outcome.failed) + (outcome.interrupted ? ", cancelled" : "") + "\n");
    sayPaused(outcome.object, context);
}

/// Nothing: go on.
std::optional<ExitCode> askFirst(const DeadOptions& options, std::size_t count, CommandContext& context) {
    if (options.dryRun || count == 0) {
        context.out.value({{"dry_run", options.dryRun}, {"total", count}});
        context.out.text((options.dryRun ? "Would send " : "Sent ") + grouped(count) + " dead letters again\n");
        return ExitCode::Done;
    }
    if (options.yes) {
        return std::nullopt;
    }
    const auto confirmed = context.out.confirm("Send " + grouped(count) + " dead letters again?");
    if (!confirmed) {
        return refuse(context, Error{ErrorClass::Usage, "usage.yes", "Without a terminal to ask on, nothing is sent",
                                     "Give --yes, or --dry-run to see what would be sent."});
    }
    if (!*confirmed) {
        context.out.note("Nothing was sent");
        return ExitCode::Done;
    }
    return std::nullopt;
}

Result<std::vector<DeadLetterId>> select(const DeadOptions& options, const Settings& settings) {
    auto reader = store::StoreReader::open(settings.paths.dataFolder);
    if (!reader) {
        return fail(reader.error());
    }
    auto letters = selectDead(**reader, options.selection, true);
    if (letters && letters->empty() && !options.selection.ids.empty()) {
        return fail(ErrorClass::Usage, "dead.none", "No open dead letter has one of these ids",
                    "'dashstreamctl dead list' shows them.");
    }
    return letters;
}

} // namespace

ExitCode resendDead(const DeadOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start();
    auto settings = usableSettingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    auto letters = select(options, *settings);
    if (!letters) {
        return refuse(context, letters.error());
    }
    if (const auto code = askFirst(options, letters->size(), context)) {
        return *code;
    }
    auto outcome = store::isHeld(settings->paths.dataFolder)
                       ? resendAtHolder(options, *letters, *settings, context, **signals)
                       : resendHere(options, *letters, *settings, context, **signals);
    if (!outcome) {
        return refuse(context, outcome.error());
    }
    say(*outcome, context);
    if (outcome->interrupted) {
        return ExitCode::Interrupted;
    }
    return outcome->failed == 0 && outcome->delivered == outcome->total ? ExitCode::Done : ExitCode::Found;
}

} // namespace dashstream::app
