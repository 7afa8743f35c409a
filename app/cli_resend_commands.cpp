// dead resend, dead edit.
#include "app/cli_commands.h"

namespace dashstream::app {

namespace {

constexpr std::size_t kReplaceParts = 3; ///< field, expression, text

void addResendOptions(CLI::App& app, DeadOptions& options, const char* dryRun) {
    addDeadIds(app, options);
    addWhere(app, options.selection);
    addDeadTopic(app, options);
    app.add_flag("--all", options.selection.all, "Every open one");
    app.add_flag("--dry-run", options.dryRun, dryRun);
    app.add_option("--rate", options.ratePerSecond, "Messages per second (default 50; 0: as fast as it goes)")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--to", options.to,
                   "To this topic (default: the configured one; with --topic the one that the records failed in)")
        ->type_name("TOPIC");
    app.add_option("--canary", options.canary, "So many first, then a wait and a look at the failures")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber);
    addDuration(app, "--canary-wait", options.canaryWait, "How long it waits after them (default 10s)");
    app.add_option("--max-failed", options.maxFailedPercent,
                   "Pauses by itself when more than so many of a hundred fail (default 10; 100: never)")
        ->type_name("PERCENT")
        ->check(CLI::Range(0, 100));
    app.add_flag("--quarantined-too", options.quarantinedToo,
                 "Those too that failed three times after they were sent again");
    app.add_flag("--yes", options.yes, "Do not ask");
    addDuration(app, "--drain-timeout", options.drainTimeout,
                "Longest wait for what is in flight after a signal (default 10s)");
}

void checkSelection(const DeadOptions& options, const std::string& command) {
    checkDeadTopic(options);
    const int ways = (options.selection.ids.empty() && options.places.empty() ? 0 : 1) +
                     (options.selection.where.empty() ? 0 : 1) + (options.selection.all ? 1 : 0);
    if (!options.topic.empty() && ways != 1) {
        throw CLI::ValidationError(command + " --topic needs one of --id, --where and --all");
    }
}

/// "event.node_id=planner"
mend::Edit settingFrom(const std::string& text) {
    std::size_t equals = 0;
    for (bool quoted = false; equals < text.size() && (quoted || text[equals] != '='); ++equals) {
        quoted = quoted != (text[equals] == '"');
    }
    if (equals == text.size()) {
        throw CLI::ValidationError("--set takes FIELD=VALUE");
    }
    return {mend::EditKind::Set,
            text.substr(0, equals),
            orThrow(mend::valueFrom(std::string_view(text).substr(equals + 1))),
            {},
            {}};
}

/// In the order in which they were given.
void addEdits(CLI::App& app, DeadOptions& options) {
    app.add_option_function<std::vector<std::string>>(
           "--set",
           [&options](const std::vector<std::string>& texts) {
               for (const std::string& text : texts) {
                   options.edits.push_back(settingFrom(text));
               }
           },
           "A field gets this value: JSON, or a text where it is none. A field is written as event.node_id, "
           "*.header.tenant_id, event_batch.events[0].node_id, **.email; 'dead show ID --json' shows them. Repeatable")
        ->type_name("FIELD=VALUE")
        ->allow_extra_args(false)
        ->trigger_on_parse(); // in the order of the command line
    app.add_option_function<std::vector<std::string>>(
           "--remove",
           [&options](const std::vector<std::string>& fields) {
               for (const std::string& field : fields) {
                   options.edits.push_back({mend::EditKind::Remove, field, {}, {}, {}});
               }
           },
           "A field is taken away where it is there; repeatable")
        ->type_name("FIELD")
        ->allow_extra_args(false)
        ->trigger_on_parse(); // in the order of the command line
    app.add_option_function<std::vector<std::string>>(
           "--replace",
           [&options](const std::vector<std::string>& texts) {
               for (std::size_t i = 0; i + kReplaceParts <= texts.size(); i += kReplaceParts) {
                   options.edits.push_back({mend::EditKind::Replace, texts[i], {}, texts[i + 1], texts[i + 2]});
               }
           },
           "In this field, or in those that it stands for, each match of a regular expression (RE2) is replaced by "
           R"(the text; \1 to \9 are its groups. Repeatable)")
        ->type_name("FIELD EXPRESSION TEXT")
        ->type_size(static_cast<int>(kReplaceParts))
        ->expected(-1)
        ->allow_extra_args(false)
        ->trigger_on_parse(); // in the order of the command line
    app.add_option(
           "--edits", options.editsFile,
           R"(More of them from a file, made after the others, - for stdin: a JSON list of {"set": FIELD, "to": VALUE}, )"
           R"({"remove": FIELD} and {"replace": FIELD, "pattern": EXPRESSION, "with": TEXT})")
        ->type_name("FILE");
    app.add_option("--content", options.contentFile,
                   "A single message written anew, before the other changes: JSON from a file, - for stdin, as "
                   "'message' in 'dead show ID --json'")
        ->type_name("FILE");
}

void addEdit(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* edit = addCommand(
        dead, "edit",
        "Sends dead letters again as 'dead resend' does, changed: says first how many the edits change, shows the "
        "first ten place by place, and names those they do not fit. An edited message gets a new id and the old one as "
        "its parent; thread and sequence stay. The letters stay as they are. One that the edits do not fit is not sent "
        "and stays a dead letter.",
        R"(dashstreamctl dead edit --where 'error ~ "unknown tenant"' --set '*.header.tenant_id=acme' --dry-run)");
    addResendOptions(*edit, options, "Only say what would be changed (exit code 1 when the edits do not fit some)");
    addEdits(*edit, options);
    edit->callback([&options, chosen] {
        checkSelection(options, "dead edit");
        if (options.edits.empty() && options.editsFile.empty() && options.contentFile.empty()) {
            throw CLI::ValidationError("dead edit needs --set, --remove, --replace, --edits or --content");
        }
        options.verb = DeadOptions::Verb::Edit;
        chosen();
    });
}

} // namespace

void addResendCommands(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* resend =
        addCommand(dead, "resend",
                   "Sends dead letters again as a job, and waits until each is delivered or has failed again (exit "
                   "code 1). Through the process that holds the profile, or by itself when none does. Without a "
                   "terminal it needs --yes. A job goes on after a crash without sending any message twice; 'jobs' "
                   "shows, pauses and cancels it.",
                   "dashstreamctl dead resend --where 'error = TOPIC_AUTHORIZATION_FAILED' --rate 100 --yes");
    addResendOptions(*resend, options, "Only say what would be sent");
    resend->callback([&options, chosen] {
        checkSelection(options, "dead resend");
        options.verb = DeadOptions::Verb::Resend;
        chosen();
    });
    addEdit(dead, options, chosen);
}

} // namespace dashstream::app
