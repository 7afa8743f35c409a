// The schema as numbered steps from 1. A step that was released is never changed; a new version is a new step. The
// tables are described in resources/docs/store-format.md.
#pragma once

#include "core/store/sqlite.h"

#include <span>

namespace dashstream::store {

struct Migration {
    int version = 0; ///< what user_version is afterwards; steps follow each other without gap
    const char* sql = nullptr;
    Result<void> (*after)(Database& database) = nullptr; ///< what SQL alone cannot do, in the same transaction
};

/// All steps, lowest first.
[[nodiscard]] std::span<const Migration> migrations();
[[nodiscard]] int latestVersion();

/// 0: an empty file. Changes nothing. Errors: "store.not_a_store" (a database of something else),
/// "store.future_version" (Usage), and SQLite's.
[[nodiscard]] Result<int> versionOf(Database& database, const std::filesystem::path& file, int latest);

/// Applies the steps that are missing, each in a transaction of its own: what ends half-way goes on there.
[[nodiscard]] Result<void> migrate(Database& database, int from, std::span<const Migration> steps);

} // namespace dashstream::store
