#include "app/cli_options.h"

#include "app/cli_commands.h"
#include "app/versions.h"

#include <CLI/CLI.hpp>

#include <sstream>

namespace dashstream::app {

namespace {

constexpr const char* kDescription =
    "Sends DashStream telemetry to Kafka, and shows and mends what did not arrive. Reads the same profiles and does "
    "the same as dashstream-console, without a display.";

constexpr const char* kFooter =
    "Exit codes:\n"
    "  0  done\n"
    "  1  done, but something was rejected, died, or a check found something\n"
    "  2  wrong usage or configuration\n"
    "  3  cluster or service not reachable or not ready\n"
    "  4  interrupted, all state kept\n"
    "\n"
    "Durations take ms, s, m or h; a bare number is seconds. Sizes take B, KiB, MiB or GiB.\n"
    "'dashstreamctl COMMAND --help' says more about one command.\n"
    "\n"
    "Example:\n"
    "  dashstreamctl --demo --json produce generate:count=5000,threads=50\n";

void addGlobals(CLI::App& app, GlobalOptions& options) {
    app.add_option("--profile", options.launch.profile, "Profile to use: its settings and its store (default: default)")
        ->type_name("NAME");
    app.add_option("--config", options.launch.configFile, "Read this settings file instead of the profile's")
        ->type_name("FILE");
    app.add_option("--data-dir", options.launch.dataDir, "Keep the store in this folder instead of the profile's")
        ->type_name("DIR");
    app.add_option_function<std::vector<std::string>>(
           "--set",
           [&options](const std::vector<std::string>& texts) {
               for (const std::string& text : texts) {
                   options.launch.sets.push_back(orThrow(parseSet(text)));
               }
           },
           "Set one key for this run; repeatable, wins over file and environment")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.add_flag("--demo", options.launch.demo,
                 "Use an embedded mock cluster of three brokers; bounded delivery with short times; profile demo "
                 "unless --profile is given");
    app.add_flag("--json", options.json, "Machine-readable output on stdout, and nothing else there");
    app.add_flag("--quiet", options.quiet, "No notes on stderr, only errors");
    app.add_flag("--progress", options.progress, "Progress on stderr once a second, also where it is no terminal");
    app.add_option("--log-level", options.launch.logLevel, "Level of the log file: debug, info, warning, error")
        ->type_name("LEVEL")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
}

EarlyExit exitOf(const CLI::App& app, const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    if (code == 0) {
        return {ExitCode::Done, out.str(), err.str()};
    }
    std::string text = "dashstreamctl: ";
    text += error.what();
    text += "\n'dashstreamctl --help' and 'dashstreamctl COMMAND --help' say what is possible.\n";
    return {ExitCode::Usage, {}, std::move(text)};
}

tl::expected<CommandLine, EarlyExit> parse(int argc, const char* const* argv) {
    CLI::App app(kDescription, "dashstreamctl");
    app.footer(kFooter);
    app.set_version_flag("--version", versionText(), "Versions of this program and of the libraries that run");
    app.require_subcommand(1);
    app.fallthrough();
    CommandDrafts drafts;
    GlobalOptions global;
    addGlobals(app, global);
    addCommands(app, drafts);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return tl::unexpected(exitOf(app, error));
    }
    if (global.launch.demo && app.count("--profile") == 0) {
        global.launch.profile = "demo";
    }
    auto command = drafts.chosen();
    if (!command) {
        return tl::unexpected(EarlyExit{ExitCode::Usage, {}, "dashstreamctl: " + command.error().text() + "\n"});
    }
    return CommandLine{std::move(global), std::move(*command)};
}

} // namespace

tl::expected<CommandLine, EarlyExit> parseCommandLine(int argc, const char* const* argv) {
    try {
        return parse(argc, argv);
    } catch (const std::exception&) {
        return tl::unexpected(EarlyExit{ExitCode::Usage, {}, "dashstreamctl: the command line cannot be read\n"});
    }
}

} // namespace dashstream::app
