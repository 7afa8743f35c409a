// produce: a runtime with one source, until that ends and all is settled, or a signal.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/reject_report.h"
#include "app/signal_watcher.h"
#include "core/control/snapshot_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace dashstream::app {

namespace {

enum class Ending { Settled, Interrupted, NotConnected, StoreFailed };

/// A store that failed for so long ends the run: it may be a full disk that nobody empties.
constexpr std::chrono::seconds kStorePatience{3};

class ProduceRun {
public:
    ProduceRun(const ProduceOptions& options, CommandContext& context, SignalWatcher& signals)
        : m_options(options), m_context(context), m_signals(signals) {}

    [[nodiscard]] ExitCode run();

private:
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<std::unique_ptr<source::Source>> openUnlessResumed() const;
    void sayWhereItGoesOn(const source::Source& source);
    [[nodiscard]] Ending waitForEnd();
    void tell(const engine::Snapshot& snapshot);
    [[nodiscard]] bool storeFailed(const engine::Snapshot& snapshot) const;
    [[nodiscard]] bool nothingSent(const engine::Snapshot& snapshot) const;
    void keepSourceError(const engine::Snapshot& snapshot);
    [[nodiscard]] ExitCode finish(Ending ending);
    void sayAccounting(const engine::Accounting& accounting, double seconds);
    [[nodiscard]] ExitCode exitCode(Ending ending, const engine::Accounting& accounting) const;

