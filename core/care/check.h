// Is a profile's data whole: every page and row of its store, every record of its journal, and whether the two fit.
// Reads only, whoever holds the profile. Any thread; nothing is kept open.
#pragma once

#include "core/care/profile_files.h"
#include "core/store/maintenance.h"

#include <optional>
#include <string>
#include <vector>

namespace dashstream::care {

struct ProfileCheck {
    std::optional<store::CheckReport> store; ///< nothing: it cannot be opened
    std::optional<journal::InspectionReport> journal;
    std::int64_t rowsWithoutMessage = 0; ///< of the retry queue, whose message is not in the journal (any more)
    /// What is damaged besides: for a person, with the place and what to do.
    std::vector<std::string> problems;

    [[nodiscard]] bool storeIsWhole() const { return store && store->problems.empty() && store->unreadable == 0; }
    [[nodiscard]] bool journalIsWhole() const { return !journal || journal->damage.empty(); }
    [[nodiscard]] bool isWhole() const { return storeIsWhole() && journalIsWhole() && problems.empty(); }
};

/// Errors: "store.missing" (Usage): there is neither store nor journal; "store.future_version" (Usage);
/// "store.cancelled", "journal.cancelled" (Cancelled). Whatever else cannot be read is a problem.
[[nodiscard]] Result<ProfileCheck> checkProfile(journal::FileLayer& files, const std::filesystem::path& dataFolder,
                                                const CareOptions& options);

} // namespace dashstream::care
