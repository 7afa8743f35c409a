// A file, seen through a buffer that moves along it. Where the disk fails, what stands around the place is still read:
// blocks that cannot be read show as zeros, and the first of them is told. One thread.
#pragma once

#include "core/journal/files.h"

#include <optional>
#include <vector>

namespace dashstream::journal {

class SegmentWindow {
public:
    /// Adds to `bytesRead` what comes from the file.
    SegmentWindow(const File& file, std::uint64_t& bytesRead) : m_file(file), m_bytesRead(bytesRead) {}

    /// Up to `bytes` at this place; less where the file ends. Valid until the next call.
    [[nodiscard]] ByteView at(std::uint64_t offset, std::size_t bytes);
    /// What is asked for next is read anew.
    void forget() { m_filled = 0; }
    [[nodiscard]] std::optional<std::uint64_t> firstUnreadable() const { return m_firstUnreadable; }

private:
    void fill(std::uint64_t offset);
    [[nodiscard]] std::size_t readByBlocks(std::uint64_t offset);

    const File& m_file;
    std::uint64_t& m_bytesRead;
    std::vector<std::byte> m_buffer;
    std::uint64_t m_start = 0;
    std::size_t m_filled = 0;
    std::optional<std::uint64_t> m_firstUnreadable;
};

} // namespace dashstream::journal
