// What both programs are told about which profile to run and how. Plain values.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace dashstream::app {

struct LaunchOptions {
    std::string profile = "default"; ///< "demo" with --demo, unless given
    std::string configFile;          ///< empty: the profile's
    std::string dataDir;             ///< empty: the profile's
    std::vector<std::pair<std::string, std::string>> sets;
    std::string logLevel; ///< empty: the configured one
    bool demo = false;
};

} // namespace dashstream::app
