// Where a profile's files are: XDG folders, or what the command line says. Pure apart from asking the environment; any
// thread. Layout: resources/docs/command-line.md, "Files".
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace dashstream::app {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The process's own.
[[nodiscard]] Environment processEnvironment();

struct Paths {
    std::string profile;
    std::filesystem::path configFile;
    bool configRequired = false; ///< --config was given: the file must be there
    std::filesystem::path dataFolder;
    std::filesystem::path logFile;
};

struct PathRequest {
    std::string profile = "default";
    std::string configFile{}; ///< empty: the profile's
    std::string dataFolder{}; ///< empty: the profile's
};

/// Errors (Usage): "profile.name" (1 … 64 of A-Z a-z 0-9 . _ -, not beginning with a dot or dash), "paths.home"
/// (neither HOME nor the XDG variable is set).
[[nodiscard]] Result<Paths> resolvePaths(const PathRequest& request, const Environment& environment);

} // namespace dashstream::app
