#include "app/configured_sources.h"

#include "app/runtime.h"

#include <utility>

namespace dashstream::app {

source::Start startOf(const config::SourceSettings& source) {
    if (!source.resume) {
        return source::Start::GoOnIfItCan;
    }
    return *source.resume ? source::Start::GoOn : source::Start::Anew;
}

ConfiguredSources::ConfiguredSources(engine::Engine& engine, monitor::Endpoints& endpoints,
                                     source::SourceOpener openSource)
    : m_engine(engine), m_endpoints(endpoints), m_openSource(std::move(openSource)) {}

std::vector<std::string> ConfiguredSources::apply(const config::SourceChanges& changes) {
    for (const config::SourceSettings& source : changes.stop) {
        m_closed.erase(source.name);
        m_waiting.erase(source.name);
        if (const auto open = m_open.find(source.name); open != m_open.end()) {
            m_engine.stopSource(open->second);
            m_open.erase(open);
        }
    }
    for (auto& [name, closed] : std::exchange(m_closed, {})) {
        start(closed.source);
    }
    for (const config::SourceSettings& source : changes.start) {
        start(source);
    }
    return tellClosed();
}

std::vector<std::string> ConfiguredSources::startWaiting() {
    const std::size_t closed = m_closed.size();
    for (const auto& [name, source] : std::exchange(m_waiting, {})) {
        start(source);
    }
    return m_closed.size() == closed ? std::vector<std::string>() : tellClosed();
}

std::vector<std::string> ConfiguredSources::tellClosed() {
    std::vector<std::string> lines;
    std::vector<monitor::HealthTrouble> troubles;
    for (const auto& [name, closed] : m_closed) {
        lines.push_back("Source " + name + " is not open: " + closed.why);
        troubles.push_back({"sources", lines.back()});
    }
    m_endpoints.setTroubles(std::move(troubles));
    return lines;
}

void ConfiguredSources::start(const config::SourceSettings& source) {
    auto opened = m_openSource(source.source, startOf(source));
    if (!opened && opened.error().code == kSourceBusy) {
        m_waiting.insert_or_assign(source.name, source);
        return;
    }
    if (!opened) {
        m_closed.insert_or_assign(source.name, Closed{source, opened.error().text()});
        return;
    }
    m_open.insert_or_assign(source.name, m_engine.addSource(std::move(*opened)));
}

} // namespace dashstream::app
