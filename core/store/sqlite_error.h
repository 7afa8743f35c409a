// SQLite's result codes as errors for a person: what happened to which file, how much space is left, what to do.
#pragma once

#include "core/base/error.h"

#include <filesystem>

struct sqlite3;

namespace dashstream::store {

/// Codes: "store.full", "store.io", "store.corrupt", "store.not_a_store", "store.busy", "store.constraint",
/// "store.too_big", "store.cancelled", "store.failed". `code` may be an extended one.
[[nodiscard]] Error sqliteError(sqlite3* handle, int code);
/// "store.cannot_open" (Local), for a file that SQLite could not open.
[[nodiscard]] Error cannotOpen(const std::filesystem::path& file, int code);
/// "store.cannot_open" (Local), with the system's reason.
[[nodiscard]] Error cannotOpenBecause(const std::filesystem::path& path, int errorNumber);

/// True when the error lies in what was to be written, so that other batches can still be committed.
[[nodiscard]] bool concernsOneBatch(const Error& error);

} // namespace dashstream::store
