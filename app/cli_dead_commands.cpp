// dead: what the producer gave up on.
#include "app/cli_commands.h"

namespace dashstream::app {

void addWhere(CLI::App& app, Selection& selection) {
    app.add_option(
           "--where", selection.where,
           "Those that a filter finds, e.g. 'error ~ timeout and tenant = acme and time > -2h'; words alone are "
           "searched for in content and error. 'dead fields' lists what can be asked")
        ->type_name("FILTER");
}

namespace {

/// "7", "3-9", or with --topic "2:17": partition and offset.
void takeId(const std::string& text, DeadOptions& options) {
    if (text.find(':') != std::string::npos) {
        for (const auto& place : orThrow(parsePlaces(text))) {
            options.places.push_back(place);
        }
        return;
    }
    for (const IdRange& range : orThrow(parseIds(text))) {
        options.selection.ids.push_back(range);
    }
}

} // namespace

void addDeadIds(CLI::App& app, DeadOptions& options) {
    app.add_option_function<std::vector<std::string>>(
           "--id",
           [&options](const std::vector<std::string>& texts) {
               for (const std::string& text : texts) {
                   takeId(text, options);
               }
           },
           "An id, a range such as 3-9, or a list with commas; with --topic PARTITION:OFFSET; repeatable")
        ->type_name("ID")
        ->allow_extra_args(false);
}

void addDeadTopic(CLI::App& app, DeadOptions& options) {
    app.add_option("--topic", options.topic,
                   "Not this store's dead letters, but the records of this dead letter topic, whoever wrote them: "
                   "DashStream, Spring, Kafka Connect, Kafka Streams, … It is only read, nothing is committed")
        ->type_name("TOPIC");
    addDuration(app, "--timeout", options.connectTimeout, "Longest wait for the topic's first answer (default 10s)");
}

/// What does not go together with --topic, or not without it.
void checkDeadTopic(const DeadOptions& options) {
    if (options.topic.empty() && !options.places.empty()) {
        throw CLI::ValidationError("an id PARTITION:OFFSET needs --topic");
    }
    if (!options.topic.empty() && !options.selection.ids.empty()) {
        throw CLI::ValidationError("with --topic an id is PARTITION:OFFSET, as 'dead list --topic' shows it");
    }
    if (!options.topic.empty() && !options.places.empty() && !options.selection.where.empty()) {
        throw CLI::ValidationError("give --id or --where, not both");
    }
    if (!options.topic.empty() && (!options.copyState.empty() || !options.selection.trace.empty())) {
        throw CLI::ValidationError("--copy and --trace are for this store's dead letters; use --where with --topic");
    }
}

namespace {

void addDeadGroups(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* groups = addCommand(dead, "groups",
                                  "Open dead letters counted by what they have in common: cause (the error without "
                                  "numbers, ids and addresses), topic, tenant, thread, type or day.",
                                  "dashstreamctl dead groups --by cause --where 'time > -1d'");
    groups->add_option("--by", options.groupBy, "What they are counted by (default cause)")
        ->check(CLI::IsMember({"cause", "topic", "tenant", "thread", "type", "day"}));
    addWhere(*groups, options.selection);
    addDeadTopic(*groups, options);
    groups->add_option("--limit", options.limit, "At most so many groups (default: 1000)")->type_name("N");
    groups->add_flag("--every-state", options.everyState, "Count those already sent again or discarded, too");
    groups->callback([&options, chosen] {
        options.verb = DeadOptions::Verb::Groups;
        chosen();
    });
    CLI::App* fields =
        addCommand(dead, "fields", "What a filter may ask of dead letters, and how.", "dashstreamctl dead fields");
    fields->callback([&options, chosen] {
        options.verb = DeadOptions::Verb::Fields;
        chosen();
    });
}

void addDeadShow(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* show = addCommand(dead, "show",
                                "One dead letter whole: cause, attempts, decoded content, payload in base64 with "
                                "--json.",
                                "dashstreamctl dead show 17");
    show->add_option_function<std::string>(
            "ID",
            [&options](const std::string& text) {
                takeId(text, options);
                const std::vector<IdRange>& ids = options.selection.ids;
                if (ids.size() + options.places.size() != 1 ||
                    (!ids.empty() && ids.front().first != ids.front().last)) {
                    throw CLI::ValidationError("dead show takes one id");
                }
            },
            "Its id, as 'dead list' shows it")
        ->required();
    addDeadTopic(*show, options);
    show->callback([&options, chosen] {
        checkDeadTopic(options);
        options.verb = DeadOptions::Verb::Show;
        chosen();
    });
}

void addDeadCopy(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* copy =
        addCommand(dead, "copy",
                   "Makes the copies in the dead letter topic that are refused, or that were not wanted when the "
                   "message died, and waits for them (exit code 1 when some are not made). Copies are made by "
                   "themselves otherwise.",
                   "dashstreamctl dead copy --retry");
    addIds(*copy, options.selection);
    addWhere(*copy, options.selection);
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
    CLI::App* dead = addCommand(app, "dead", "Dead letters: find, understand, send again, discard.", "");
    dead->require_subcommand(1);
    CLI::App* list = addCommand(*dead, "list", "Dead letters, newest first.",
                                "dashstreamctl dead list --where 'error ~ timed and time > -2h' --limit 20");
    addDeadIds(*list, options);
    addWhere(*list, options.selection);
    addDeadTopic(*list, options);
    list->add_option("--limit", options.limit, "At most so many (default: all)")->type_name("N");
    addTrace(*list, options.selection);
    list->add_option("--copy", options.copyState, "Those whose copy in the dead letter topic is so")
        ->check(CLI::IsMember({"none", "pending", "copied", "refused"}));
    auto* every = list->add_flag("--every-state", options.everyState, "Those already sent again or discarded, too");
    list->add_option("--state", options.state, "Those in this state; of discarded ones: when, by whom, why, until when")
        ->check(CLI::IsMember({"open", "resent", "discarded"}))
        ->excludes(every);
    list->callback([&options, chosen] {
        checkDeadTopic(options);
        options.verb = DeadOptions::Verb::List;
        chosen();
    });
    addDeadShow(*dead, options, chosen);
    addDeadGroups(*dead, options, chosen);
    addResendCommands(*dead, options, chosen);
    addDeadCopy(*dead, options, chosen);
    addDeadExchange(*dead, options, chosen);
    addDiscardCommands(*dead, options, chosen);
}

} // namespace

void addDeadCommands(CLI::App& app, CommandDrafts& drafts) {
    addDead(app, drafts);
}

} // namespace dashstream::app
