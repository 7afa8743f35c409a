// The files of a log that is rotated by size, as spdlog names them. Any thread.
#pragma once

#include <filesystem>
#include <vector>

namespace dashstream::observe {

/// "x.log" with what was moved away from it, "x.1.log" and so on; oldest first, those only that are there now.
[[nodiscard]] std::vector<std::filesystem::path> rotatedLogs(const std::filesystem::path& file);

} // namespace dashstream::observe
