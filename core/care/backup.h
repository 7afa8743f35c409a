// A copy of a profile's data, store and journal, while the profile may be in use. It is what a power loss at the moment
// of the copy would have left, but that some messages may be unsettled in it which were settled just before: a start
// from it does what a start after a crash does. Any thread; nothing is kept open.
#pragma once

#include "core/care/profile_files.h"

#include <optional>

namespace dashstream::care {

struct BackupReport {
    std::uint64_t bytes = 0;
    /// Of the copied journal, read back; nothing: the profile has none.
    std::optional<journal::InspectionReport> journal;
    std::vector<journal::Damage> damage; ///< of the journal that was copied, and so of the copy

    [[nodiscard]] bool isWhole() const { return damage.empty(); }
};

/// Into a new folder (0700), which has its name only once the copy is complete and on the disk; after an error nothing
/// is left of it. Errors: "backup.exists" (Usage): the folder, or that of a copy that was broken off, is there already;
/// "journal.moved_on" (Local); those of StoreCopy and of the file layer; "store.cancelled", "journal.cancelled"
/// (Cancelled).
[[nodiscard]] Result<BackupReport> backupProfile(journal::FileLayer& files, const std::filesystem::path& dataFolder,
                                                 const std::filesystem::path& target, const CareOptions& options);

} // namespace dashstream::care
