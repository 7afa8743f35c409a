// Reading the settings again while everything runs (SIGHUP): what can change at once is changed, the rest is said, and
// broken settings change nothing. Owned by `run`; one thread.
#pragma once

#include "app/configured_sources.h"
#include "app/runtime.h"
#include "app/settings.h"

#include <string>
#include <vector>

namespace dashstream::app {

struct ReloadReport {
    bool taken = false;                ///< false: nothing changed, `problems` says why
    std::vector<std::string> applied;  ///< "log.level: info → debug", "source feed starts"
    std::vector<std::string> restart;  ///< what needs a restart, as `applied`
    std::vector<std::string> problems; ///< errors that kept everything as it was, or sources that cannot be opened
};

class Reload {
public:
    /// `running`: the settings that everything was started with, before a demo cluster put its address in. Runtime and
    /// sources outlive it.
    Reload(Settings running, Runtime& runtime, ConfiguredSources& sources);

    /// `fresh`: the same files, environment and --set, read again.
    [[nodiscard]] ReloadReport apply(const Result<Settings>& fresh);

private:
    [[nodiscard]] std::vector<std::string> whyNot(const Result<Settings>& fresh) const;

    config::Config m_running; ///< what is in force
    bool m_hadFile;
    Runtime& m_runtime;
    ConfiguredSources& m_sources;
};

} // namespace dashstream::app
