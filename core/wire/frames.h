// A file of frames: repeated `varint length` + framed value (resources/docs/wire-format.md, "Frames files").
// The reader works on bytes as they come and holds at most one frame; it belongs to one thread.
#pragma once

#include "core/base/byte_arena.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace dashstream::wire {

inline constexpr std::size_t kDefaultFrameLimit = 10U * 1024 * 1024;

/// Appends length and value to `out`.
void appendFrame(ByteView value, std::string& out);

class FrameReader {
public:
    /// `maxBytes`: longest value that is taken.
    explicit FrameReader(std::size_t maxBytes = kDefaultFrameLimit) : m_maxBytes(maxBytes) {}

    /// Before the first feed(): the bytes do not begin the file, but stand behind `offset` bytes.
    void startAt(std::uint64_t offset) { m_offset = offset; }
    /// Adds bytes as they were read. Views from next() are void afterwards.
    void feed(ByteView bytes);

    /// The next value, valid until the next feed(); nothing: it needs more bytes. Errors (PermanentMessage) say the
    /// byte offset: "frames.too_large", "frames.length" (no varint). After an error there is no next value: the reader
    /// cannot know where one begins.
    [[nodiscard]] Result<std::optional<ByteView>> next();

    /// At the end of input: error "frames.truncated" with the byte offset when a frame was begun and not completed.
    [[nodiscard]] Result<void> finish() const;

    /// Byte offset just after the last value that next() gave.
    [[nodiscard]] std::uint64_t offset() const { return m_offset; }
    /// The last value that next() gave, with its length before it; valid until the next feed().
    [[nodiscard]] ByteView lastFrame() const {
        return asBytes(std::string_view(m_buffer).substr(m_begin - m_lastBytes, m_lastBytes));
    }

private:
    std::size_t m_maxBytes;
    std::string m_buffer;
    std::size_t m_begin = 0;     ///< of the next frame in m_buffer
    std::size_t m_lastBytes = 0; ///< of the frame before m_begin
    std::uint64_t m_offset = 0;
};

} // namespace dashstream::wire
