// The [[sources]] of the settings inside a running engine: opened, stopped, and what is wrong with those that could not
// be opened. Owned by `run`; one thread.
#pragma once

#include "core/config/difference.h"
#include "core/engine/engine.h"
#include "core/monitor/endpoints.h"
#include "core/source/resume.h"

#include <map>
#include <string>
#include <vector>

namespace dashstream::app {

class ConfiguredSources {
public:
    /// All outlive it.
    ConfiguredSources(engine::Engine& engine, monitor::Endpoints& endpoints, source::SourceOpener openSource);

    /// Stops and starts what changed, and tries those again that could not be opened before. Returns a line for each
    /// that cannot be opened; health tells of them, too.
    std::vector<std::string> apply(const config::SourceChanges& changes);
    /// Starts those whose file was still being read, as soon as that is over. Called now and then; returns lines as
    /// apply() does, when something changed.
    std::vector<std::string> startWaiting();
    /// How many of them the engine has.
    [[nodiscard]] std::size_t open() const { return m_open.size(); }

private:
    void start(const config::SourceSettings& source);
    std::vector<std::string> tellClosed();

    engine::Engine& m_engine;
    monitor::Endpoints& m_endpoints;
    source::SourceOpener m_openSource;
    std::map<std::string, SourceId> m_open; ///< by name
    struct Closed {
        config::SourceSettings source;
        std::string why;
    };
    std::map<std::string, Closed> m_closed;                  ///< could not be opened; by name
    std::map<std::string, config::SourceSettings> m_waiting; ///< for an older reading of the same file to end
};

/// A file goes on where it was left, unless the settings say that it starts anew each time.
[[nodiscard]] source::Start startOf(const config::SourceSettings& source);

} // namespace dashstream::app
