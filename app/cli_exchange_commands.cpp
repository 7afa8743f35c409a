// dead export, dead import: dead letters as JSON Lines.
#include "app/cli_commands.h"

namespace dashstream::app {

namespace {

void addExport(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* command =
        addCommand(dead, "export",
                   "Writes dead letters whole as JSON Lines, one a line: message, attempts, states. 'dead import' "
                   "reads them. Ids and --all mean those of every state.",
                   "dashstreamctl dead export --where 'error ~ timeout' letters.jsonl");
    command->add_option("FILE", options.file, "A new file, or - for stdout")->required();
    addIds(*command, options.selection);
    addWhere(*command, options.selection);
    command->add_flag("--all", options.selection.all, "Every dead letter of the store");
    command->add_flag("--every-state", options.everyState, "With --where: those already sent again or discarded, too");
    command->add_flag("--replace", options.replace, "A file that is there is replaced");
    command->callback([&options, chosen] {
        const int ways = (options.selection.ids.empty() ? 0 : 1) + (options.selection.where.empty() ? 0 : 1) +
                         (options.selection.all ? 1 : 0);
        if (ways != 1) {
            throw CLI::ValidationError("dead export needs one of --id, --where and --all");
        }
        options.verb = DeadOptions::Verb::Export;
        chosen();
    });
}

void addImport(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* command = addCommand(
        dead, "import",
        "Takes dead letters of a file that 'dead export' made. The whole file is checked first; with a wrong "
        "line nothing is imported. A letter that the store has already is left out, so importing twice "
        "changes nothing. Through the process that holds the profile, or by itself when none does. Without "
        "a terminal it needs --yes.",
        "dashstreamctl dead import letters.jsonl --dry-run");
    command->add_option("FILE", options.file, "The file, or - for stdin")->required();
    command->add_flag("--dry-run", options.dryRun, "Only check the file and say what would be imported");
    command->add_flag("--leave-out-wrong", options.leaveOutWrong,
                      "Wrong lines are left out (exit code 1), and the rest is imported");
    command->add_flag("--yes", options.yes, "Do not ask");
    command->callback([&options, chosen] {
        options.verb = DeadOptions::Verb::Import;
        chosen();
    });
}

} // namespace

void addDeadExchange(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    addExport(dead, options, chosen);
    addImport(dead, options, chosen);
}

} // namespace dashstream::app
