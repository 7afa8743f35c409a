// Is a store whole. Reads only, whoever holds it. Any thread; nothing is kept open.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace dashstream::store {

struct CheckReport {
    std::vector<std::string> problems; ///< as SQLite words them, at most 100; empty: whole
    std::int64_t retries = 0;
    std::int64_t openDead = 0;
    std::int64_t threads = 0;
    std::int64_t unreadable = 0; ///< unsettled messages and open dead letters that cannot be read whole
};

/// Every page, index and reference, then every message. Takes a while with a large store. Errors: those of
/// Salvage::open(), "store.cancelled" (Cancelled).
[[nodiscard]] Result<CheckReport> checkStore(const std::filesystem::path& folder, const CancelToken& cancel);

} // namespace dashstream::store
