#include "app/cli_commands.h"

#include "core/config/option_table.h"

#include <algorithm>

namespace dashstream::app {

namespace {

void addStatus(CLI::App& app, CommandDrafts& drafts) {
    CLI::App* status = addCommand(app, "status",
                                  "Accounting, backlog by partition and age, and what is wrong now: from the process "
                                  "that holds the profile, or else from its store.",
                                  "dashstreamctl --json status");
    status->callback([&drafts] { drafts.command = [] { return StatusOptions{}; }; });
}

void addSequences(CLI::App& app, CommandDrafts& drafts) {
    CLI::App* sequences = addCommand(app, "sequences", "The sequence numbers of the threads.", "");
    sequences->require_subcommand(1);
    CLI::App* list =
        addCommand(*sequences, "list", "Every thread with its next number, the last delivered one and counts.",
                   "dashstreamctl sequences list --prefix order- --limit 20");
    list->add_option("--prefix", drafts.sequences.prefix, "Only threads whose name begins so")->type_name("TEXT");
    list->add_option("--limit", drafts.sequences.limit, "At most so many, most recently used first (default: all)")
        ->type_name("N");
    const auto choose = [&drafts](SequencesOptions::Verb verb) {
        return [&drafts, verb] {
            drafts.sequences.verb = verb;
            drafts.command = [&drafts] { return drafts.sequences; };
        };
    };
    list->callback(choose(SequencesOptions::Verb::List));

    CLI::App* forget = addCommand(
        *sequences, "forget",
        "Forgets threads: one that comes again begins at 1. Threads with messages under way or waiting stay. "
        "It is in the audit log. Without a terminal it needs --yes.",
        "dashstreamctl sequences forget --idle 90d --dry-run");
    forget->add_option("--thread", drafts.sequences.threads, "This thread; repeatable")
        ->type_name("NAME")
        ->allow_extra_args(false);
    forget
        ->add_option_function<std::string>(
            "--idle", [&drafts](const std::string& text) { drafts.sequences.idle = orThrow(parseDuration(text)); },
            "Those that nobody used for so long, such as 12h or 30d")
        ->type_name("AGE");
    forget->add_flag("--dry-run", drafts.sequences.dryRun, "Only say which");
    forget->add_flag("--yes", drafts.sequences.yes, "Do not ask");
    forget->callback(choose(SequencesOptions::Verb::Forget));

    CLI::App* seed = addCommand(
        *sequences, "seed",
        "Gives a store the numbers that the topic already has, so that its threads go on after them: reads the "
        "whole topic, and writes only where the store has nothing or less. Refused while messages are in "
        "flight or wait in the retry queue.",
        "dashstreamctl sequences seed --from-topic");
    seed->add_flag("--from-topic", drafts.sequences.fromTopic, "From the configured topic (kafka.topic)")->required();
    addDuration(*seed, "--timeout", drafts.sequences.timeout,
                "Longest wait for the cluster's first answer (default 10s)");
    seed->callback(choose(SequencesOptions::Verb::Seed));
}

void addCluster(CLI::App& app, CommandDrafts& drafts) {
    const auto choose = [&drafts](ClusterOptions::Verb verb) {
        return [&drafts, verb] {
            drafts.cluster.verb = verb;
            drafts.command = [&drafts] { return drafts.cluster; };
        };
    };
    CLI::App* brokers =
        addCommand(app, "brokers", "The brokers and the topic's partitions: leader, replicas, in-sync replicas.",
                   "dashstreamctl --set kafka.bootstrap_servers=kafka:9092 brokers");
    addDuration(*brokers, "--timeout", drafts.cluster.timeout, "Longest wait for the cluster (default 10s)");
    brokers->callback(choose(ClusterOptions::Verb::Brokers));
    CLI::App* health = addCommand(app, "health",
                                  "Readiness in one line: the cluster answers, every partition of the topic has a "
                                  "leader, and a shared limit's Redis answers. Exit code 3 when not.",
                                  "dashstreamctl health --timeout 3s");
    addDuration(*health, "--timeout", drafts.cluster.healthTimeout,
                "Longest wait for whoever is asked (default 1s; more for a cluster that is far away)");
    health->callback(choose(ClusterOptions::Verb::Health));
}

/// "  key    what it does", a line for each row of the option table.
std::string settingsHelp() {
    std::size_t widest = 0;
    for (const config::OptionSpec& option : config::options()) {
        widest = std::max(widest, option.key.size());
    }
    std::string text;
    for (const config::OptionSpec& option : config::options()) {
        text += "  " + std::string(option.key) + std::string(widest - option.key.size() + 2, ' ') +
                std::string(option.help) + "\n";
    }
    return text;
}

void addConfig(CLI::App& app, CommandDrafts& drafts) {
    const auto choose = [&drafts](ConfigOptions::Verb verb) {
        return [&drafts, verb] {
            drafts.config.verb = verb;
            drafts.command = [&drafts] { return drafts.config; };
        };
    };
    CLI::App* config = addCommand(app, "config", "The settings: check, show, list.", "");
    config->require_subcommand(1);
    config->footer("Settings, for --set KEY=VALUE and the profile file; 'dashstreamctl config keys' says more:\n" +
                   settingsHelp());
    CLI::App* check = addCommand(*config, "check",
                                 "Reads the settings and says everything that is wrong with them: key, value, rule, "
                                 "remedy. Exit code 2 when one of them is an error.",
                                 "dashstreamctl --config new.toml config check");
    check->callback(choose(ConfigOptions::Verb::Check));
    CLI::App* show = addCommand(*config, "show", "Every effective value; secrets are hidden.",
                                "dashstreamctl --profile prod config show --origin");
    show->add_flag("--origin", drafts.config.origin, "Where each value comes from: default, file, environment, --set");
    show->callback(choose(ConfigOptions::Verb::Show));
    CLI::App* keys = addCommand(
        *config, "keys", "Every key with its type, default, range, when a change applies, and where its rule is from.",
        "dashstreamctl --json config keys");
    keys->callback(choose(ConfigOptions::Verb::Keys));
}

void addStore(CLI::App& app, CommandDrafts& drafts) {
    const auto choose = [&drafts](StoreCareOptions::Verb verb) {
        return [&drafts, verb] {
            drafts.store.verb = verb;
            drafts.command = [&drafts] { return drafts.store; };
        };
    };
    CLI::App* store =
        addCommand(app, "store", "The profile's store and journal on disk: are they whole, save what is in them.", "");
    store->require_subcommand(1);
    CLI::App* check =
        addCommand(*store, "check",
                   "Reads every page, index and message of the store and every record of the journal, and "
                   "says what is damaged; changes nothing. Exit code 1 when something is.",
                   "dashstreamctl store check");
    check->callback(choose(StoreCareOptions::Verb::Check));
    CLI::App* rescue = addCommand(
        *store, "rescue",
        "Copies every unsettled message that can be read into a new file of frames, also out of a damaged "
        "store or journal; changes nothing. 'produce frames:FILE' sends them, with new sequence numbers. Exit code 1 "
        "when some could not be read.",
        "dashstreamctl store rescue --dead saved.frames");
    rescue->add_option("FILE", drafts.store.file, "A new file; - is stdout")->required();
    rescue->add_flag("--dead", drafts.store.withDead, "Open dead letters as well");
    rescue->callback(choose(StoreCareOptions::Verb::Rescue));
    CLI::App* backup =
        addCommand(*store, "backup",
                   "Copies store and journal as they are at one moment into a new folder, while they may "
                   "be in use. To use the copy, name it with --data-dir; not while the original is in use.",
                   "dashstreamctl store backup /backup/monday");
    backup->add_option("FOLDER", drafts.store.file, "A new folder")->required();
    backup->callback(choose(StoreCareOptions::Verb::Backup));
}

} // namespace

CLI::App* addCommand(CLI::App& parent, const std::string& name, const std::string& help, const std::string& example) {
    CLI::App* command = parent.add_subcommand(name, help);
    command->fallthrough();
    if (!example.empty()) {
        command->footer(
            "Global options (--profile, --set, --demo, --json, …): 'dashstreamctl --help'.\n\nExample:\n  " + example +
            "\n");
    }
    return command;
}

CLI::Option* addDuration(CLI::App& app, const std::string& name, milliseconds& target, const std::string& help) {
    return app
        .add_option_function<std::string>(
            name, [&target](const std::string& text) { target = orThrow(parseDuration(text)); }, help)
        ->type_name("DURATION");
}

void addCommands(CLI::App& app, CommandDrafts& drafts) {
    addMessageCommands(app, drafts);
    addStatus(app, drafts);
    addSequences(app, drafts);
    addQueueCommands(app, drafts);
    addCluster(app, drafts);
    addConfig(app, drafts);
    addStore(app, drafts);
    addAuditCommands(app, drafts);
}

namespace {

int waysOf(const Selection& selection) {
    return static_cast<int>(!selection.ids.empty()) + static_cast<int>(!selection.where.empty()) +
           static_cast<int>(!selection.thread.empty()) + static_cast<int>(selection.all);
}

/// What acts needs to be told on what, in exactly one way.
Result<void> checkSelection(const Selection& selection, const char* ways) {
    if (waysOf(selection) != 1) {
        return fail(ErrorClass::Usage, "usage.selection",
                    waysOf(selection) == 0 ? "Nothing is selected" : "The selection is given in more than one way",
                    std::string("Give exactly one of ") + ways + ".");
    }
    return {};
}

} // namespace

Result<Command> CommandDrafts::chosen() const {
    if (!command) {
        return fail(ErrorClass::Usage, "usage.command", "No command is given", "See 'dashstreamctl --help'.");
    }
    Command result = command();
    if (const auto* deadOptions = std::get_if<DeadOptions>(&result);
        deadOptions != nullptr &&
        (deadOptions->verb == DeadOptions::Verb::Resend || deadOptions->verb == DeadOptions::Verb::Edit ||
         deadOptions->verb == DeadOptions::Verb::Discard || deadOptions->verb == DeadOptions::Verb::Restore)) {
        if (auto checked = checkSelection(deadOptions->selection, "--id, --where and --all"); !checked) {
            return fail(checked.error());
        }
    }
    if (const auto* retryOptions = std::get_if<RetriesOptions>(&result);
        retryOptions != nullptr && retryOptions->verb != RetriesOptions::Verb::List) {
        if (auto checked = checkSelection(retryOptions->selection, "--id, --thread and --all"); !checked) {
            return fail(checked.error());
        }
    }
    return result;
}

} // namespace dashstream::app
