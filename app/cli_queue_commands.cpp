// dead and retries: what was not delivered yet, or not at all.
#include "app/cli_commands.h"

namespace dashstream::app {

namespace {

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

void addDeadShow(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* show = addCommand(dead, "show",
                                "One dead letter whole: cause, attempts, decoded content, payload in base64 with "
                                "--json.",
                                "dashstreamctl dead show 17");
    show->add_option_function<std::string>(
            "ID",
            [&options](const std::string& text) {
                options.selection.ids = orThrow(parseIds(text));
                if (options.selection.ids.size() != 1 ||
                    options.selection.ids.front().first != options.selection.ids.front().last) {
                    throw CLI::ValidationError("dead show takes one id");
                }
            },
            "Its id, as 'dead list' shows it")
        ->required();
    show->callback([&options, chosen] {
        options.verb = DeadOptions::Verb::Show;
        chosen();
    });
}

void addDeadResend(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* resend =
        addCommand(dead, "resend",
                   "Sends dead letters again and waits until each is delivered or has failed again (exit code 1). "
                   "Through the process that holds the profile, or by itself when none does. Without a terminal it "
                   "needs --yes.",
                   "dashstreamctl dead resend --where TOPIC_AUTHORIZATION_FAILED --rate 100 --yes");
    addIds(*resend, options.selection);
    resend
        ->add_option("--where", options.selection.where,
                     "Those with this text in thread, tenant, topic, error code or error text (in this version a "
                     "text search, no expression)")
        ->type_name("TEXT");
    resend->add_flag("--all", options.selection.all, "Every open one");
    resend->add_flag("--dry-run", options.dryRun, "Only say what would be sent");
    resend->add_option("--rate", options.ratePerSecond, "Messages per second (default 0: as fast as it goes)")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber);
    resend->add_flag("--yes", options.yes, "Do not ask");
    addDuration(*resend, "--drain-timeout", options.drainTimeout,
                "Longest wait for what is in flight after a signal (default 10s)");
    resend->callback([&options, chosen] {
        options.verb = DeadOptions::Verb::Resend;
        chosen();
    });
}

void addTrace(CLI::App& app, Selection& selection) {
    app.add_option("--trace", selection.trace,
                   "Those of this trace: its W3C trace id (32 hex digits), a whole traceparent, or the trace id of a "
                   "dead letter's copy")
        ->type_name("ID");
}

void addDeadCopy(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* copy =
        addCommand(dead, "copy",
                   "Makes the copies in the dead letter topic that are refused, or that were not wanted when the "
                   "message died, and waits for them (exit code 1 when some are not made). Copies are made by "
                   "themselves otherwise.",
                   "dashstreamctl dead copy --retry");
    addIds(*copy, options.selection);
    copy->add_option("--where", options.selection.where,
                     "Those with this text in thread, tenant, topic, error or trace id")
        ->type_name("TEXT");
    copy->add_flag("--retry", options.retryCopies, "Every copy that is refused");
    copy->add_flag("--all", options.selection.all, "Every dead letter without a copy");
    addDuration(*copy, "--timeout", options.waitFor, "How long to wait for them (default 10s)");
    copy->callback([&options, chosen] {
        const int ways = (options.selection.ids.empty() ? 0 : 1) + (options.selection.where.empty() ? 0 : 1) +
                         (options.retryCopies ? 1 : 0) + (options.selection.all ? 1 : 0);
        if (ways != 1) {
            throw CLI::ValidationError("dead copy needs one of --id, --where, --retry and --all");
        }
        options.verb = DeadOptions::Verb::Copy;
        chosen();
    });
}

void addDead(CLI::App& app, CommandDrafts& drafts) {
    DeadOptions& options = drafts.dead;
    const std::function<void()> chosen = [&drafts] { drafts.command = [&drafts] { return drafts.dead; }; };
    CLI::App* dead = addCommand(app, "dead", "Dead letters: list, show, resend, copy.", "");
    dead->require_subcommand(1);
    CLI::App* list = addCommand(*dead, "list", "Dead letters, newest first.",
                                "dashstreamctl dead list --where MSG_TIMED_OUT --limit 20");
    addIds(*list, options.selection);
    list->add_option(
            "--where", options.selection.where,
            "Those with this text in thread, tenant, topic, error or trace id (in this version a text search, no "
            "expression)")
        ->type_name("TEXT");
    list->add_option("--limit", options.limit, "At most so many (default: all)")->type_name("N");
    addTrace(*list, options.selection);
    list->add_option("--copy", options.copyState, "Those whose copy in the dead letter topic is so")
        ->check(CLI::IsMember({"none", "pending", "copied", "refused"}));
    list->add_flag("--every-state", options.everyState, "Those already sent again or discarded, too");
    list->callback([&options, chosen] {
        options.verb = DeadOptions::Verb::List;
        chosen();
    });
    addDeadShow(*dead, options, chosen);
    addDeadResend(*dead, options, chosen);
    addDeadCopy(*dead, options, chosen);
}

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
    addDead(app, drafts);
    addRetries(app, drafts);
}

} // namespace dashstream::app
