// What the store's writer measures of itself and its disk. Plain value; any thread.
#pragma once

#include "core/base/time_buckets.h"

#include <cstdint>
#include <filesystem>

namespace dashstream::store {

struct StoreFigures {
    bool measured = false;        ///< sizes are known
    std::uint64_t bytes = 0;      ///< the database and its write-ahead log
    std::uint64_t freeBytes = 0;  ///< that this user may still use on the disk of the store
    std::uint64_t failures = 0;   ///< group commits of which nothing was stored, since start
    TimeBuckets commits;          ///< how long group commits took, failed ones included
    std::uint64_t pendingOps = 0; ///< submitted, not yet decided
};

/// Sets the sizes; leaves them as they were where the system does not tell. Touches the disk.
void measureSizes(const std::filesystem::path& database, StoreFigures& figures);

} // namespace dashstream::store
