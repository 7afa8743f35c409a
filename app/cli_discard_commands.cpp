// dead discard, dead restore.
#include "app/cli_commands.h"

namespace dashstream::app {

namespace {
void addSelection(CLI::App& command, DeadOptions& options, const char* all) {
    addIds(command, options.selection);
    addWhere(command, options.selection);
    command.add_flag("--all", options.selection.all, all);
}
} // namespace

void addDiscardCommands(CLI::App& dead, DeadOptions& options, const std::function<void()>& chosen) {
    CLI::App* discard =
        addCommand(dead, "discard",
                   "Discards dead letters that are of no use: they count as settled and are not sent again. 'dead "
                   "restore' takes it back for 30 days; then the process that holds the store removes them. Letters "
                   "that a resend job has at hand are left out (exit code 1). Through the process that holds the "
                   "profile, or on the store itself when none does. Without a terminal it needs --yes.",
                   "dashstreamctl dead discard --where 'tenant = test and time < -7d' --reason 'load test' --yes");
    addSelection(*discard, options, "Every open one");
    discard
        ->add_option("--reason", options.reason,
                     "Why; it stands beside each letter and in the audit log (one line, at most 500 bytes)")
        ->type_name("TEXT");
    discard->add_flag("--dry-run", options.dryRun, "Only say what would be discarded");
    discard->add_flag("--yes", options.yes, "Do not ask");
    discard->callback([&options, chosen] {
        options.verb = DeadOptions::Verb::Discard;
        chosen();
    });
    CLI::App* restore = addCommand(
        dead, "restore",
        "Makes discarded letters open dead letters again. 'dead list --state discarded' shows them, why they "
        "were discarded, and until when they can be restored. Without a terminal it needs --yes.",
        "dashstreamctl dead restore --id 17,20-25");
    addSelection(*restore, options, "Every discarded one");
    restore->add_flag("--dry-run", options.dryRun, "Only say what would be restored");
    restore->add_flag("--yes", options.yes, "Do not ask");
    restore->callback([&options, chosen] {
        options.verb = DeadOptions::Verb::Restore;
        chosen();
    });
}

} // namespace dashstream::app
