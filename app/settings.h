// The effective settings of a run: files, environment, --set, and what --demo puts in their place. Made once at start
// by whoever runs a command or the console; a value.
#pragma once

#include "app/launch_options.h"
#include "app/paths.h"
#include "core/config/loader.h"
#include "core/observe/redaction.h"

#include <cstdint>

namespace dashstream::app {

struct Settings {
    Paths paths;
    config::Loaded loaded;
    bool demo = false;
};

enum class CheckDepth : std::uint8_t {
    Settings,
    WithClient, ///< librdkafka is asked too whether it takes them all together
};

/// Precedence: default < --demo < profile file < environment < --set. Only the brokers and the security protocol of a
/// demo win over all but --set: its cluster is inside this process. Bad settings are findings of `loaded`.
/// Errors: those of resolvePaths() and config::load().
[[nodiscard]] Result<Settings> loadSettings(const LaunchOptions& options, const Environment& environment,
                                            CheckDepth depth = CheckDepth::Settings);

/// Error "config.invalid" (Usage) with every error finding, one a line.
[[nodiscard]] Result<void> requireUsable(const Settings& settings);

/// "delivery.mode = x (profile.toml:3): rule. remedy" in one line.
[[nodiscard]] std::string toText(const config::Finding& finding);

/// From here on no secret of the configuration passes `redactor`.
void addSecrets(const config::Loaded& loaded, observe::Redactor& redactor);

/// What is shown as origin of what --demo set.
inline constexpr const char* kDemoPlace = "--demo";
/// Puts the demo cluster's address where the configured one stood.
void useDemoBrokers(Settings& settings, const std::string& bootstrapServers);

} // namespace dashstream::app
