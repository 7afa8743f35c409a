// What an import of a file would do: every line is read and checked, nothing is written. Any thread.
#pragma once

#include "core/base/cancel_token.h"
#include "core/exchange/letter_file.h"
#include "core/store/reader.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace dashstream::exchange {

/// A line that is no dead letter.
struct WrongLine {
    std::uint64_t line = 0; ///< from 1
    Error error;
};

struct ImportProgress {
    std::uint64_t lines = 0; ///< or letters, where they are written
    std::uint64_t readBytes = 0;
    std::uint64_t totalBytes = 0;
};

struct ImportCheck {
    static constexpr std::size_t kFirst = 100;    ///< letters that are kept to be shown
    static constexpr std::size_t kProblems = 100; ///< wrong lines that are kept; the others are only counted

    std::uint64_t letters = 0;  ///< lines that are right
    std::uint64_t open = 0;     ///< of those that would be imported: still to be dealt with
    std::uint64_t known = 0;    ///< the store has them already
    std::uint64_t repeated = 0; ///< the file has them earlier, among its first million
    std::uint64_t wrong = 0;
    std::uint64_t longest = 0; ///< bytes of the longest line that is right
    std::uint64_t longestLine = 0;
    std::vector<WrongLine> problems;
    std::vector<store::DeadLetter> first; ///< without values
    std::uint64_t bytes = 0;

    [[nodiscard]] std::uint64_t fresh() const { return letters - known - repeated; }
};

struct CheckHooks {
    std::function<void(const ImportProgress&)> progress; ///< may be empty
    CancelToken cancel;
};

/// Reads `file` from its beginning. `reader`: null: the store is still to be made. Errors: of the file and the store;
/// "exchange.cancelled" (Cancelled).
[[nodiscard]] Result<ImportCheck> checkImport(LetterFile& file, store::StoreReader* reader, const CheckHooks& hooks);

/// "FILE, line 7: …" for a person.
[[nodiscard]] std::string wrongLineText(const LetterFile& file, const WrongLine& wrong);
/// Why a file with wrong lines is not imported. Code "exchange.wrong_lines" (Usage).
[[nodiscard]] Error wrongLinesError(const LetterFile& file, const ImportCheck& check);

} // namespace dashstream::exchange
