#include "app/console_options.h"

#include "app/cli_commands.h"
#include "app/cli_values.h"
#include "app/versions.h"

#include <CLI/CLI.hpp>

#include <sstream>

namespace dashstream::app {
namespace {

constexpr const char* kDescription = "Sends DashStream telemetry to Kafka and shows what is in flight, what waits, "
                                     "what died and why. The same without a "
                                     "display: dashstreamctl.";
constexpr const char* kPages[] = {"overview", "sources", "retry-queue",   "dead-letters",
                                  "threads",  "brokers", "configuration", "log"};

void addLaunchOptions(CLI::App& app, LaunchOptions& launch) {
    app.add_option("--profile", launch.profile, "Profile to use: its settings and its store (default: default)")
        ->type_name("NAME");
    app.add_option("--config", launch.configFile, "Read this settings file instead of the profile's")
        ->type_name("FILE");
    app.add_option("--data-dir", launch.dataDir, "Keep the store in this folder instead of the profile's")
        ->type_name("DIR");
    app.add_option_function<std::vector<std::string>>(
           "--set",
           [&launch](const std::vector<std::string>& texts) {
               for (const std::string& text : texts) {
                   launch.sets.push_back(orThrow(parseSet(text)));
               }
           },
           "Set one key for this run; repeatable, wins over file and environment")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.add_flag("--demo", launch.demo,
                 "Use an embedded mock cluster of three brokers; profile demo unless --profile is given");
}

EarlyExit exitOf(const CLI::App& app, const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    if (app.exit(error, out, err) == 0) {
        return {ExitCode::Done, out.str(), err.str()};
    }
    return {ExitCode::Usage,
            {},
            std::string("dashstream-console: ") + error.what() +
                "\n'dashstream-console --help' says what is possible.\n"};
}

tl::expected<ConsoleLine, EarlyExit> parse(int argc, const char* const* argv) {
    CLI::App app(kDescription, "dashstream-console");
    app.set_version_flag("--version", versionText(), "Versions of this program and of the libraries that run");
    ConsoleLine line;
    addLaunchOptions(app, line.launch);
    app.add_option("--page", line.page, "Show this page first")
        ->type_name("NAME")
        ->check(CLI::IsMember(std::vector<std::string>(std::begin(kPages), std::end(kPages))));
    app.add_option("--source", line.source, "Start this source at once, as 'dashstreamctl produce' takes it")
        ->type_name("SOURCE");
    app.add_option("--measure-gui", line.measureGuiSeconds,
                   "Run for so many seconds, then print the gaps of the event loop as one JSON object and end")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.1, 86'400.0));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return tl::unexpected(exitOf(app, error));
    }
    if (line.launch.demo && app.get_option("--profile")->count() == 0) {
        line.launch.profile = "demo";
    }
    return line;
}

} // namespace

tl::expected<ConsoleLine, EarlyExit> parseConsoleLine(int argc, const char* const* argv) {
    try {
        return parse(argc, argv);
    } catch (const std::exception&) {
        return tl::unexpected(
            EarlyExit{ExitCode::Usage, {}, "dashstream-console: the command line could not be read.\n"});
    }
}

} // namespace dashstream::app
