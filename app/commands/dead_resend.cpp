// dead resend: which of the store's letters, and whether they shall.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/resend_start.h"
#include "app/commands/selection.h"

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
    if (const auto code = askFirst(options, letters->size(), context)) {
        return *code;
    }
    resend::ResendRequest request = requestOf(options);
    request.letters = std::move(*letters);
    return startResend(options, std::move(request), std::move(*settings), context, **signals);
}

} // namespace dashstream::app
