// Reads a small file whole. Any thread; blocks on the disk.
#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

namespace dashstream::config {

/// The content, or why not in words ("No such file or directory", "it is a folder", "it is larger than …"). A pipe that
/// a shell makes for a secret is read as well.
[[nodiscard]] tl::expected<std::string, std::string> readSmallFile(const std::filesystem::path& path,
                                                                   std::size_t limitBytes);

} // namespace dashstream::config
