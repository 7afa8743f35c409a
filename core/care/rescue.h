// Gets every message out of a profile's store and journal that can still be read: each once, those of a thread in the
// order of their numbers. Reads only, whoever holds the profile. Any thread; nothing is kept open.
#pragma once

#include "core/base/byte_arena.h"
#include "core/care/profile_files.h"

#include <optional>
#include <vector>

namespace dashstream::care {

struct RescueReport {
    std::uint64_t messages = 0; ///< given to the visitor
    std::uint64_t fromJournal = 0;
    std::uint64_t fromStore = 0;
    std::uint64_t unreadable = 0;        ///< known to be lost
    std::int64_t rowsWithoutMessage = 0; ///< of the retry queue, whose message is not in the journal (any more)
    std::vector<journal::Damage> damage; ///< of the journal
    std::vector<Error> troubles;         ///< why store or journal could not be read at all

    [[nodiscard]] bool isWhole() const { return unreadable == 0 && damage.empty() && troubles.empty(); }
};

enum class RescueWhat { Unsettled, UnsettledAndDead };

/// Gets the framed value. An error ends the rescue.
using ValueVisitor = std::function<Result<void>(ByteView value)>;

/// Errors: of the visitor; "store.missing" (Usage): there is neither store nor journal; "store.future_version" (Usage);
/// "store.cancelled", "journal.cancelled" (Cancelled); that of the store where there is no journal.
[[nodiscard]] Result<RescueReport> rescueMessages(journal::FileLayer& files, const std::filesystem::path& dataFolder,
                                                  RescueWhat what, const ValueVisitor& visit,
                                                  const CareOptions& options);

} // namespace dashstream::care
