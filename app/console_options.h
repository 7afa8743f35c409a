// The command line of dashstream-console as plain values. Names and meaning: resources/docs/command-line.md.
#pragma once

#include "app/cli_options.h"
#include "app/launch_options.h"

#include <tl/expected.hpp>

#include <string>

namespace dashstream::app {

struct ConsoleLine {
    LaunchOptions launch;
    std::string page;             ///< id of the page shown first; empty: the remembered one
    std::string source;           ///< SOURCE to start at once; empty: none
    double measureGuiSeconds = 0; ///< 0: do not measure
};

/// A wrong line says which word, and how to get help. Throws nothing.
[[nodiscard]] tl::expected<ConsoleLine, EarlyExit> parseConsoleLine(int argc, const char* const* argv);

} // namespace dashstream::app
