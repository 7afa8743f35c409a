// dead copy: asks for copies of dead letters in their Kafka topic, of the process that holds the profile or of a
// runtime of its own, and waits for what becomes of them.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/commands/selection.h"
#include "app/signal_watcher.h"
#include "core/control/control_client.h"
#include "core/control/protocol.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace dashstream::app {

namespace {

using nlohmann::json;

constexpr std::size_t kAskedAtOnce = 5'000;
constexpr std::size_t kReadAtOnce = 1'000;
constexpr milliseconds kLookEvery{200};

struct Wanted {
    std::vector<DeadLetterId> open; ///< nothing has become of them yet
    UtcTime askedAt{};
    std::uint64_t total = 0;
    std::uint64_t copied = 0;
    std::uint64_t refused = 0;
    std::string lastRefusal;
};

Result<Wanted> select(const DeadOptions& options, const Settings& settings) {
    auto reader = store::StoreReader::open(settings.paths.dataFolder);
    if (!reader) {
        return fail(reader.error());
    }
    Wanted wanted;
    const std::optional<store::CopyState> refusedOnly =
        options.retryCopies ? std::optional(store::CopyState::Refused) : std::nullopt;
    auto ids = selectDead(**reader, options.selection, false, refusedOnly);
    if (!ids) {
        return fail(ids.error());
    }
    for (std::size_t from = 0; from < ids->size(); from += kReadAtOnce) {
        const auto rows = (*reader)->deadRows(std::span(*ids).subspan(from, std::min(kReadAtOnce, ids->size() - from)));
        if (!rows) {
            return fail(rows.error());
        }
        for (const store::DeadRow& row : *rows) {
            if (row.copyState != store::CopyState::Copied) {
                wanted.open.push_back(row.id);
            }
        }
    }
    wanted.total = wanted.open.size();
    wanted.askedAt = SystemClock().utcNow();
    return wanted;
}

Result<void> askHolder(const Wanted& wanted, const Settings& settings) {
    auto client = control::ControlClient::connect(settings.paths.dataFolder);
    if (!client) {
        return fail(client.error());
    }
    for (std::size_t from = 0; from < wanted.open.size(); from += kAskedAtOnce) {
        json ids = json::array();
        for (std::size_t i = from; i < std::min(from + kAskedAtOnce, wanted.open.size()); ++i) {
            ids.push_back(wanted.open[i].value);
        }
        auto answer = (*client)->request({{"request", "dead_copy"}, {"ids", std::move(ids)}});
        if (!answer) {
            return fail(answer.error());
        }
    }
    return {};
}

/// Takes out of `open` what has its outcome.
Result<void> look(Wanted& wanted, store::StoreReader& reader) {
    std::vector<DeadLetterId> open;
    for (std::size_t from = 0; from < wanted.open.size(); from += kReadAtOnce) {
        const auto rows =
            reader.deadRows(std::span(wanted.open).subspan(from, std::min(kReadAtOnce, wanted.open.size() - from)));
        if (!rows) {
            return fail(rows.error());
        }
        for (const store::DeadRow& row : *rows) {
            if (row.copyState == store::CopyState::Copied) {
                ++wanted.copied;
            } else if (row.copyState == store::CopyState::Refused && row.copyAt >= wanted.askedAt) {
                ++wanted.refused;
                wanted.lastRefusal = row.copyError;
            } else {
                open.push_back(row.id);
            }
        }
    }
    wanted.open = std::move(open);
    return {};
}

Result<void> wait(Wanted& wanted, const Settings& settings, milliseconds patience, SignalWatcher& signals) {
    auto reader = store::StoreReader::open(settings.paths.dataFolder);
    if (!reader) {
        return fail(reader.error());
    }
    const SystemClock clock;
    const SteadyTime until = clock.steadyNow() + patience;
    for (;;) {
        if (auto looked = look(wanted, **reader); !looked) {
            return looked;
        }
        if (wanted.open.empty() || signals.stop().cancelled() || clock.steadyNow() >= until) {
            return {};
        }
        signals.bell().wait(kLookEvery);
    }
}

Result<void> copyHere(const DeadOptions& options, Wanted& wanted, const Settings& settings, CommandContext& context,
                      SignalWatcher& signals) {
    auto runtime = startRuntime(context, settings);
    if (!runtime) {
        return fail(runtime.error());
    }
    Result<void> done = (*runtime)->engine().copyDead(wanted.open, control::currentUser());
    done = done ? wait(wanted, settings, options.waitFor, signals) : done;
    static_cast<void>((*runtime)->close(options.drainTimeout, signals.hurry()));
    return done;
}

void say(const Wanted& wanted, CommandContext& context) {
    context.out.value({{"total", wanted.total},
                       {"copied", wanted.copied},
                       {"refused", wanted.refused},
                       {"pending", wanted.open.size()},
                       {"last_refusal", wanted.lastRefusal}});
    std::string text = "copied " + grouped(wanted.copied) + " of " + grouped(wanted.total) + ", refused " +
                       grouped(wanted.refused) + ", still pending " + grouped(wanted.open.size()) + "\n";
    if (!wanted.lastRefusal.empty()) {
        text += "last refusal: " + wanted.lastRefusal + "\n";
    }
    context.out.text(text);
}

} // namespace

ExitCode copyDead(const DeadOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start();
    auto settings = usableSettingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    auto wanted = select(options, *settings);
    if (!wanted) {
        return refuse(context, wanted.error());
    }
    if (!wanted->open.empty()) {
        Result<void> done;
        if (store::isHeld(settings->paths.dataFolder)) {
            done = askHolder(*wanted, *settings);
            done = done ? wait(*wanted, *settings, options.waitFor, **signals) : done;
        } else {
            done = copyHere(options, *wanted, *settings, context, **signals);
        }
        if (!done) {
            return refuse(context, done.error());
        }
    }
    say(*wanted, context);
    if ((*signals)->stop().cancelled()) {
        return ExitCode::Interrupted;
    }
    return wanted->copied == wanted->total ? ExitCode::Done : ExitCode::Found;
}

} // namespace dashstream::app
