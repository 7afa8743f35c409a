// jobs: dead letters that are being sent again.
#include "app/cli_commands.h"

namespace dashstream::app {

namespace {

void addJobAction(CLI::App& jobs, CommandDrafts& drafts, JobsOptions::Verb verb, const char* name, const char* help,
                  const char* example) {
    CLI::App* action = addCommand(jobs, name, help, example);
    action->add_option("JOB", drafts.jobs.job, "Its number, as 'jobs list' shows it")
        ->required()
        ->check(CLI::PositiveNumber);
    if (verb == JobsOptions::Verb::Show) {
        action->add_option("--limit", drafts.jobs.limit, "At most so many failures (default: all)")->type_name("N");
    }
    if (verb == JobsOptions::Verb::Rate) {
        action->add_option("RATE", drafts.jobs.ratePerSecond, "Messages per second; 0: as fast as it goes")
            ->required()
            ->check(CLI::NonNegativeNumber);
    }
    if (verb == JobsOptions::Verb::Resume) {
        addDuration(*action, "--drain-timeout", drafts.jobs.drainTimeout,
                    "Longest wait for what is in flight after a signal (default 10s)");
    }
    action->callback([&drafts, verb] {
        drafts.jobs.verb = verb;
        drafts.command = [&drafts] { return drafts.jobs; };
    });
}

} // namespace

void addJobsCommands(CLI::App& app, CommandDrafts& drafts) {
    using Verb = JobsOptions::Verb;
    CLI::App* jobs = addCommand(app, "jobs", "Resend jobs: dead letters that are being sent again.", "");
    jobs->require_subcommand(1);
    CLI::App* list = addCommand(*jobs, "list", "All resend jobs, newest first.", "dashstreamctl jobs list --limit 5");
    list->add_option("--limit", drafts.jobs.limit, "At most so many (default: all)")->type_name("N");
    list->callback([&drafts] {
        drafts.jobs.verb = Verb::List;
        drafts.command = [&drafts] { return drafts.jobs; };
    });
    addJobAction(*jobs, drafts, Verb::Show, "show", "One job: how far it is, and what failed.",
                 "dashstreamctl jobs show 3");
    addJobAction(*jobs, drafts, Verb::Pause, "pause", "Sends nothing more of it until it is resumed.",
                 "dashstreamctl jobs pause 3");
    addJobAction(
        *jobs, drafts, Verb::Resume, "resume",
        "Goes on with it, through the process that holds the profile. When none does, it runs here until it is "
        "over (exit code 1 when some failed).",
        "dashstreamctl jobs resume 3");
    addJobAction(*jobs, drafts, Verb::Cancel, "cancel", "Ends it; what was not sent stays a dead letter.",
                 "dashstreamctl jobs cancel 3");
    addJobAction(*jobs, drafts, Verb::Rate, "rate", "How fast it sends, from now on.", "dashstreamctl jobs rate 3 500");
}

} // namespace dashstream::app
