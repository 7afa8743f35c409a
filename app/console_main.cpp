// dashstream-console: parse, run the window, say the exit code.
#include "app/console_options.h"
#include "app/console_run.h"

#include <csignal>
#include <cstdio>

int main(int argc, char** argv) {
    using namespace dashstream;
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); // a connection that went away is a failed write
    const auto line = app::parseConsoleLine(argc, argv);
    if (!line) {
        std::fputs(line.error().out.c_str(), stdout);
        std::fputs(line.error().err.c_str(), stderr);
        return app::toInt(line.error().code);
    }
    return app::runConsole(argc, argv, *line);
}
