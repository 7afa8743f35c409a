// One function a command family. Each says its result through the context's output and returns the exit code.
#pragma once

#include "app/commands/command.h"

namespace dashstream::app {

[[nodiscard]] ExitCode run(const ProduceOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const RunOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const EncodeOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const DecodeOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const ConsumeOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const StatusOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const SequencesOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const DeadOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const JobsOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const RetriesOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const ClusterOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const ConfigOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const StoreCareOptions& options, CommandContext& context);
[[nodiscard]] ExitCode run(const AuditOptions& options, CommandContext& context);

/// `sequences forget` and `sequences seed`.
[[nodiscard]] ExitCode forgetSequences(const SequencesOptions& options, CommandContext& context);
[[nodiscard]] ExitCode seedSequences(const SequencesOptions& options, CommandContext& context);
/// `health`.
[[nodiscard]] ExitCode checkHealth(const ClusterOptions& options, CommandContext& context);
/// `dead copy`.
[[nodiscard]] ExitCode copyDead(const DeadOptions& options, CommandContext& context);
/// `dead export`, `dead import`.
[[nodiscard]] ExitCode exportDead(const DeadOptions& options, CommandContext& context);
[[nodiscard]] ExitCode importDead(const DeadOptions& options, CommandContext& context);
/// `dead groups`, `dead fields`.
[[nodiscard]] ExitCode countDead(const DeadOptions& options, CommandContext& context);
[[nodiscard]] ExitCode sayFields(CommandContext& context);
/// `dead discard`, `dead restore`.
[[nodiscard]] ExitCode discardDead(const DeadOptions& options, CommandContext& context);
[[nodiscard]] ExitCode restoreDead(const DeadOptions& options, CommandContext& context);
/// `dead resend`.
[[nodiscard]] ExitCode resendDead(const DeadOptions& options, CommandContext& context);
/// The same commands with --topic: on another's dead letter topic.
[[nodiscard]] ExitCode listRemote(const DeadOptions& options, CommandContext& context);
[[nodiscard]] ExitCode showRemote(const DeadOptions& options, CommandContext& context);
[[nodiscard]] ExitCode countRemote(const DeadOptions& options, CommandContext& context);
[[nodiscard]] ExitCode resendRemote(const DeadOptions& options, CommandContext& context);

} // namespace dashstream::app
