// The commands as CLI11 sees them: names, options, help. Used by parseCommandLine() only, on one thread. Values that
// cannot be read leave through CLI::ValidationError, which parseCommandLine() catches.
#pragma once

#include "app/cli_options.h"
#include "app/cli_values.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace dashstream::app {

/// Where CLI11 writes what it reads; only the chosen command's is used.
struct CommandDrafts {
    ProduceOptions produce;
    RunOptions run;
    EncodeOptions encode;
    DecodeOptions decode;
    ConsumeOptions consume;
    SequencesOptions sequences;
    DeadOptions dead;
    JobsOptions jobs;
    RetriesOptions retries;
    ClusterOptions cluster;
    ConfigOptions config;
    StoreCareOptions store;
    AuditOptions audit;
    std::function<Command()> command; ///< set by the command that was named

    /// Error (Usage): options of it that do not go together.
    [[nodiscard]] Result<Command> chosen() const;
};

template <typename T>
T orThrow(Result<T> result) {
    if (!result) {
        throw CLI::ValidationError(result.error().text());
    }
    return std::move(*result);
}

void addCommands(CLI::App& app, CommandDrafts& drafts);
/// produce, run, encode, decode, consume.
void addMessageCommands(CLI::App& app, CommandDrafts& drafts);
/// dead, retries.
void addQueueCommands(CLI::App& app, CommandDrafts& drafts);
void addDeadCommands(CLI::App& app, CommandDrafts& drafts);
void addDeadExchange(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen);
/// --id and --topic of the commands on dead letters, and what does not go together.
void addDeadIds(CLI::App& app, DeadOptions& options);
void addDeadTopic(CLI::App& app, DeadOptions& options);
void checkDeadTopic(const DeadOptions& options);
/// dead resend, dead edit.
void addResendCommands(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen);
/// dead discard, dead restore.
void addDiscardCommands(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen);
void addJobsCommands(CLI::App& app, CommandDrafts& drafts);

void addIds(CLI::App& app, Selection& selection);
/// --where of dead letters.
void addWhere(CLI::App& app, Selection& selection);
void addTrace(CLI::App& app, Selection& selection);
/// Of dead letters.
void addWhere(CLI::App& app, Selection& selection);

/// audit.
void addAuditCommands(CLI::App& app, CommandDrafts& drafts);

CLI::Option* addDuration(CLI::App& app, const std::string& name, milliseconds& target, const std::string& help);
CLI::App* addCommand(CLI::App& parent, const std::string& name, const std::string& help, const std::string& example);

} // namespace dashstream::app
