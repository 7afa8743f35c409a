// What all commands of dashstreamctl share. One thread.
#pragma once

#include "app/cli_options.h"
#include "app/output.h"
#include "app/runtime.h"
#include "app/settings.h"
#include "core/store/reader.h"

#include <memory>

namespace dashstream::app {

struct CommandContext {
    const GlobalOptions& global;
    Environment environment;
    Output& out;
};

/// Runs the command and pushes out what it said.
[[nodiscard]] ExitCode runCommand(const CommandLine& line, CommandContext& context);

/// Says the error and gives the exit code for it: nothing was done.
[[nodiscard]] ExitCode refuse(CommandContext& context, const Error& error);

/// The settings, their secrets known to the output from here on. They may hold error findings.
[[nodiscard]] Result<Settings> settingsOf(CommandContext& context, CheckDepth depth = CheckDepth::Settings);
/// The same, refused with all findings when one is an error; warnings are said as notes.
[[nodiscard]] Result<Settings> usableSettingsOf(CommandContext& context);
[[nodiscard]] Result<std::unique_ptr<Runtime>> startRuntime(CommandContext& context, Settings settings);

/// Reads the profile's store, whoever holds it.
[[nodiscard]] Result<std::unique_ptr<store::StoreReader>> openReader(CommandContext& context);

} // namespace dashstream::app
