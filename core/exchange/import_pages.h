// The letters of a checked file, page after page, to whoever writes them. What is written already stays out, so that an
// import that ended in the middle is simply made again. Any thread.
#pragma once

#include "core/exchange/import_check.h"

#include <functional>
#include <vector>

namespace dashstream::exchange {

/// Of one page; at least one letter, whatever its size.
inline constexpr std::size_t kPageLetters = 500;
inline constexpr std::size_t kPageBytes = 4U * 1024 * 1024; ///< of lines

struct PageOutcome {
    std::uint64_t imported = 0;
    std::uint64_t known = 0; ///< left out: the store has them already
};

struct ImportOutcome {
    std::uint64_t imported = 0;
    std::uint64_t known = 0;
    std::uint64_t wrong = 0;        ///< lines that were left out
    bool cancelled = false;         ///< after what is counted
    std::optional<Error> stoppedBy; ///< what is counted is written all the same
};

struct ImportHooks {
    /// Writes them, durably, and says how many were new. Errors: nothing of the page is written.
    std::function<Result<PageOutcome>(std::vector<store::DeadLetter> page)> write;
    std::function<void(const ImportProgress&)> progress; ///< may be empty
    CancelToken cancel;
    bool leaveOutWrong = false; ///< else the first wrong line stops it
};

/// Reads `file` from its beginning, and checks each line once more: the file may have changed since.
[[nodiscard]] ImportOutcome importPages(LetterFile& file, const ImportHooks& hooks);

} // namespace dashstream::exchange
