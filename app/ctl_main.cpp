// dashstreamctl: parse, run one command, say its exit code.
#include "app/cli_options.h"
#include "app/commands/command.h"
#include "app/output.h"

#include <csignal>
#include <cstdio>

int main(int argc, char** argv) {
    using namespace dashstream;
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); // a reader that went away is a failed write
    const auto line = app::parseCommandLine(argc, argv);
    if (!line) {
        std::fputs(line.error().out.c_str(), stdout);
        std::fputs(line.error().err.c_str(), stderr);
        return app::toInt(line.error().code);
    }
    const app::GlobalOptions& global = line->global;
    app::Output output({global.json, global.quiet, global.progress}, stdout, stderr,
                       std::make_shared<observe::Redactor>());
    app::CommandContext context{global, app::processEnvironment(), output};
    return app::toInt(app::runCommand(*line, context));
}
