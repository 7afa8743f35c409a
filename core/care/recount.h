// Counts from the files alone what a profile owes: what a start would carry in. Reads only, whoever holds the profile;
// exact when nobody does. Any thread; nothing is kept open.
#pragma once

#include "core/care/profile_files.h"

#include <map>
#include <optional>
#include <string>

namespace dashstream::care {

struct OpenCounts {
    std::uint64_t inFlight = 0; ///< accepted, in the journal, unsettled, not in the retry queue
    std::uint64_t retrying = 0; ///< in the retry queue
    std::uint64_t dead = 0;     ///< open dead letters that are not being sent again

    bool operator==(const OpenCounts&) const = default;
};

struct Recount {
    OpenCounts all;
    std::map<std::string, OpenCounts> byThread; ///< on request
    bool store = false;                         ///< there is one
    std::int64_t threads = 0;                   ///< that the store knows
    std::int64_t unreadable = 0;                ///< rows of the store
    std::optional<journal::InspectionReport> journal;
};

/// Errors: those of Salvage::open() but "store.missing", and of Inspection::read().
[[nodiscard]] Result<Recount> recount(journal::FileLayer& files, const std::filesystem::path& dataFolder,
                                      const CareOptions& options, bool byThread = false);

} // namespace dashstream::care
