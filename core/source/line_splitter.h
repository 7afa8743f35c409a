// Bytes in pieces to lines. Holds at most one line and one piece; a line beyond the limit is passed over without being
// held. Accepts \n and \r\n, a missing last line end, and a UTF-8 byte order mark at the beginning. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace dashstream::source {

class LineSplitter {
public:
    /// `maxBytes`: longest line that is given whole; of a longer one only the first `headBytes` are kept.
    LineSplitter(std::size_t maxBytes, std::size_t headBytes) : m_maxBytes(maxBytes), m_headBytes(headBytes) {}

    struct Line {
        std::string_view
            whole; ///< with its end; valid as `text`; of a line that is passed over: what was not yet passed
        std::string_view text;     ///< without its end; valid until the next feed(); the head where tooLongBytes is set
        std::uint64_t number = 0;  ///< from 1
        std::uint64_t endByte = 0; ///< offset just after its end
        std::uint64_t tooLongBytes = 0; ///< length of a line beyond the limit; 0: it is whole
    };

    /// Before the first feed(): the bytes do not begin the file, but stand behind `offset` bytes and `number` lines.
    void startAt(std::uint64_t offset, std::uint64_t number);
    /// Told of the bytes of lines that are passed over, as they are dropped.
    void onPassed(std::function<void(std::string_view bytes)> passed) { m_onPassed = std::move(passed); }

    void feed(std::string_view bytes);
    /// After the last feed(): what stands after the last line end is a line too.
    void finish() { m_finished = true; }
    /// Nothing: it needs more bytes, or all lines were given.
    [[nodiscard]] std::optional<Line> next();

private:
    [[nodiscard]] Line take(std::string_view text, std::size_t withEnd);
    void passOver();

    std::size_t m_maxBytes;
    std::size_t m_headBytes;
    std::function<void(std::string_view)> m_onPassed;
    std::string m_buffer;
    std::size_t m_begin = 0;   ///< of the current line
    std::size_t m_scanned = 0; ///< no line end between m_begin and here
    std::string m_head;        ///< of the line that is passed over
    std::uint64_t m_passed = 0;
    std::uint64_t m_number = 0;
    std::uint64_t m_offset = 0; ///< in the file, of m_begin
    bool m_finished = false;
};

} // namespace dashstream::source
