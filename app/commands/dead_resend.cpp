// dead resend: which of the store's letters, and whether they shall.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/edit_options.h"
#include "app/commands/resend_start.h"
#include "app/commands/selection.h"
#include "core/flow/message_shape.h"

namespace dashstream::app {

namespace {

/// Nothing: go on.
std::optional<ExitCode> askFirst(const DeadOptions& options, std::size_t count, CommandContext& context) {
    if (options.dryRun || count == 0) {
        context.out.value({{"dry_run", options.dryRun}, {"total", count}});
        context.out.text((options.dryRun ? "Would send " : "Sent ") + grouped(count) + " dead letters again\n");
        return ExitCode::Done;
    }
    return confirmResend(options, context, grouped(count) + " dead letters");
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

/// Says what the edits would do; nothing: go on.
std::optional<ExitCode> previewFirst(const DeadOptions& options, const mend::Edits& edits,
                                     const std::vector<DeadLetterId>& letters, const Settings& settings,
                                     CommandContext& context, SignalWatcher& signals) {
    auto reader = store::StoreReader::open(settings.paths.dataFolder);
    if (!reader) {
        return refuse(context, reader.error());
    }
    resend::EditPreview preview(edits, flow::encodeSettingsOf(settings.loaded.config.message));
    const auto looked = resend::previewEdits(preview, **reader, letters, signals.stop(), [&](std::size_t done) {
        context.out.progress("looked at " + grouped(done) + " of " + grouped(letters.size()) + " dead letters");
    });
    if (!looked && looked.error().errorClass == ErrorClass::Cancelled) {
        return ExitCode::Interrupted;
    }
    if (!looked) {
        return refuse(context, looked.error());
    }
    sayEdits(options, preview, context);
    return endAfter(options, preview, context);
}

} // namespace

ExitCode resendDead(const DeadOptions& options, CommandContext& context) {
    if (!options.topic.empty()) {
        return resendRemote(options, context);
    }
    auto signals = SignalWatcher::start();
    auto settings = usableSettingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    auto letters = select(options, *settings);
    if (!letters) {
        return refuse(context, letters.error());
    }
    const auto edits = editsOf(options, context);
    if (!edits) {
        return refuse(context, edits.error());
    }
    if (!edits->empty() && !letters->empty()) {
        if (const auto code = previewFirst(options, *edits, *letters, *settings, context, **signals)) {
            return *code;
        }
    }
    if (const auto code = askFirst(options, letters->size(), context)) {
        return *code;
    }
    resend::ResendRequest request = requestOf(options);
    request.letters = std::move(*letters);
    request.edits = edits->text();
    return startResend(options, std::move(request), std::move(*settings), context, **signals);
}

} // namespace dashstream::app
