// The [[sources]] of the settings inside a running engine: opened, stopped, and what is wrong with those that could not
// be opened. Owned by `run`; one thread.
#pragma once

#include "core/config/difference.h"
#include "core/engine/engine.h"
#include "core/monitor/endpoints.h"

#include <map>
#include <string>
#include <vector>

namespace dashstream::app {

class ConfiguredSources {
public:
    /// Both outlive it.
    ConfiguredSources(engine::Engine& engine, monitor::Endpoints& endpoints);

    /// Stops and starts what changed, and tries those again that could not be opened before. Returns a line for each
    /// that cannot be opened; health tells of them, too.
    std::vector<std::string> apply(const config::SourceChanges& changes);
    /// How many of them the engine has.
    [[nodiscard]] std::size_t open() const { return m_open.size(); }

private:
    void start(const config::SourceSettings& source);

    engine::Engine& m_engine;
    monitor::Endpoints& m_endpoints;
    std::map<std::string, SourceId> m_open; ///< by name
    struct Closed {
        config::SourceSettings source;
        std::string why;
    };
    std::map<std::string, Closed> m_closed; ///< could not be opened; by name
};

} // namespace dashstream::app
