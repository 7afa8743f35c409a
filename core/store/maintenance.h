// Looking after a store: is it whole, what of it can still be read, a copy of it. Reads only, whoever holds the store,
// and also what SQLite calls malformed. Any thread; nothing is kept open.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/store/records.h"

#include <filesystem>
#include <functional>
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

struct RescueReport {
    std::int64_t messages = 0; ///< given to the visitor
    std::int64_t unreadable = 0;
    std::int64_t inJournal = 0; ///< waiting messages whose values the journal holds; not given to the visitor
};

enum class RescueWhat { Unsettled, UnsettledAndDead };

/// An error ends the rescue.
using RescueVisitor = std::function<Result<void>(const StoredMessage& message)>;

/// Every page, index and reference, then every message. Takes a while with a large store. Errors: those of
/// StoreReader::open(), "store.cancelled" (Cancelled).
[[nodiscard]] Result<CheckReport> checkStore(const std::filesystem::path& folder, const CancelToken& cancel);

/// Every message that can still be read, in the order in which it was accepted; what cannot be read is counted. Of a
/// store of whatever version, which stays as it is.
/// Errors: those of StoreReader::open(), of the visitor, "store.cancelled" (Cancelled).
[[nodiscard]] Result<RescueReport> rescueMessages(const std::filesystem::path& folder, RescueWhat what,
                                                  const RescueVisitor& visit, const CancelToken& cancel);

/// The store as it is at one moment, into a new file (0600), while it may be written; synced when this returns.
/// Errors: "store.exists" (Usage): the file is there already; else as above.
[[nodiscard]] Result<void> backupStore(const std::filesystem::path& folder, const std::filesystem::path& target);

} // namespace dashstream::store
