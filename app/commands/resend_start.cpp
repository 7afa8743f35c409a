#include "app/commands/resend_start.h"

#include "app/accounting_text.h"
#include "core/control/control_client.h"
#include "core/control/protocol.h"
#include "core/control/snapshot_json.h"

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

json placesOf(const std::vector<std::pair<PartitionId, Offset>>& places) {
    json list = json::array();
    for (const auto& [partition, offset] : places) {
        list.push_back({partition.value, offset.value});
    }
    return list;
}

json requestOf(const resend::ResendRequest& resend) {
    json request{{"request", resend.edits.empty() ? "dead_resend" : "dead_edit"},
                 {"rate_per_second", resend.ratePerSecond},
                 {"topic", resend.topic},
                 {"canary", resend.canary},
                 {"canary_wait_ms", resend.canaryWait.count()},
                 {"max_failed_percent", resend.maxFailedPercent},
                 {"filter", resend.filter},
                 {"quarantined_too", resend.quarantinedToo}};
    if (!resend.edits.empty()) {
        request["edits"] = resend.edits;
    }
    if (!resend.remote.topic.empty()) {
        request["source"] = {{"topic", resend.remote.topic},
                             {"places", placesOf(resend.remote.places)},
                             {"ends", placesOf(resend.remote.ends)},
                             {"counted_at_us", resend.remote.countedAt.time_since_epoch().count()}};
        return request;
    }
    json ids = json::array();
    for (const DeadLetterId letter : resend.letters) {
        ids.push_back(letter.value);
    }
    request["ids"] = std::move(ids);
    return request;
}

Result<ResendOutcome> resendAtHolder(const resend::ResendRequest& request, const Settings& settings,
                                     CommandContext& context, SignalWatcher& signals) {
    auto client = control::ControlClient::connect(settings.paths.dataFolder);
    if (!client) {
        return fail(client.error());
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
    auto answer = (*client)->request(requestOf(request), onProgress, control::ControlClient::kPatience, signals.stop());
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

Result<ResendOutcome> resendHere(const DeadOptions& options, resend::ResendRequest request, Settings settings,
                                 CommandContext& context, SignalWatcher& signals) {
    auto runtime = startRuntime(context, std::move(settings));
    if (!runtime) {
        return fail(runtime.error());
    }
    engine::Engine& engine = (*runtime)->engine();
    engine.setSnapshotListener([bell = signals.bell()](const auto&) { bell.ring(); });
    const auto slot = std::make_shared<JobSlot>();
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

void say(const ResendOutcome& outcome, CommandContext& context) {
    context.out.value(outcome.object);
    context.out.text("delivered " + grouped(outcome.delivered) + " of " + grouped(outcome.total) + ", failed again " +
                     grouped(outcome.failed) + (outcome.interrupted ? ", cancelled" : "") + "\n");
    sayPaused(outcome.object, context);
    const std::string why = control::textField(outcome.object, "why").value_or("");
    if (control::flagField(outcome.object, "cancelled") && !why.empty()) {
        context.out.note(why);
    }
}

} // namespace

resend::ResendRequest requestOf(const DeadOptions& options) {
    resend::ResendRequest request;
    request.requestedBy = control::currentUser();
    request.ratePerSecond = options.ratePerSecond;
    request.topic = options.to;
    request.canary = options.canary;
    request.canaryWait = options.canaryWait;
    request.maxFailedPercent = options.maxFailedPercent;
    request.filter = options.selection.where;
    request.quarantinedToo = options.quarantinedToo;
    return request;
}

ExitCode startResend(const DeadOptions& options, resend::ResendRequest request, Settings settings,
                     CommandContext& context, SignalWatcher& signals) {
    auto outcome = store::isHeld(settings.paths.dataFolder)
                       ? resendAtHolder(request, settings, context, signals)
                       : resendHere(options, std::move(request), std::move(settings), context, signals);
    if (!outcome) {
        return refuse(context, outcome.error());
    }
    say(*outcome, context);
    if (outcome->interrupted) {
        return ExitCode::Interrupted;
    }
    return outcome->failed == 0 && outcome->delivered == outcome->total ? ExitCode::Done : ExitCode::Found;
}

/// Nothing: go on.
std::optional<ExitCode> confirmResend(const DeadOptions& options, CommandContext& context, const std::string& what) {
    if (options.yes) {
        return std::nullopt;
    }
    const auto confirmed = context.out.confirm("Send " + what + " again?");
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

} // namespace dashstream::app
