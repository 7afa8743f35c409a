// A copy of a store as it is at one moment, while it may be written. Belongs to one thread; until it is gone or written
// the store's log does not shrink.
#pragma once

#include "core/base/cancel_token.h"
#include "core/store/sqlite.h"

#include <filesystem>
#include <functional>

namespace dashstream::store {

class StoreCopy {
public:
    /// The moment. Errors: those of Salvage::open().
    [[nodiscard]] static Result<StoreCopy> begin(const std::filesystem::path& folder);

    /// How much of it is written, of how much.
    using Progress = std::function<void(std::uint64_t bytes, std::uint64_t of)>;
    /// Into a new file (0600); synced when this returns, gone again after an error. Errors: "store.exists" (Usage): the
    /// file is there already; "store.cannot_open", "store.io", "store.full" (Local); "store.cancelled" (Cancelled).
    [[nodiscard]] Result<void> writeTo(const std::filesystem::path& target, const CancelToken& cancel,
                                       const Progress& progress);

private:
    explicit StoreCopy(Database database) : m_database(std::move(database)) {}
    [[nodiscard]] Result<void> copyPages(Database& to, const CancelToken& cancel, const Progress& progress);

    Database m_database;
};

} // namespace dashstream::store
