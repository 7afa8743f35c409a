#include "app/reload.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace dashstream::app {

namespace {

bool hasFile(const Settings& settings) {
    std::error_code ignored;
    return std::filesystem::exists(settings.paths.configFile, ignored);
}

} // namespace

Reload::Reload(Settings running, Runtime& runtime, ConfiguredSources& sources)
    : m_running(std::move(running.loaded.config)), m_hadFile(hasFile(running)), m_runtime(runtime), m_sources(sources) {
}

std::vector<std::string> Reload::whyNot(const Result<Settings>& fresh) const {
    if (!fresh) {
        return {fresh.error().text()};
    }
    if (m_hadFile && !hasFile(*fresh)) {
        return {"The settings file " + fresh->paths.configFile.string() + " is gone. Put it back."};
    }
    std::vector<std::string> errors;
    for (const config::Finding& finding : fresh->loaded.findings) {
        if (finding.severity == config::Severity::Error) {
            errors.push_back(toText(finding));
        }
    }
    return errors;
}

ReloadReport Reload::apply(const Result<Settings>& fresh) {
    ReloadReport report;
    report.problems = whyNot(fresh);
    if (!report.problems.empty()) {
        return report;
    }
    const config::Config& wanted = fresh->loaded.config;
    // First what may fail, so that it is all or nothing.
    if (auto listening = m_runtime.endpoints().listen({wanted.metricsListen, wanted.healthListen}); !listening) {
        report.problems.push_back(listening.error().text());
        return report;
    }
    report.taken = true;
    for (const config::Difference& difference : config::differences(m_running, wanted)) {
        (difference.applies == config::Applies::Live ? report.applied : report.restart).push_back(difference.text());
    }
    if (const auto level = observe::parseLogLevel(wanted.log.level)) {
        m_runtime.logger().setLevel(*level);
    }
    config::takeLive(m_running, wanted);
    const config::SourceChanges changes = config::sourceChanges(m_running.sources, wanted.sources);
    for (const config::SourceSettings& source : changes.stop) {
        report.applied.push_back("source " + source.name + " stops");
    }
    for (const config::SourceSettings& source : changes.start) {
        report.applied.push_back("source " + source.name + " starts");
    }
    report.problems = m_sources.apply(changes);
    m_running.sources = wanted.sources;
    return report;
}

} // namespace dashstream::app
