// Bytes of a file, a pipe or standard input, with errors for people and a read that a CancelToken can end. Owned by a
// source, read on its thread; closes what it opened, never standard input.
#pragma once

#include "core/base/cancel_token.h"
#include "core/base/clock.h"
#include "core/base/result.h"

#include <cstdint>
#include <span>
#include <string>

namespace dashstream::source {

class InputFile {
public:
    /// Errors (Local, "source.…"): missing, a folder, not readable.
    [[nodiscard]] static Result<InputFile> open(const std::string& path);
    [[nodiscard]] static InputFile standardInput();
    ~InputFile();
    InputFile(InputFile&& other) noexcept;
    InputFile& operator=(InputFile&& other) noexcept;

    struct Read {
        std::size_t bytes = 0; ///< 0 and not ended: nothing within the patience
        bool ended = false;
    };
    /// Waits at most `patience` for the first byte (a regular file never makes it wait). Error: it cannot be read on.
    [[nodiscard]] Result<Read> read(std::span<char> into, milliseconds patience, const CancelToken& cancel);

    /// At the end: was the file deleted or made shorter while it was read? Then this error says so.
    [[nodiscard]] Result<void> checkWhole() const;

    [[nodiscard]] std::uint64_t readBytes() const { return m_readBytes; }
    [[nodiscard]] std::uint64_t totalBytes() const { return m_totalBytes; } ///< 0: not known
    [[nodiscard]] bool regular() const { return m_regular; }
    [[nodiscard]] const std::string& name() const { return m_name; }

private:
    InputFile(int descriptor, std::string name, bool owned);
    [[nodiscard]] Result<bool> waitReadable(milliseconds patience, const CancelToken& cancel) const;

    int m_descriptor = -1;
    std::string m_name; ///< for people
    bool m_owned = false;
    bool m_regular = false;
    std::uint64_t m_readBytes = 0;
    std::uint64_t m_totalBytes = 0;
};

} // namespace dashstream::source
