// Runs the console until its window is closed. Called once by main() on the GUI thread.
#pragma once

#include "app/console_options.h"

namespace dashstream::app {

/// The exit code of the program.
[[nodiscard]] int runConsole(int argc, char** argv, const ConsoleLine& line);

} // namespace dashstream::app
