// dead discard, dead restore: through the process that holds the store, or on the store itself when none does. Page by
// page: each is whole, with its audit entry, whatever ends this program.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/selection.h"
#include "app/profile_log.h"
#include "app/signal_watcher.h"
#include "core/control/control_client.h"
#include "core/control/dead_requests.h"
#include "core/store/discard_preview.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace dashstream::app {

namespace {

using nlohmann::json;
using store::DeadAction;
using store::DeadChange;
using store::DeadChanged;

/// Whoever can change them: another process, or this one.
class Changer {
public:
    static Result<std::unique_ptr<Changer>> open(const Settings& settings, const Output& out) {
        std::unique_ptr<Changer> changer(new Changer());
        const std::filesystem::path& folder = settings.paths.dataFolder;
        if (store::isHeld(folder)) {
            auto client = control::ControlClient::connect(folder);
            if (!client) {
                return fail(client.error());
            }
            changer->m_holder = std::move(*client);
            return changer;
        }
        auto logger = openProfileLog(settings, out.redactor());
        if (!logger) {
            return fail(logger.error());
        }
        changer->m_logger = std::move(*logger);
        store::StoreOptions how;
        how.auditGrew = [log = changer->m_logger.get()](const store::AuditHead& head) { logAuditHead(*log, head); };
        auto opened = store::Store::open(folder, how);
        if (!opened) {
            return fail(opened.error());
        }
        changer->m_store = std::move(*opened);
        return changer;
    }

    Result<DeadChanged> change(DeadChange change) {
        if (m_holder) {
            const auto answer = m_holder->request(control::toRequest(change));
            return answer ? Result<DeadChanged>(control::changedOf(*answer)) : fail(answer.error());
        }
        const auto outcome = std::make_shared<DeadChanged>();
        store::WriteBatch batch;
        batch.add(store::op::ChangeDead{std::move(change), m_clock.utcNow(), outcome});
        const Result<void> stored = m_store->commit(std::move(batch));
        return stored ? Result<DeadChanged>(*outcome) : fail(stored.error());
    }

private:
    Changer() = default;