    const ProduceOptions& m_options;
    CommandContext& m_context;
    SignalWatcher& m_signals;
    SystemClock m_clock;
    std::unique_ptr<RejectReport> m_rejects;
    std::unique_ptr<Runtime> m_runtime;
    SourceId m_source;
    SteadyTime m_started;
    SteadyTime m_lastProgress;
    std::set<std::string> m_told; ///< critical conditions
    std::string m_sourceError;    ///< why the source failed; empty: it did not
};

ExitCode ProduceRun::run() {
    if (auto prepared = prepare(); !prepared) {
        return refuse(m_context, prepared.error());
    }
    const Ending ending = waitForEnd();
    if (ending == Ending::Interrupted) {
        m_context.out.note("Stopping: what is in flight has " +
                           std::to_string(std::chrono::ceil<std::chrono::seconds>(m_options.drainTimeout).count()) +
                           " s to arrive; a second signal stops at once");
    }
    return finish(ending);
}

Result<void> ProduceRun::prepare() {
    auto settings = usableSettingsOf(m_context);
    if (!settings) {
        return fail(settings.error());
    }
    // What cannot be read or gone on with is said before anything starts.
    auto source = openUnlessResumed();
    if (!source) {
        return fail(source.error());
    }
    std::unique_ptr<RejectsFile> rejectsFile;
    if (!m_options.rejectsFile.empty()) {
        auto opened = RejectsFile::open(m_options.rejectsFile);
        if (!opened) {
            return fail(opened.error());
        }
        rejectsFile = std::move(*opened);
    }
    m_rejects = std::make_unique<RejectReport>(m_options.source, std::move(rejectsFile));
    auto runtime = startRuntime(m_context, std::move(*settings));
    if (!runtime) {
        return fail(runtime.error());
    }
    m_runtime = std::move(*runtime);
    if (m_options.resume) {
        source = m_runtime->openSource(m_options.source, source::Start::GoOn);
        if (!source) {
            return fail(source.error());
        }
        sayWhereItGoesOn(**source);
    }
    if (const auto& trouble = m_runtime->endpointTrouble()) {
        m_context.out.note("warning: " + trouble->text());
    }
    m_started = m_clock.steadyNow();
    m_lastProgress = m_started;
    m_runtime->engine().setSnapshotListener([bell = m_signals.bell()](const auto&) { bell.ring(); });
    engine::SourceOptions sourceOptions;
    sourceOptions.rejectWhenLimited = m_options.rejectWhenLimited;
    sourceOptions.onReject = [rejects = m_rejects.get()](const auto& reject) { rejects->take(reject); };
    m_source = m_runtime->engine().addSource(std::move(*source), std::move(sourceOptions));
    return {};
}

/// Null: it is to be resumed, and can be.
Result<std::unique_ptr<source::Source>> ProduceRun::openUnlessResumed() const {
    if (!m_options.resume) {
        return source::openSource(m_options.source);
    }
    const auto name = source::resumableName(m_options.source);
    return name ? Result<std::unique_ptr<source::Source>>(nullptr) : fail(name.error());
}

void ProduceRun::sayWhereItGoesOn(const source::Source& source) {
    if (!source.goesOn()) {
        m_context.out.note("Nothing was accepted of " + source.spec() + " before: it is read from its beginning");
        return;
    }
    m_context.out.note("Going on with " + source.spec() + " at byte " + grouped(source.startsAt()) + " of " +
                       grouped(source.progress().totalBytes) + ", if what stands before is still the same");
}

Ending ProduceRun::waitForEnd() {
    constexpr milliseconds kPatience{200};
    while (true) {
        m_signals.bell().wait(kPatience);
        const auto snapshot = m_runtime->engine().snapshot();
        tell(*snapshot);
        if (m_signals.stop().cancelled()) {
            return Ending::Interrupted;
        }
        const auto source = std::ranges::find(snapshot->sources, m_source, &engine::SourceView::id);
        const bool decided = source != snapshot->sources.end() && isOver(*source);
        if (decided && snapshot->accounting.unsettled() == 0) {
            return Ending::Settled;
        }
        if (storeFailed(*snapshot)) {
            return Ending::StoreFailed;
        }
        if (m_options.connectTimeout && m_clock.steadyNow() - m_started >= *m_options.connectTimeout &&
            nothingSent(*snapshot)) {
            return Ending::NotConnected;
        }
    }
}

bool ProduceRun::storeFailed(const engine::Snapshot& snapshot) const {
    return std::ranges::any_of(snapshot.conditions, [&snapshot](const engine::Condition& condition) {
        const bool failed =
            condition.id == "store.failed" || condition.id == "journal.failed" || condition.id == "journal.no_space";
        return failed && snapshot.at - condition.since >= kStorePatience;
    });
}

bool ProduceRun::nothingSent(const engine::Snapshot& snapshot) const {
    const bool wanted = snapshot.accounting.unsettled() + snapshot.accounting.diedNow > 0;
    const bool reachable = snapshot.connection == engine::ConnectionState::Connected ||
                           snapshot.connection == engine::ConnectionState::Degraded;
    return snapshot.accounting.delivered == 0 && (wanted || !reachable);
}

void ProduceRun::tell(const engine::Snapshot& snapshot) {
    for (const engine::Condition& condition : snapshot.conditions) {
        if (condition.urgency == engine::Urgency::Critical && m_told.insert(condition.id).second) {
            m_context.out.complain(condition.title + (condition.advice.empty() ? "" : ". " + condition.advice));
        }
    }
    m_rejects->say(m_context.out);
    const SteadyTime now = m_clock.steadyNow();
    if (m_context.out.showsProgress() && now - m_lastProgress >= std::chrono::seconds(1)) {
        m_lastProgress = now;
        m_context.out.progress(progressText(snapshot));
    }
}

void ProduceRun::keepSourceError(const engine::Snapshot& snapshot) {
    const auto source = std::ranges::find(snapshot.sources, m_source, &engine::SourceView::id);
    if (source != snapshot.sources.end() && source->state == engine::SourceState::Failed) {
        m_sourceError = source->stateText.empty() ? "The source failed" : source->stateText;
    }
}

ExitCode ProduceRun::finish(Ending ending) {
    keepSourceError(*m_runtime->engine().snapshot());
    const milliseconds deadline = ending == Ending::NotConnected ? milliseconds{0} : m_options.drainTimeout;
    const engine::Accounting accounting = m_runtime->close(deadline, m_signals.hurry());
    const double seconds = std::chrono::duration<double>(m_clock.steadyNow() - m_started).count();
    m_rejects->finish(m_context.out);
    if (!m_sourceError.empty()) {
        m_context.out.complain(m_sourceError);
    }
    if (ending == Ending::NotConnected) {
        const config::KafkaSettings& kafka = m_runtime->loaded().config.kafka;
        m_context.out.complain("Nothing could be sent to topic " + kafka.topic + " at " + kafka.bootstrapServers +
                               " within the time of --connect-timeout. 'dashstreamctl health' says more.");
    }
    if (ending == Ending::StoreFailed) {
        m_context.out.complain("Stopped, because the disk of " + m_runtime->paths().dataFolder.string() +
                               " takes nothing more. Put it in order, then go on with --resume, where the source is a "
                               "file.");
    }
    const bool journalled = m_runtime->loaded().config.delivery.durability == config::Durability::Journal;
    if (accounting.inFlight > 0 && journalled) {
        m_context.out.note(grouped(accounting.inFlight) +
                           " accepted messages are not delivered; they stay in the journal and are sent by the next "
                           "run of this profile");
    } else if (accounting.inFlight > 0) {
        m_context.out.complain(grouped(accounting.inFlight) +
                               " accepted messages are neither delivered nor stored: the store took nothing more. "
                               "Send their source again");
    }
    if (accounting.retrying > 0) {
        m_context.out.note(grouped(accounting.retrying) +
                           " accepted messages are not delivered; they wait in the store and are sent by the next run "
                           "of this profile");
    }
    sayAccounting(accounting, seconds);
    return exitCode(ending, accounting);
}

void ProduceRun::sayAccounting(const engine::Accounting& accounting, double seconds) {
    nlohmann::json object = control::toJson(accounting);
    object["elapsed_s"] = seconds;
    m_context.out.value(object);
    m_context.out.text(accountingText(accounting));
}

ExitCode ProduceRun::exitCode(Ending ending, const engine::Accounting& accounting) const {
    if (ending == Ending::Interrupted) {
        return ExitCode::Interrupted;
    }
    if (ending == Ending::NotConnected) {
        return ExitCode::Unreachable;
    }
    if (ending == Ending::StoreFailed) {
        return ExitCode::Found;
    }
    const bool nothingDone = accounting.accepted == 0 && accounting.rejected.total() == 0;
    if (!m_sourceError.empty()) {
        return nothingDone ? ExitCode::Usage : ExitCode::Found;
    }
    const bool clean = accounting.rejected.total() == 0 && accounting.diedNow == 0 && accounting.balanced();
    return clean ? ExitCode::Done : ExitCode::Found;
}

} // namespace

ExitCode run(const ProduceOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start();
    if (!signals) {
        return refuse(context, signals.error());
    }
    return ProduceRun(options, context, **signals).run();
}

} // namespace dashstream::app
