// Grows in chunks and never moves what it holds: librdkafka reads the bytes of a message until its delivery report
// without a copy. Owned by one batch; freed as a whole. One thread writes; afterwards any thread may read.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace dashstream {

using ByteView = std::span<const std::byte>;

class ByteArena {
public:
    explicit ByteArena(std::size_t chunkBytes = 256 * 1024);

    /// At least `bytes` writable bytes; valid until the next reserve(). What is wanted of them is kept by commit().
    [[nodiscard]] std::byte* reserve(std::size_t bytes);
    /// Keeps the first `bytes` of the last reserve() at their address for the arena's life.
    ByteView commit(std::size_t bytes);
    /// Copies and keeps.
    ByteView store(ByteView bytes);
    std::string_view store(std::string_view text);

    [[nodiscard]] std::size_t usedBytes() const { return m_used; }
    /// Forgets the content, keeps the first chunk for the next use.
    void reset();

private:
    struct Chunk {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
    };
    std::size_t m_chunkBytes;
    std::vector<Chunk> m_chunks;
    std::size_t m_position = 0; ///< in the last chunk
    std::size_t m_used = 0;
};

[[nodiscard]] inline std::string_view asText(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline ByteView asBytes(std::string_view text) {
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

} // namespace dashstream
