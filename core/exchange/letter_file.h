// The lines of a file, of a pipe or of standard input, as often as they are wanted: what cannot be read twice is first
// copied to an unnamed temporary file. Holds at most one line and one piece. One thread; closed by its destructor.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/result.h"
#include "core/source/line_splitter.h"
#include "core/store/file_handle.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dashstream::exchange {

class LetterFile {
public:
    /// "-": standard input. Errors: "source.…" (Local): missing, not readable; "exchange.spool" (Local): no room for
    /// the copy; "exchange.cancelled" (Cancelled).
    [[nodiscard]] static Result<LetterFile> open(const std::string& path, const CancelToken& cancel = {});

    struct Line {
        std::uint64_t number = 0;       ///< from 1
        std::string_view text;          ///< valid until the next call
        std::uint64_t tooLongBytes = 0; ///< of a line beyond the limit, whose text is not given; 0: it is whole
    };
    /// Lines without content are passed over; nothing: all were given. Error "exchange.changed" (Local): the file
    /// became shorter, or was written to since it was opened.
    [[nodiscard]] Result<std::optional<Line>> next();
    /// From the first line again.
    void rewind();

    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    [[nodiscard]] std::uint64_t readBytes() const { return m_read; }
    /// For people.
    [[nodiscard]] const std::string& name() const { return m_name; }

private:
    LetterFile(store::FileHandle file, std::string name);
    [[nodiscard]] Result<void> feed();
    [[nodiscard]] Result<void> checkUnchanged() const;

    store::FileHandle m_file;
    std::string m_name;
    std::uint64_t m_bytes = 0; ///< when it was opened
    std::int64_t m_changedNs = 0;
    std::uint64_t m_read = 0;
    bool m_fed = false; ///< all of it
    std::vector<char> m_piece;
    source::LineSplitter m_lines;
};

} // namespace dashstream::exchange
