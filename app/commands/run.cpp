// run: a runtime with the configured sources and endpoints, until SIGTERM or SIGINT; SIGHUP reads the settings again.
#include "app/accounting_text.h"
#include "app/commands/commands.h"
#include "app/configured_sources.h"
#include "app/reload.h"
#include "app/signal_watcher.h"
#include "core/control/snapshot_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace dashstream::app {

namespace {

class ServiceRun {
public:
    ServiceRun(const RunOptions& options, CommandContext& context, SignalWatcher& signals)
        : m_options(options), m_context(context), m_signals(signals) {}

    [[nodiscard]] ExitCode run();

private:
    [[nodiscard]] Result<void> prepare();
    void sayWhatRuns();
    void waitForEnd();
    void tell(const engine::Snapshot& snapshot);
    void readAgain();
    void say(const std::string& line);
    void warn(const std::string& line);
    [[nodiscard]] ExitCode finish();

    const RunOptions& m_options;
    CommandContext& m_context;
    SignalWatcher& m_signals;
    SystemClock m_clock;
    std::unique_ptr<Runtime> m_runtime;
    std::unique_ptr<ConfiguredSources> m_sources;
    std::unique_ptr<Reload> m_reload;
    SteadyTime m_started;
    SteadyTime m_lastProgress;
    unsigned m_hangups = 0;
    std::map<std::string, std::string> m_told; ///< title of each condition that holds, by id
};

ExitCode ServiceRun::run() {
    if (auto prepared = prepare(); !prepared) {
        return refuse(m_context, prepared.error());
    }
    sayWhatRuns();
    waitForEnd();
    m_context.out.note("Stopping: what is in flight has " +
                       std::to_string(std::chrono::ceil<std::chrono::seconds>(m_options.drainTimeout).count()) +
                       " s to arrive; a second signal stops at once");
    return finish();
}

Result<void> ServiceRun::prepare() {
    auto settings = usableSettingsOf(m_context);
    if (!settings) {
        return fail(settings.error());
    }
    const Settings asLoaded = *settings;
    auto runtime = Runtime::start({std::move(*settings), m_context.out.redactor(), "dashstreamctl", true});
    if (!runtime) {
        return fail(runtime.error());
    }
    m_runtime = std::move(*runtime);
    m_started = m_clock.steadyNow();
    m_lastProgress = m_started;
    m_runtime->engine().setSnapshotListener([bell = m_signals.bell()](const auto&) { bell.ring(); });
    m_sources =
        std::make_unique<ConfiguredSources>(m_runtime->engine(), m_runtime->endpoints(), m_runtime->sourceOpener());
    m_reload = std::make_unique<Reload>(asLoaded, *m_runtime, *m_sources);
    for (const std::string& line : m_sources->apply(config::sourceChanges({}, asLoaded.loaded.config.sources))) {
        warn(line);
    }
    return {};
}

void ServiceRun::sayWhatRuns() {
    const monitor::ListenAddresses listening = m_runtime->endpoints().addresses();
    m_context.out.note("Profile " + m_runtime->profile() + " runs with " + std::to_string(m_sources->open()) +
                       (m_sources->open() == 1 ? " source" : " sources") +
                       (listening.metrics.empty() ? "" : ", metrics on http://" + listening.metrics + "/metrics") +
                       (listening.health.empty() ? "" : ", health on http://" + listening.health + "/health"));
}

void ServiceRun::waitForEnd() {
    constexpr milliseconds kPatience{500};
    while (!m_signals.stop().cancelled()) {
        m_signals.bell().wait(kPatience);
        if (const unsigned hangups = m_signals.hangups(); hangups != m_hangups) {
            m_hangups = hangups;
            readAgain();
        }
        for (const std::string& line : m_sources->startWaiting()) {
            warn(line);
        }
        tell(*m_runtime->engine().snapshot());
    }
}

/// A condition is said when it comes and when it goes; the log has them all.
void ServiceRun::tell(const engine::Snapshot& snapshot) {
    for (const engine::Condition& condition : snapshot.conditions) {
        if (condition.urgency != engine::Urgency::Notice && m_told.emplace(condition.id, condition.title).second) {
            m_context.out.complain(condition.title + (condition.advice.empty() ? "" : ". " + condition.advice));
        }
    }
    std::erase_if(m_told, [&](const auto& told) {
        const bool over =
            std::ranges::find(snapshot.conditions, told.first, &engine::Condition::id) == snapshot.conditions.end();
        if (over) {
            m_context.out.note("Over: " + told.second);
        }
        return over;
    });
    const SteadyTime now = m_clock.steadyNow();
    if (m_context.out.showsProgress() && now - m_lastProgress >= std::chrono::seconds(1)) {
        m_lastProgress = now;
        m_context.out.progress(progressText(snapshot));
    }
}

void ServiceRun::readAgain() {
    const ReloadReport report = m_reload->apply(settingsOf(m_context));
    if (!report.taken) {
        warn("SIGHUP: the new settings are not taken, everything goes on as before:");
    } else if (report.applied.empty() && report.restart.empty() && report.problems.empty()) {
        say("SIGHUP: the settings are read again, nothing changed");
    } else {
        say("SIGHUP: the settings are read again");
    }
    for (const std::string& line : report.applied) {
        say("  applied: " + line);
    }
    for (const std::string& line : report.restart) {
        warn("  needs a restart: " + line);
    }
    for (const std::string& line : report.problems) {
        warn("  " + line);
    }
}

void ServiceRun::say(const std::string& line) {
    m_context.out.note(line);
    m_runtime->logger().log(observe::LogLevel::Info, "app", line);
}

void ServiceRun::warn(const std::string& line) {
    m_context.out.complain(line);
    m_runtime->logger().log(observe::LogLevel::Warning, "app", line);
}

ExitCode ServiceRun::finish() {
    const engine::Accounting accounting = m_runtime->close(m_options.drainTimeout, m_signals.hurry());
    nlohmann::json object = control::toJson(accounting);
    object["elapsed_s"] = std::chrono::duration<double>(m_clock.steadyNow() - m_started).count();
    m_context.out.value(object);
    m_context.out.text(accountingText(accounting));
    if (accounting.unsettled() > 0) {
        m_context.out.note(grouped(accounting.unsettled()) +
                           " accepted messages are not delivered; the next run of this profile sends what waits in the "
                           "store");
        return ExitCode::Interrupted;
    }
    const bool clean = accounting.rejected.total() == 0 && accounting.diedNow == 0 && accounting.balanced();
    return clean ? ExitCode::Done : ExitCode::Found;
}

} // namespace

ExitCode run(const RunOptions& options, CommandContext& context) {
    auto signals = SignalWatcher::start(SignalWatcher::Hangup::Watched);
    if (!signals) {
        return refuse(context, signals.error());
    }
    return ServiceRun(options, context, **signals).run();
}

} // namespace dashstream::app
