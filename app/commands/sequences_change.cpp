// sequences forget / seed: through the process that holds the store, or on the store itself when none does.
#include "app/accounting_text.h"
#include "app/commands/cluster_access.h"
#include "app/commands/commands.h"
#include "app/profile_log.h"
#include "app/signal_watcher.h"
#include "core/control/control_client.h"
#include "core/control/protocol.h"
#include "core/engine/offline_sequences.h"
#include "core/engine/topic_numbers.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace dashstream::app {

namespace {

using engine::ForgetOutcome;
using engine::SeedOutcome;
using nlohmann::json;

std::size_t countOf(const json& answer, const char* name) {
    return static_cast<std::size_t>(std::max<std::int64_t>(control::integerField(answer, name).value_or(0), 0));
}

/// Whoever can change the numbers: another process, or this one.
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
        store::StoreOptions how;
        how.auditGrew = [logger = &changer->m_logger](const store::AuditHead& head) { logAuditHead(**logger, head); };
        auto opened = store::Store::open(folder, how);
        if (!opened) {
            return fail(opened.error());
        }
        changer->m_store = std::move(*opened);
        auto logger = openProfileLog(settings, out.redactor());
        if (!logger) {
            return fail(logger.error());
        }
        changer->m_logger = std::move(*logger);
        auto offline = engine::OfflineSequences::open(*changer->m_store, settings.loaded.config, changer->m_clock);
        if (!offline) {
            return fail(offline.error());
        }
        changer->m_offline = std::move(*offline);
        return changer;
    }

    Result<ForgetOutcome> forget(engine::ForgetRequest request) {
        if (m_offline) {
            return m_offline->forget(request);
        }
        json asked{{"request", "sequences_forget"}, {"threads", std::move(request.threads)}};
        if (request.idleSince) {
            asked["idle_since_us"] = toMicros(*request.idleSince);
        }
        auto answer = m_holder->request(std::move(asked));
        if (!answer) {
            return fail(answer.error());
        }
        return ForgetOutcome{countOf(*answer, "forgotten"), countOf(*answer, "in_use"), countOf(*answer, "active"),
                             countOf(*answer, "unknown")};
    }

    Result<SeedOutcome> seed(const engine::SeedRequest& request) {
        if (m_offline) {
            return m_offline->seed(request);
        }
        json threads = json::array();
        for (const engine::ThreadNumber& number : request.threads) {
            threads.push_back({{"thread", number.thread}, {"highest", number.highest.value}});
        }
        auto answer = m_holder->request(
            {{"request", "sequences_seed"}, {"topic", request.topic}, {"threads", std::move(threads)}});
        if (!answer) {
            return fail(answer.error());
        }
        return SeedOutcome{countOf(*answer, "raised"), countOf(*answer, "kept")};
    }

private:
    Changer() = default;

    SystemClock m_clock;
    std::unique_ptr<control::ControlClient> m_holder;
    std::unique_ptr<observe::Logger> m_logger; ///< outlives the store, which tells it where the audit log ends
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<engine::OfflineSequences> m_offline;
};

/// Pieces of at most what one request takes.
template <typename T>
std::vector<std::span<const T>> pieces(const std::vector<T>& all) {
    std::vector<std::span<const T>> parts;
    for (std::size_t at = 0; at < all.size(); at += engine::kThreadsAtOnce) {
        parts.push_back(std::span(all).subspan(at, std::min(engine::kThreadsAtOnce, all.size() - at)));
    }
    return parts;
}

/// Longest idle first, up to those that were used since.
Result<std::vector<std::string>> idleSince(store::StoreReader& reader, UtcTime since) {
    store::ThreadQuery query;
    query.order = store::SortOrder::Ascending;
    auto ids = reader.threadIds(query);
    if (!ids) {
        return fail(ids.error());
    }
    std::vector<std::string> names;
    for (const std::span<const std::int64_t> page : pieces(*ids)) {
        const auto rows = reader.threadRows(page);
        if (!rows) {
            return fail(rows.error());
        }
        for (const store::ThreadRecord& record : *rows) {
            if (record.updatedAt >= since) {
                return names;
            }
            names.push_back(record.thread);
        }
    }
    return names;
}

Result<std::vector<std::string>> chosen(const SequencesOptions& options, const Settings& settings,
                                        std::optional<UtcTime> since) {
    if (!since) {
        return options.threads;
    }
    auto reader = store::StoreReader::open(settings.paths.dataFolder);
    if (!reader) {
        return fail(reader.error());
    }
    auto names = idleSince(**reader, *since);
    if (names && !options.threads.empty()) {
        std::erase_if(*names, [&options](const std::string& name) {
            return std::ranges::find(options.threads, name) == options.threads.end();
        });
    }
    return names;
}

/// Nothing: go on.
std::optional<ExitCode> askFirst(const SequencesOptions& options, const std::vector<std::string>& names,
                                 CommandContext& context) {
    const std::string count = grouped(names.size());
    if (options.dryRun || names.empty()) {
        context.out.value({{"dry_run", options.dryRun}, {"threads", names}});
        for (const std::string& name : names) {
            context.out.text(name + "\n");
        }
        context.out.text((options.dryRun ? "Would forget " : "Forgot ") + count + " threads\n");
        return ExitCode::Done;
    }
    if (options.yes) {
        return std::nullopt;
    }
    const auto confirmed = context.out.confirm("Forget the numbers of " + count +
                                               " threads? A thread that comes again begins at 1, which readers of the "
                                               "topic take for a repetition.");
    if (!confirmed) {
        return refuse(context,
                      Error{ErrorClass::Usage, "usage.yes", "Without a terminal to ask on, nothing is forgotten",
                            "Give --yes, or --dry-run to see what would be forgotten."});
    }
    if (!*confirmed) {
        context.out.note("Nothing was forgotten");
        return ExitCode::Done;
    }
    return std::nullopt;
}

