#include "app/paths.h"

#include <algorithm>
#include <cstdlib>

namespace dashstream::app {

namespace {

namespace fs = std::filesystem;

bool validProfileName(const std::string& name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    };
    return !name.empty() && name.size() <= 64 && name.front() != '.' && name.front() != '-' &&
           std::ranges::all_of(name, allowed);
}

/// XDG Base Directory Specification: a relative value is to be ignored.
Result<fs::path> baseFolder(const Environment& environment, const std::string& variable, const char* underHome) {
    if (const auto value = environment(variable); value && !value->empty() && fs::path(*value).is_absolute()) {
        return fs::path(*value);
    }
    const auto home = environment("HOME");
    if (!home || home->empty()) {
        return fail(ErrorClass::Usage, "paths.home", "Neither HOME nor " + variable + " is set",
                    "Set one of them, or give --config and --data-dir.");
    }
    return fs::path(*home) / underHome;
}

} // namespace

Environment processEnvironment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
}

Result<Paths> resolvePaths(const PathRequest& request, const Environment& environment) {
    if (!validProfileName(request.profile)) {
        return fail(ErrorClass::Usage, "profile.name", "'" + request.profile + "' cannot name a profile",
                    "Use 1 to 64 of A-Z a-z 0-9 . _ -, beginning with a letter, a digit or _.");
    }
    Paths paths;
    paths.profile = request.profile;
    paths.configRequired = !request.configFile.empty();
    paths.configFile = request.configFile;
    if (request.configFile.empty()) {
        auto base = baseFolder(environment, "XDG_CONFIG_HOME", ".config");
        if (!base) {
            return fail(base.error());
        }
        paths.configFile = *base / "dashstream" / "profiles" / (request.profile + ".toml");
    }
    paths.dataFolder = request.dataFolder;
    if (request.dataFolder.empty()) {
        auto base = baseFolder(environment, "XDG_DATA_HOME", ".local/share");
        if (!base) {
            return fail(base.error());
        }
        paths.dataFolder = *base / "dashstream" / request.profile;
    }
    auto state = baseFolder(environment, "XDG_STATE_HOME", ".local/state");
    if (state) {
        paths.logFile = *state / "dashstream" / (request.profile + ".log");
    } else {
        paths.logFile = paths.dataFolder / "dashstream.log";
    }
    return paths;
}

} // namespace dashstream::app
