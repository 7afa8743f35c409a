#include "core/base/byte_arena.h"

#include <algorithm>
#include <cstring>

namespace dashstream {

ByteArena::ByteArena(std::size_t chunkBytes) : m_chunkBytes(std::max<std::size_t>(chunkBytes, 64)) {}

std::byte* ByteArena::reserve(std::size_t bytes) {
    if (m_chunks.empty() || m_chunks.back().size - m_position < bytes) {
        const std::size_t size = std::max(bytes, m_chunkBytes);
        m_chunks.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
        m_position = 0;
    }
    return m_chunks.back().bytes.get() + m_position;
}

ByteView ByteArena::commit(std::size_t bytes) {
    if (m_chunks.empty()) {
        return {};
    }
    const ByteView kept(m_chunks.back().bytes.get() + m_position, bytes);
    m_position += bytes;
    m_used += bytes;
    return kept;
}

ByteView ByteArena::store(ByteView bytes) {
    if (bytes.empty()) {
        return {};
    }
    std::memcpy(reserve(bytes.size()), bytes.data(), bytes.size());
    return commit(bytes.size());
}

std::string_view ByteArena::store(std::string_view text) {
    return asText(store(asBytes(text)));
}

void ByteArena::reset() {
    if (m_chunks.size() > 1 || (!m_chunks.empty() && m_chunks.front().size > m_chunkBytes)) {
        m_chunks.clear();
    }
    m_position = 0;
    m_used = 0;
}

} // namespace dashstream
