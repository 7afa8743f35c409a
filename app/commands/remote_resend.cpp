// dead resend --topic: what of another's dead letter topic goes where, and whether it shall.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/edit_options.h"
#include "app/commands/remote_scanning.h"
#include "app/commands/resend_start.h"
#include "app/terminal_text.h"
#include "core/flow/message_shape.h"

#include <algorithm>
#include <map>

namespace dashstream::app {

namespace {

using nlohmann::json;

struct Preview {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    std::uint64_t notWhole = 0;
    std::string notice;                            ///< of the first that is not whole
    std::map<std::string, std::uint64_t> original; ///< by the topic that they failed in; empty: they do not tell
    std::vector<std::pair<PartitionId, Offset>> ends;
};

Result<std::optional<Preview>> preview(const DeadOptions& options, UtcTime now, const kafka::QueryOptions& cluster,
                                       CommandContext& context, SignalWatcher& signals, resend::EditPreview* edited) {
    auto selection = remoteSelection(options, now);
    if (!selection) {
        return fail(selection.error());
    }
    auto scan = resend::RemoteScan::open(cluster, std::move(*selection), options.connectTimeout);
    if (!scan) {
        return fail(scan.error());
    }
    Preview found;
    const auto whole = scanTopic(
        **scan, context, signals, [&](const kafka::ConsumedRecord& record, const resend::RemoteLetter& letter) {
            const decode::OriginalMessage& original = letter.takenApart().original;
            if (!original.whole) {
                found.notice = ++found.notWhole == 1 ? original.notice : found.notice;
                return true;
            }
            ++found.records;
            found.bytes += original.value ? original.value->size() : 0;
            ++found.original[original.topic.value_or("")];
            if (edited != nullptr) {
                edited->take("record " + placeText(record.partition, record.offset), original.value);
            }
            return true;
        });
    if (!whole) {
        return fail(whole.error());
    }
    found.ends = {(*scan)->ends().begin(), (*scan)->ends().end()};
    return *whole ? std::optional(std::move(found)) : std::nullopt;
}

/// Where they go: --to, or the one topic that all of them failed in.
Result<std::string> targetOf(const DeadOptions& options, const Preview& found) {
    if (!options.to.empty() || found.records == 0) {
        return options.to;
    }
    if (found.original.size() == 1 && !found.original.begin()->first.empty()) {
        return found.original.begin()->first;
    }
    std::string topics;
    for (const auto& [topic, count] : found.original) {
        topics += (topics.empty() ? "" : ", ") + (topic.empty() ? "unknown" : escapeForTerminal(topic)) + " (" +
                  grouped(count) + ")";
    }
    return fail(ErrorClass::Usage, "dead.target", "The chosen records failed in these topics: " + topics,
                "Choose those of one with --where 'topic = NAME', or name the target with --to.");
}

void sayPreview(const DeadOptions& options, const Preview& found, const std::string& target, CommandContext& context) {
    json originals = json::object();
    for (const auto& [topic, count] : found.original) {
        originals[topic] = count;
    }
    context.out.value({{"dry_run", options.dryRun},
                       {"total", found.records},
                       {"bytes", found.bytes},
                       {"not_whole", found.notWhole},
                       {"failed_in", originals},
                       {"to", target}});
    context.out.text((options.dryRun ? "Would send " : "Sent ") + grouped(found.records) + " records (" +
                     grouped(found.bytes) + " bytes) of topic " + escapeForTerminal(options.topic) +
                     (target.empty() ? "" : " to topic " + escapeForTerminal(target)) + "\n");
}

void sayLeftOut(const Preview& found, CommandContext& context) {
    if (found.notWhole > 0) {
        context.out.note(grouped(found.notWhole) + " records are left out, they do not hold their whole message: " +
                         escapeForTerminal(found.notice));
    }
}

} // namespace

ExitCode resendRemote(const DeadOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start();
    auto settings = usableSettingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    const config::Config& config = settings->loaded.config;
    const UtcTime now = SystemClock().utcNow();
    const kafka::QueryOptions cluster{config.kafka, config.tls, config.sasl, options.topic};
    const auto edits = editsOf(options, context);
    if (!edits) {
        return refuse(context, edits.error());
    }
    resend::EditPreview edited(*edits, flow::encodeSettingsOf(config.message));
    const auto found = preview(options, now, cluster, context, **signals, edits->empty() ? nullptr : &edited);
    if (!found) {
        return refuse(context, found.error());
    }
    if (!*found) {
        return ExitCode::Interrupted;
    }
    const Preview& chosen = **found;
    const auto target = targetOf(options, chosen);
    if (!target) {
        return refuse(context, target.error());
    }
    sayLeftOut(chosen, context);
    if (!edits->empty() && chosen.records > 0) {
        sayEdits(options, edited, context);
        if (options.dryRun) {
            context.out.text(grouped(chosen.records) + " records (" + grouped(chosen.bytes) + " bytes)" +
                             (target->empty() ? "" : " to topic " + escapeForTerminal(*target)) + "\n");
        }
        if (const auto code = endAfter(options, edited, context)) {
            return *code;
        }
    }
    if (options.dryRun || chosen.records == 0) {
        sayPreview(options, chosen, *target, context);
        return ExitCode::Done;
    }
    if (const auto code =
            confirmResend(options, context,
                          grouped(chosen.records) + " records of topic " + escapeForTerminal(options.topic) +
                              " to topic " + escapeForTerminal(*target))) {
        return *code;
    }
    resend::ResendRequest request = requestOf(options);
    request.topic = *target;
    request.edits = edits->text();
    request.remote = {options.topic, options.places, chosen.ends, now};
    return startResend(options, std::move(request), std::move(*settings), context, **signals);
}

} // namespace dashstream::app
