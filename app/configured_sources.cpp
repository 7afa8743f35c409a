#include "app/configured_sources.h"

#include "core/source/source.h"

#include <utility>

namespace dashstream::app {

ConfiguredSources::ConfiguredSources(engine::Engine& engine, monitor::Endpoints& endpoints)
    : m_engine(engine), m_endpoints(endpoints) {}

std::vector<std::string> ConfiguredSources::apply(const config::SourceChanges& changes) {
    for (const config::SourceSettings& source : changes.stop) {
        m_closed.erase(source.name);
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
    auto opened = source::openSource(source.source);
    if (!opened) {
        m_closed.insert_or_assign(source.name, Closed{source, opened.error().text()});
        return;
    }
    m_open.insert_or_assign(source.name, m_engine.addSource(std::move(*opened)));
}

} // namespace dashstream::app
