#include "core/journal/segment_window.h"

#include "core/journal/format.h"

#include <algorithm>

namespace dashstream::journal {

namespace {
constexpr std::size_t kReadAtOnce = 1024 * 1024;
} // namespace

ByteView SegmentWindow::at(std::uint64_t offset, std::size_t bytes) {
    if (offset < m_start || offset + bytes > m_start + m_filled) {
        m_buffer.resize(std::max(bytes, kReadAtOnce));
        fill(offset);
    }
    const std::size_t from = offset - m_start;
    return ByteView(m_buffer).first(m_filled).subspan(from, std::min(bytes, m_filled - from));
}

void SegmentWindow::fill(std::uint64_t offset) {
    m_start = offset;
    const auto got = m_file.read(offset, m_buffer);
    m_filled = got ? *got : readByBlocks(offset);
    m_bytesRead += m_filled;
}

std::size_t SegmentWindow::readByBlocks(std::uint64_t offset) {
    const auto size = m_file.size();
    if (!size || *size <= offset) {
        m_firstUnreadable = m_firstUnreadable.value_or(offset);
        return 0;
    }
    const auto end = std::min<std::uint64_t>(*size - offset, m_buffer.size());
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < end; at += bytes) {
        bytes = std::min<std::size_t>(kBlockBytes - (offset + at) % kBlockBytes, end - at);
        const auto block = std::span(m_buffer).subspan(at, bytes);
        const auto got = m_file.read(offset + at, block);
        if (!got || *got < block.size()) {
            std::fill(block.begin(), block.end(), std::byte{0});
            m_firstUnreadable = m_firstUnreadable.value_or(offset + at);
        }
    }
    return end;
}

} // namespace dashstream::journal
