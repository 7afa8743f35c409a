#include "core/care/check.h"

namespace dashstream::care {

namespace {
/// Nothing: it cannot be read.
std::optional<std::uint64_t> checkpointOf(const std::filesystem::path& folder) {
    auto salvage = store::Salvage::open(folder);
    if (!salvage) {
        return std::nullopt;
    }
    const auto found = salvage->journalCheckpoint();
    return found ? std::optional(*found) : std::nullopt;
}

bool endsTheCheck(const Error& error) {
    return error.errorClass == ErrorClass::Cancelled || error.errorClass == ErrorClass::Usage;
}

Result<void> checkJournal(journal::FileLayer& files, const std::filesystem::path& folder, const CareOptions& options,
                          ProfileCheck& check, std::unique_ptr<journal::Inspection>& journal) {
    auto inspection = inspectJournal(files, folder, options);
    if (inspection) {
        journal = std::move(*inspection);
        if (journal) {
            check.journal = journal->report();
        }
        return {};
    }
    if (endsTheCheck(inspection.error())) {
        return fail(inspection.error());
    }
    check.problems.push_back(inspection.error().text());
    return {};
}

Result<void> countRows(const std::filesystem::path& folder, const CareOptions& options,
                       const journal::Inspection& journal, ProfileCheck& check) {
    auto salvage = store::Salvage::open(folder);
    if (!salvage) {
        return {}; // told already
    }
    const auto walked = salvage->waiting(
        [&](const store::WaitingName& message) {
            const bool lost = !message.hasValue && !journal.isUnsettled(journal::EntryId{message.entry});
            check.rowsWithoutMessage += lost ? 1 : 0;
            return Result<void>();
        },
        options.cancel);
    return walked ? Result<void>() : fail(walked.error());
}

/// What the store said before the journal was read must be in the journal.
void compareEnds(const std::filesystem::path& folder, std::uint64_t checkpoint, ProfileCheck& check) {
    const std::uint64_t end = check.journal ? check.journal->next.value : 1;
    if (checkpoint >= end) {
        check.problems.push_back("The journal in " + journalFolder(folder).string() + " ends before message " +
                                 std::to_string(end) + ", and the store knows message " + std::to_string(checkpoint) +
                                 ": its newest part is missing. Look for lost files of it");
    }
}
} // namespace

Result<ProfileCheck> checkProfile(journal::FileLayer& files, const std::filesystem::path& dataFolder,
                                  const CareOptions& options) {
    const auto checkpoint = checkpointOf(dataFolder);
    ProfileCheck check;
    std::unique_ptr<journal::Inspection> journal;
    if (auto checked = checkJournal(files, dataFolder, options, check, journal); !checked) {
        return fail(checked.error());
    }
    tell(options, "reading every page and row of the store in " + dataFolder.string());
    auto store = store::checkStore(dataFolder, options.cancel);
    const bool onlyJournal = !store && store.error().code == "store.missing" && check.journal;
    if (store) {
        check.store = std::move(*store);
    } else if (endsTheCheck(store.error()) && !onlyJournal) {
        return fail(store.error());
    } else {
        check.problems.push_back(onlyJournal
                                     ? "There is a journal in " + dataFolder.string() + ", and no store beside it"
                                     : store.error().text());
    }
    if (checkpoint) {
        compareEnds(dataFolder, *checkpoint, check);
    }
    if (journal) {
        if (auto counted = countRows(dataFolder, options, *journal, check); !counted) {
            return fail(counted.error());
        }
    }
    return check;
}

} // namespace dashstream::care
