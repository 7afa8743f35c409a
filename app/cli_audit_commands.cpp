// audit: what operators did.
#include "app/cli_commands.h"

namespace dashstream::app {

namespace {

void addAuditVerify(CLI::App& audit, AuditOptions& options, const std::function<void()>& chosen) {
    CLI::App* verify =
        addCommand(audit, "verify",
                   "Says whether an entry of the audit log was changed, removed, reordered or put in behind the "
                   "program's back, and by the application log whether its end was cut off or all of it was written "
                   "anew. Exit code 1 when something is found.",
                   "dashstreamctl audit verify");
    verify
        ->add_option("--log", options.logFile,
                     "Compare with this application log, and what was rotated away from it, instead of the profile's")
        ->type_name("FILE");
    verify->callback([&options, chosen] {
        options.verb = AuditOptions::Verb::Verify;
        chosen();
    });
}

} // namespace

void addAuditCommands(CLI::App& app, CommandDrafts& drafts) {
    AuditOptions& options = drafts.audit;
    const std::function<void()> chosen = [&drafts] { drafts.command = [&drafts] { return drafts.audit; }; };
    CLI::App* audit = addCommand(app, "audit", "The audit log: who did what, when, on what.", "");
    audit->require_subcommand(1);
    CLI::App* list =
        addCommand(*audit, "list", "Entries of the audit log, newest first.", "dashstreamctl audit list --since 2h");
    list->add_option("--limit", options.limit, "At most so many (default: all)")->type_name("N");
    list->add_option_function<std::string>(
            "--since", [&options](const std::string& text) { options.since = orThrow(parseSince(text)); },
            "From then on: a time such as 2026-11-30T14:05, today or yesterday, or so long ago, such as 2h or 7d")
        ->type_name("TIME");
    list->callback([&options, chosen] {
        options.verb = AuditOptions::Verb::List;
        chosen();
    });
    addAuditVerify(*audit, options, chosen);
    CLI::App* save =
        addCommand(*audit, "export",
                   "Every entry with its hash as JSON Lines, oldest first, so that somebody else can follow the chain: "
                   "resources/docs/store-format.md describes it.",
                   "dashstreamctl audit export audit.jsonl");
    save->add_option("FILE", options.file, "A new file; - is stdout")->required();
    save->callback([&options, chosen] {
        options.verb = AuditOptions::Verb::Export;
        chosen();
    });
}

} // namespace dashstream::app
