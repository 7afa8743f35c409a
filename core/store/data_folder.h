// Makes the data folder and its files so that nobody else can read them, and so that they survive power loss.
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace dashstream::store {

/// Makes `folder` (0700) and its parents when missing; leaves the rights of an existing one, which may be shared on
/// purpose. Error: "store.cannot_open".
[[nodiscard]] Result<void> prepareFolder(const std::filesystem::path& folder);
/// Makes `file` when missing and sets 0600; SQLite gives its other files the same rights. Error: "store.cannot_open".
[[nodiscard]] Result<void> preparePrivateFile(const std::filesystem::path& file);

} // namespace dashstream::store