Result<ForgetOutcome> forgetAll(const std::vector<std::string>& names, std::optional<UtcTime> since,
                                const Settings& settings, const CancelToken& stop, CommandContext& context) {
    auto changer = Changer::open(settings, context.out);
    if (!changer) {
        return fail(changer.error());
    }
    ForgetOutcome total;
    for (const std::span<const std::string> piece : pieces(names)) {
        if (stop.cancelled()) {
            break;
        }
        auto outcome = (*changer)->forget({{piece.begin(), piece.end()}, since, control::currentUser()});
        if (!outcome) {
            return outcome;
        }
        total.forgotten += outcome->forgotten;
        total.inUse += outcome->inUse;
        total.active += outcome->active;
        total.unknown += outcome->unknown;
        context.out.progress("forgot " + grouped(total.forgotten) + " of " + grouped(names.size()) + " threads");
    }
    return total;
}

std::string seedProgress(const engine::TopicProgress& progress) {
    return "read " + grouped(progress.records) + " records of " + grouped(progress.threads) + " threads";
}

Result<SeedOutcome> seedAll(const engine::TopicNumbers& numbers, const std::string& topic, const Settings& settings,
                            const CancelToken& stop, CommandContext& context) {
    auto changer = Changer::open(settings, context.out);
    if (!changer) {
        return fail(changer.error());
    }
    SeedOutcome total;
    for (const std::span<const engine::ThreadNumber> piece : pieces(numbers.threads)) {
        if (stop.cancelled()) {
            break;
        }
        auto outcome = (*changer)->seed({{piece.begin(), piece.end()}, topic, control::currentUser()});
        if (!outcome) {
            return outcome;
        }
        total.raised += outcome->raised;
        total.kept += outcome->kept;
        context.out.progress("seeded " + grouped(total.raised + total.kept) + " of " + grouped(numbers.threads.size()) +
                             " threads");
    }
    return total;
}

} // namespace

ExitCode forgetSequences(const SequencesOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start();
    auto settings = settingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    if (options.threads.empty() && !options.idle) {
        return refuse(context, Error{ErrorClass::Usage, "usage.selection", "Nothing says which threads to forget",
                                     "Give --thread NAME, or --idle AGE such as --idle 30d."});
    }
    const std::optional<UtcTime> since =
        options.idle ? std::optional(SystemClock().utcNow() - *options.idle) : std::nullopt;
    auto names = chosen(options, *settings, since);
    if (!names) {
        return refuse(context, names.error());
    }
    if (const auto code = askFirst(options, *names, context)) {
        return *code;
    }
    auto outcome = forgetAll(*names, since, *settings, (*signals)->stop(), context);
    if (!outcome) {
        return refuse(context, outcome.error());
    }
    const std::size_t left = outcome->inUse + outcome->active + outcome->unknown;
    context.out.value({{"forgotten", outcome->forgotten},
                       {"in_use", outcome->inUse},
                       {"active", outcome->active},
                       {"unknown", outcome->unknown}});
    context.out.text("Forgot " + grouped(outcome->forgotten) + " threads; left: in use " + grouped(outcome->inUse) +
                     ", used meanwhile " + grouped(outcome->active) + ", unknown " + grouped(outcome->unknown) + "\n");
    if ((*signals)->stop().cancelled()) {
        return ExitCode::Interrupted;
    }
    return left == 0 ? ExitCode::Done : ExitCode::Found;
}

ExitCode seedSequences(const SequencesOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start();
    auto settings = usableSettingsOf(context);
    if (!signals || !settings) {
        return refuse(context, signals ? settings.error() : signals.error());
    }
    if (!options.fromTopic) {
        return refuse(context, Error{ErrorClass::Usage, "usage.source", "Nothing says where the numbers come from",
                                     "Give --from-topic: the configured topic is read whole."});
    }
    auto access = accessCluster(context);
    if (!access) {
        return refuse(context, access.error());
    }
    const CancelToken& stop = (*signals)->stop();
    const auto onProgress = [&context](const engine::TopicProgress& progress) {
        context.out.progress(seedProgress(progress));
    };
    auto numbers = engine::readTopicNumbers(access->query, options.timeout, onProgress, stop);
    if (!numbers) {
        return refuse(context, numbers.error());
    }
    auto outcome = seedAll(*numbers, access->query.topic, *settings, stop, context);
    if (!outcome) {
        return refuse(context, outcome.error());
    }
    context.out.value({{"records", numbers->records},
                       {"skipped", numbers->skipped},
                       {"threads", numbers->threads.size()},
                       {"raised", outcome->raised},
                       {"kept", outcome->kept}});
    context.out.text("Read " + grouped(numbers->records) + " records of " + grouped(numbers->threads.size()) +
                     " threads (" + grouped(numbers->skipped) + " without a number): " + grouped(outcome->raised) +
                     " threads go on after the topic's number, " + grouped(outcome->kept) +
                     " had that number or a higher one\n");
    return stop.cancelled() ? ExitCode::Interrupted : ExitCode::Done;
}

} // namespace dashstream::app
