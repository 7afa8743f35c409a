// jobs list, show, pause, resume, cancel, rate.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/resend_watch.h"
#include "app/profile_log.h"
#include "app/text_table.h"
#include "core/control/control_client.h"
#include "core/control/protocol.h"
#include "core/control/snapshot_json.h"
#include "core/mend/edits.h"
#include "core/resend/resend_view.h"

#include <algorithm>

namespace dashstream::app {

namespace {

using nlohmann::json;
using Verb = JobsOptions::Verb;

std::string_view stateText(store::ResendJobState state) {
    switch (state) {
    case store::ResendJobState::Running:
        return "running";
    case store::ResendJobState::Done:
        return "done";
    case store::ResendJobState::Cancelled:
        return "cancelled";
    case store::ResendJobState::Paused:
        return "paused";
    case store::ResendJobState::Preparing:
        return "preparing";
    }
    return "?";
}

/// A running job that nobody holds goes on at the next start.
std::string shownState(const store::ResendJob& job, bool held) {
    return job.state == store::ResendJobState::Running && !held ? "waiting" : std::string(stateText(job.state));
}

json toJson(const store::ResendJob& job, bool held) {
    return {{"job", job.id.value},
            {"state", shownState(job, held)},
            {"created_at", toRfc3339(job.createdAt)},
            {"ended_at", job.endedAt == UtcTime{} ? json(nullptr) : json(toRfc3339(job.endedAt))},
            {"requested_by", job.requestedBy},
            {"topic", job.topic},
            {"source_topic", job.sourceTopic},
            {"edits", mend::editsInWords(job.edits)},
            {"total", job.total},
            {"delivered", job.delivered},
            {"failed", job.failed},
            {"left", job.total - job.delivered - job.failed},
            {"rate_per_second", job.ratePerSecond},
            {"filter", job.filter},
            {"why", job.why}};
}

ExitCode list(const JobsOptions& options, CommandContext& context, store::StoreReader& reader, bool held) {
    auto jobs = reader.resendJobs(false);
    if (!jobs) {
        return refuse(context, jobs.error());
    }
    std::ranges::reverse(*jobs);
    if (options.limit > 0 && jobs->size() > options.limit) {
        jobs->resize(options.limit);
    }
    using Align = TextTable::Align;
    TextTable table({{"JOB", Align::Right},
                     {"STATE"},
                     {"MADE (UTC)"},
                     {"BY"},
                     {"TOPIC"},
                     {"TOTAL", Align::Right},
                     {"DELIVERED", Align::Right},
                     {"FAILED", Align::Right},
                     {"LEFT", Align::Right},
                     {"WHY", Align::Left, 80}});
    json all = json::array();
    for (const store::ResendJob& job : *jobs) {
        all.push_back(toJson(job, held));
        table.add({std::to_string(job.id.value), shownState(job, held), toRfc3339(job.createdAt), job.requestedBy,
                   job.topic, std::to_string(job.total), std::to_string(job.delivered), std::to_string(job.failed),
                   std::to_string(job.total - job.delivered - job.failed), job.why});
    }
    context.out.value(all);
    context.out.text(jobs->empty() ? "No resend jobs\n" : table.takePage());
    return ExitCode::Done;
}

Result<store::ResendJob> findJob(store::StoreReader& reader, std::int64_t number) {
    auto jobs = reader.resendJobs(false);
    if (!jobs) {
        return fail(jobs.error());
    }
    const auto found = std::ranges::find(*jobs, ResendJobId(number), &store::ResendJob::id);
    if (found == jobs->end()) {
        return fail(ErrorClass::Usage, "resend.unknown", "There is no resend job " + std::to_string(number),
                    "'dashstreamctl jobs list' shows them.");
    }
    return *found;
}

ExitCode show(const JobsOptions& options, CommandContext& context, store::StoreReader& reader, bool held) {
    const auto job = findJob(reader, options.job);
    if (!job) {
        return refuse(context, job.error());
    }
    const std::size_t limit = options.limit == 0 ? 1'000'000 : options.limit;
    const auto failures = reader.resendItems(job->id, store::ResendItemState::Failed, DeadLetterId{0}, limit);
    if (!failures) {
        return refuse(context, failures.error());
    }
    json object = toJson(*job, held);
    object["failures"] = json::array();
    TextTable table({{"LETTER", TextTable::Align::Right},
                     {"PARTITION", TextTable::Align::Right},
                     {"WHY", TextTable::Align::Left, 120}});
    for (const store::ResendItem& item : *failures) {
        object["failures"].push_back({{"id", item.id.value}, {"partition", item.partition.value}, {"why", item.error}});
        table.add({job->sourceTopic.empty() ? std::to_string(item.id.value) : "-", std::to_string(item.partition.value),
                   item.error});
    }
    context.out.value(object);
    std::string text = "resend " + std::to_string(job->id.value) +
                       (job->sourceTopic.empty() ? "" : " of records of topic " + job->sourceTopic) + " to topic " +
                       job->topic + ": " + shownState(*job, held) + (job->why.empty() ? "" : " (" + job->why + ")") +
                       "\n" + grouped(static_cast<std::uint64_t>(job->delivered)) + " of " +
                       grouped(static_cast<std::uint64_t>(job->total)) + " delivered, " +
                       grouped(static_cast<std::uint64_t>(job->failed)) + " failed; made " + toRfc3339(job->createdAt) +
                       " by " + job->requestedBy + (job->filter.empty() ? "" : ", from filter " + job->filter) + "\n" +
                       (job->edits.empty() ? "" : "edited: " + mend::editsInWords(job->edits) + "\n");
    context.out.text(text + (failures->empty() ? "" : table.takePage()));
    return ExitCode::Done;
}

ExitCode askHolder(const JobsOptions& options, CommandContext& context, const Settings& settings) {
    auto client = control::ControlClient::connect(settings.paths.dataFolder);
    if (!client) {
        return refuse(context, client.error());
    }
    const char* const request = options.verb == Verb::Pause    ? "resend_pause"
                                : options.verb == Verb::Resume ? "resend_resume"
                                : options.verb == Verb::Rate   ? "resend_rate"
                                                               : "resend_cancel";
    auto answer =
        (*client)->request({{"request", request}, {"job", options.job}, {"rate_per_second", options.ratePerSecond}});
    if (!answer) {
        return refuse(context, answer.error());
    }
    context.out.value({{"job", options.job}});
    context.out.text("Asked for; 'dashstreamctl jobs show " + std::to_string(options.job) + "' says how it is\n");
    return ExitCode::Done;
}

/// Nobody holds the store: what the next start finds is changed there.
ExitCode changeInStore(const JobsOptions& options, CommandContext& context, const Settings& settings,
                       store::ResendJob job) {
    if (job.state == store::ResendJobState::Preparing && options.verb != Verb::Cancel) {
        return refuse(context, Error{ErrorClass::Usage, "resend.preparing",
                                     "Resend " + std::to_string(job.id.value) + " was never written down whole",
                                     "Nothing of it was sent. Cancel it, and make another one."});
    }
    auto logger = openProfileLog(settings, context.out.redactor());
    if (!logger) {
        return refuse(context, logger.error());
    }
    store::StoreOptions how;
    how.auditGrew = [&logger](const store::AuditHead& head) { logAuditHead(**logger, head); };
    auto opened = store::Store::open(settings.paths.dataFolder, how);
    if (!opened) {
        return refuse(context, opened.error());
    }
    const std::string by = control::currentUser();
    store::AuditEntry entry;
    entry.at = SystemClock().utcNow();
    entry.user = by;
    entry.detail = "job " + std::to_string(job.id.value);
    entry.count = job.total;
    entry.filter = job.filter;
    if (options.verb == Verb::Rate) {
        job.ratePerSecond = options.ratePerSecond;
        entry.action = "jobs.rate";
    } else if (options.verb == Verb::Pause) {
        job.state = store::ResendJobState::Paused;
        job.why = "paused by " + by;
        entry.action = "jobs.pause";
    } else {
        job.state = store::ResendJobState::Cancelled;
        job.endedAt = entry.at;
        job.why = "cancelled by " + by;
        entry.action = "jobs.cancel";
    }
    store::WriteBatch batch;
    batch.add(store::op::SetResendJob{std::move(job)});
    batch.add(store::op::AppendAudit{std::move(entry)});
    if (auto done = (*opened)->commit(std::move(batch)); !done) {
        return refuse(context, done.error());
    }
    (*opened)->close();
    context.out.value({{"job", options.job}});
    context.out.text("Done\n");
    return ExitCode::Done;
}

ExitCode resumeHere(const JobsOptions& options, CommandContext& context, Settings settings) {
    auto signals = SignalWatcher::start();
    if (!signals) {
        return refuse(context, signals.error());
    }
    auto runtime = startRuntime(context, std::move(settings));
    if (!runtime) {
        return refuse(context, runtime.error());
    }
    engine::Engine& engine = (*runtime)->engine();
    engine.setSnapshotListener([bell = (*signals)->bell()](const auto&) { bell.ring(); });
    const ResendJobId job(options.job);
    engine.resumeResend(job, control::currentUser());
    JobSlot slot;
    slot.put(job);
    auto view = watchJob(engine, slot, context, **signals, true);
    static_cast<void>((*runtime)->close(options.drainTimeout, (*signals)->hurry()));
    if (!view) {
        return refuse(context, view.error());
    }
    const json object = control::toJson(*view);
    context.out.value(object);
    context.out.text(progressLine(object) + "\n");
    sayPaused(object, context);
    if ((*signals)->stop().cancelled()) {
        return ExitCode::Interrupted;
    }
    return view->failed == 0 && view->phase == resend::Phase::Done ? ExitCode::Done : ExitCode::Found;
}

} // namespace

ExitCode run(const JobsOptions& options, CommandContext& context) {
    auto settings =
        options.verb == Verb::List || options.verb == Verb::Show ? settingsOf(context) : usableSettingsOf(context);
    if (!settings) {
        return refuse(context, settings.error());
    }
    auto reader = openReader(context);
    if (!reader) {
        return refuse(context, reader.error());
    }
    const bool held = store::isHeld(settings->paths.dataFolder);
    if (options.verb == Verb::List) {
        return list(options, context, **reader, held);
    }
    if (options.verb == Verb::Show) {
        return show(options, context, **reader, held);
    }
    auto job = findJob(**reader, options.job);
    if (!job) {
        return refuse(context, job.error());
    }
    if (job->state == store::ResendJobState::Done || job->state == store::ResendJobState::Cancelled) {
        return refuse(context, Error{ErrorClass::Usage, "resend.over",
                                     "Resend " + std::to_string(options.job) + " has ended (" +
                                         std::string(stateText(job->state)) + ")",
                                     "Make another one for what is left: 'dashstreamctl dead resend'."});
    }
    if (held) {
        return askHolder(options, context, *settings);
    }
    if (options.verb == Verb::Resume) {
        return resumeHere(options, context, std::move(*settings));
    }
    const auto open = (*reader)->resendItems(job->id, store::ResendItemState::Sending, DeadLetterId{0}, 1);
    if (!open) {
        return refuse(context, open.error());
    }
    if (options.verb == Verb::Cancel && !open->empty()) {
        return refuse(context, Error{ErrorClass::Usage, "resend.unknown_outcome",
                                     "Some messages of resend " + std::to_string(options.job) +
                                         " were on their way when the program ended; the topic must be asked for them",
                                     "Start the console or 'dashstreamctl run', then cancel it."});
    }
    return changeInStore(options, context, *settings, std::move(*job));
}

} // namespace dashstream::app
