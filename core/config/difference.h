// What changes from one configuration to another, key by key, and whether it can take effect at once. Pure; any thread.
#pragma once

#include "core/config/config.h"
#include "core/config/option_table.h"

#include <string>
#include <vector>

namespace dashstream::config {

/// One setting that differs. The values are in the form of formatValue(), those of secrets hidden.
struct Difference {
    std::string key;
    std::string before;
    std::string after;
    Applies applies = Applies::Restart;

    /// "log.level: info → debug"; empty values are shown as "none".
    [[nodiscard]] std::string text() const;
};

/// In the order of the option table, then kafka.extra.* and rate.overrides.*. Sources are compared by sourceChanges().
[[nodiscard]] std::vector<Difference> differences(const Config& before, const Config& after);

/// Sets in `target` the value of every setting of `source` that applies at once.
void takeLive(Config& target, const Config& source);

/// What has to happen to the running sources; a source is the same when its name and where it reads are.
struct SourceChanges {
    std::vector<SourceSettings> start; ///< new ones and those that were not to be started before
    std::vector<SourceSettings> stop;  ///< gone ones and those that shall no longer run
    [[nodiscard]] bool empty() const { return start.empty() && stop.empty(); }
};
[[nodiscard]] SourceChanges sourceChanges(const std::vector<SourceSettings>& before,
                                          const std::vector<SourceSettings>& after);

} // namespace dashstream::config
