// retries: what was not delivered yet.
#include "app/cli_commands.h"

namespace dashstream::app {

void addIds(CLI::App& app, Selection& selection) {
    app.add_option_function<std::vector<std::string>>(
           "--id",
           [&selection](const std::vector<std::string>& texts) {
               for (const std::string& text : texts) {
                   for (const IdRange& range : orThrow(parseIds(text))) {
                       selection.ids.push_back(range);
                   }
               }
           },
           "An id, a range such as 3-9, or a list with commas; repeatable")
        ->type_name("ID")
        ->allow_extra_args(false);
}

void addTrace(CLI::App& app, Selection& selection) {
    app.add_option("--trace", selection.trace,
                   "Those of this trace: its W3C trace id (32 hex digits), a whole traceparent, or the trace id of a "
                   "dead letter's copy")
        ->type_name("ID");
}

namespace {

void addRetryAction(CLI::App& retries, CommandDrafts& drafts, RetriesOptions::Verb verb, const char* name,
                    const char* help, const char* example) {
    CLI::App* action = addCommand(retries, name, help, example);
    addIds(*action, drafts.retries.selection);
    action->add_option("--thread", drafts.retries.selection.thread, "Those of this thread")->type_name("NAME");
    action->add_flag("--all", drafts.retries.selection.all, "All that wait");
    if (verb == RetriesOptions::Verb::GiveUp) {
        action->add_flag("--yes", drafts.retries.yes, "Do not ask");
    }
    action->callback([&drafts, verb] {
        drafts.retries.verb = verb;
        drafts.command = [&drafts] { return drafts.retries; };
    });
}

void addRetries(CLI::App& app, CommandDrafts& drafts) {
    CLI::App* retries =
        addCommand(app, "retries", "What failed and waits for another try, or waits for its partition.", "");
    retries->require_subcommand(1);
    CLI::App* list =
        addCommand(*retries, "list", "The retry queue, longest waiting first.", "dashstreamctl --json retries list");
    list->add_option("--thread", drafts.retries.selection.thread, "Those of this thread")->type_name("NAME");
    list->add_option("--where", drafts.retries.selection.where,
                     "Those with this text in thread, tenant, cause or trace id")
        ->type_name("TEXT");
    addTrace(*list, drafts.retries.selection);
    list->add_option("--limit", drafts.retries.limit, "At most so many (default: all)")->type_name("N");
    list->callback([&drafts] {
        drafts.retries.verb = RetriesOptions::Verb::List;
        drafts.command = [&drafts] { return drafts.retries; };
    });
    addRetryAction(*retries, drafts, RetriesOptions::Verb::Retry, "retry",
                   "Tries again at once what waits for its next try, through the process that holds the profile.",
                   "dashstreamctl retries retry --thread order-17");
    addRetryAction(*retries, drafts, RetriesOptions::Verb::GiveUp, "give-up",
                   "Makes dead letters of what waits, through the process that holds the profile. What librdkafka "
                   "holds is not given up. Without a terminal it needs --yes.",
                   "dashstreamctl retries give-up --id 3-9 --yes");
}

} // namespace

void addQueueCommands(CLI::App& app, CommandDrafts& drafts) {
    addDeadCommands(app, drafts);
    addJobsCommands(app, drafts);
    addRetries(app, drafts);
}

} // namespace dashstream::app