    SystemClock m_clock;
    std::unique_ptr<control::ControlClient> m_holder;
    std::unique_ptr<observe::Logger> m_logger; ///< outlives the store, which tells it where the audit log ends
    std::unique_ptr<store::Store> m_store;
};

const char* doneText(DeadAction action) {
    return action == DeadAction::Discard ? "discarded" : "restored";
}

struct Chosen {
    std::vector<DeadLetterId> letters;
    store::DiscardPreview preview;
};

Result<Chosen> choose(const DeadOptions& options, DeadAction action, const Settings& settings) {
    auto reader = store::StoreReader::open(settings.paths.dataFolder);
    if (!reader) {
        return fail(reader.error());
    }
    const bool discard = action == DeadAction::Discard;
    auto letters = selectDead(**reader, options.selection, discard, std::nullopt,
                              discard ? std::nullopt : std::optional(store::DeadState::Discarded));
    if (!letters) {
        return fail(letters.error());
    }
    if (letters->empty() && !options.selection.ids.empty()) {
        return fail(ErrorClass::Usage, "dead.none",
                    discard ? "No open dead letter has one of these ids" : "No discarded letter has one of these ids",
                    discard ? "'dashstreamctl dead list' shows them."
                            : "'dashstreamctl dead list --state discarded' shows them.");
    }
    auto preview = store::previewChange(**reader, action, *letters);
    if (!preview) {
        return fail(preview.error());
    }
    return Chosen{std::move(*letters), std::move(*preview)};
}

std::string countText(const store::DiscardPreview& preview) {
    const auto number = [](std::int64_t value) { return grouped(static_cast<std::uint64_t>(value)); };
    std::string text = number(preview.letters) + " dead letters of " + number(preview.threads) + " threads, " +
                       number(preview.bytes) + " bytes";
    return preview.atHand == 0 ? text : text + " (a resend has " + number(preview.atHand) + " more, which stay)";
}

std::string question(DeadAction action, const store::DiscardPreview& preview) {
    return action == DeadAction::Discard
               ? "Discard " + countText(preview) +
                     "? Their threads keep a gap. 'dead restore' takes it back for 30 days; then they are gone."
               : "Restore " + countText(preview) + "?";
}

/// Nothing: go on.
std::optional<ExitCode> askFirst(const DeadOptions& options, DeadAction action, const Chosen& chosen,
                                 CommandContext& context) {
    const bool discard = action == DeadAction::Discard;
    if (options.dryRun || chosen.letters.empty()) {
        context.out.value({{"dry_run", options.dryRun},
                           {"total", chosen.preview.letters},
                           {"bytes", chosen.preview.bytes},
                           {"threads", chosen.preview.threads},
                           {"at_hand", chosen.preview.atHand}});
        const char* verb =
            options.dryRun ? (discard ? "Would discard " : "Would restore ") : (discard ? "Discarded " : "Restored ");
        context.out.text(verb + countText(chosen.preview) + "\n");
        return ExitCode::Done;
    }
    if (options.yes) {
        return std::nullopt;
    }
    const auto confirmed = context.out.confirm(question(action, chosen.preview));
    if (!confirmed) {
        return refuse(context,
                      Error{ErrorClass::Usage, "usage.yes",
                            std::string("Without a terminal to ask on, nothing is ") + doneText(action),
                            std::string("Give --yes, or --dry-run to see what would be ") + doneText(action) + "."});
    }
    if (!*confirmed) {
        context.out.note(std::string("Nothing was ") + doneText(action));
        return ExitCode::Done;
    }
    return std::nullopt;
}

DeadChange partOf(const std::vector<DeadLetterId>& letters, std::size_t from, const DeadOptions& options,
                  DeadAction action) {
    const auto page = std::span(letters).subspan(from, std::min(store::kChangedAtOnce, letters.size() - from));
    return {action,
            {page.begin(), page.end()},
            options.reason,
            control::currentUser(),
            options.selection.where,
            from,
            letters.size()};
}

/// What was done stands in `total` even where it ends with an error.
Result<void> changeAll(const std::vector<DeadLetterId>& letters, const DeadOptions& options, DeadAction action,
                       const Settings& settings, const CancelToken& stop, CommandContext& context, DeadChanged& total) {
    auto changer = Changer::open(settings, context.out);
    if (!changer) {
        return fail(changer.error());
    }
    for (std::size_t from = 0; from < letters.size() && !stop.cancelled(); from += store::kChangedAtOnce) {
        const auto changed = (*changer)->change(partOf(letters, from, options, action));
        if (!changed) {
            return fail(changed.error());
        }
        total += *changed;
        context.out.progress(std::string(doneText(action)) + " " + grouped(total.changed) + " of " +
                             grouped(letters.size()));
    }
    return {};
}

void say(const DeadChanged& total, std::size_t asked, DeadAction action, bool interrupted, CommandContext& context) {
    context.out.value({{"total", asked},
                       {doneText(action), total.changed},
                       {"at_hand", total.atHand},
                       {"other", total.other},
                       {"gone", total.gone},
                       {"interrupted", interrupted}});
    std::string text = store::changeText(action, total) + " (of " + grouped(asked) + ")";
    context.out.text(text + (interrupted ? ", interrupted" : "") + "\n");
}

ExitCode changeDead(const DeadOptions& options, DeadAction action, CommandContext& context) {
    auto signals = SignalWatcher::start();
    auto settings = settingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    if (action == DeadAction::Discard && (!options.dryRun || !options.reason.empty())) {
        if (auto checked = store::checkReason(options.reason); !checked) {
            return refuse(context, checked.error());
        }
    }
    auto chosen = choose(options, action, *settings);
    if (!chosen) {
        return refuse(context, chosen.error());
    }
    if (const auto code = askFirst(options, action, *chosen, context)) {
        return *code;
    }
    const CancelToken& stop = (*signals)->stop();
    DeadChanged total;
    const auto done = changeAll(chosen->letters, options, action, *settings, stop, context, total);
    if (!done && total.all() == 0) {
        return refuse(context, done.error());
    }
    const bool interrupted = total.all() < chosen->letters.size();
    say(total, chosen->letters.size(), action, interrupted, context);
    if (!done) {
        return refuse(context, done.error());
    }
    if (interrupted) {
        return ExitCode::Interrupted;
    }
    return total.left() == 0 ? ExitCode::Done : ExitCode::Found;
}

} // namespace

ExitCode discardDead(const DeadOptions& options, CommandContext& context) {
    return changeDead(options, DeadAction::Discard, context);
}

ExitCode restoreDead(const DeadOptions& options, CommandContext& context) {
    return changeDead(options, DeadAction::Restore, context);
}

} // namespace dashstream::app
