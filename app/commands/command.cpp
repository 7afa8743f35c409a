#include "app/commands/command.h"

#include "app/commands/commands.h"

namespace dashstream::app {

ExitCode runCommand(const CommandLine& line, CommandContext& context) {
    const ExitCode code = std::visit([&context](const auto& options) { return run(options, context); }, line.command);
    if (auto flushed = context.out.flush(); !flushed) {
        context.out.error(flushed.error());
        return code == ExitCode::Done ? ExitCode::Found : code;
    }
    return code;
}

ExitCode refuse(CommandContext& context, const Error& error) {
    context.out.error(error);
    switch (error.errorClass) {
    case ErrorClass::Retriable:
    case ErrorClass::OutcomeUnknown:
    case ErrorClass::PermanentTopic:
    case ErrorClass::Fatal:
        return ExitCode::Unreachable;
    case ErrorClass::Cancelled:
        return ExitCode::Interrupted;
    case ErrorClass::Usage:
    case ErrorClass::PermanentMessage:
    case ErrorClass::Local:
        break;
    }
    return error.code == "control.no_answer" ? ExitCode::Unreachable : ExitCode::Usage;
}

Result<Settings> settingsOf(CommandContext& context, CheckDepth depth) {
    auto settings = loadSettings(context.global.launch, context.environment, depth);
    if (settings) {
        addSecrets(settings->loaded, *context.out.redactor());
    }
    return settings;
}

Result<Settings> usableSettingsOf(CommandContext& context) {
    auto settings = settingsOf(context);
    if (!settings) {
        return settings;
    }
    if (auto usable = requireUsable(*settings); !usable) {
        return fail(usable.error());
    }
    for (const config::Finding& finding : settings->loaded.findings) {
        if (finding.severity == config::Severity::Warning) {
            context.out.note("warning: " + toText(finding));
        }
    }
    return settings;
}

Result<std::unique_ptr<Runtime>> startRuntime(CommandContext& context, Settings settings) {
    return Runtime::start({std::move(settings), context.out.redactor(), "dashstreamctl"});
}

Result<std::unique_ptr<store::StoreReader>> openReader(CommandContext& context) {
    auto settings = settingsOf(context);
    if (!settings) {
        return fail(settings.error());
    }
    return store::StoreReader::open(settings->paths.dataFolder);
}

} // namespace dashstream::app
