#include "core/wire/frames.h"

#include <cstdint>

namespace dashstream::wire {

namespace {

constexpr std::size_t kMaxVarintBytes = 10;
constexpr std::size_t kForgetBytes = 256U * 1024; // read bytes are dropped in pieces, not after each frame

struct Varint {
    std::uint64_t value = 0;
    std::size_t bytes = 0; ///< 0: not complete
    bool broken = false;
};

Varint readVarint(std::string_view text) {
    Varint varint;
    for (std::size_t index = 0; index < text.size() && index < kMaxVarintBytes; ++index) {
        const auto byte = static_cast<std::uint8_t>(text[index]);
        if (index == kMaxVarintBytes - 1 && byte > 1) {
            break; // more than 64 bits
        }
        varint.value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * index);
        if ((byte & 0x80U) == 0) {
            varint.bytes = index + 1;
            return varint;
        }
    }
    varint.broken = text.size() >= kMaxVarintBytes;
    return varint;
}

} // namespace

void appendFrame(ByteView value, std::string& out) {
    std::uint64_t rest = value.size();
    while (rest >= 0x80) {
        out += static_cast<char>((rest & 0x7FU) | 0x80U);
        rest >>= 7;
    }
    out += static_cast<char>(rest);
    out += asText(value);
}

void FrameReader::feed(ByteView bytes) {
    if (m_begin == m_buffer.size()) {
        m_buffer.clear();
        m_begin = 0;
    } else if (m_begin >= kForgetBytes) {
        m_buffer.erase(0, m_begin);
        m_begin = 0;
    }
    m_buffer += asText(bytes);
    m_lastBytes = 0;
}

Result<std::optional<ByteView>> FrameReader::next() {
    const std::string_view rest = std::string_view(m_buffer).substr(m_begin);
    const Varint length = readVarint(rest);
    if (length.broken) {
        return fail(ErrorClass::PermanentMessage, "frames.length",
                    "At byte " + std::to_string(m_offset) + " there is no length of a frame",
                    "Check that this is a frames file and not, for example, JSON Lines");
    }
    if (length.bytes == 0) {
        return std::optional<ByteView>();
    }
    if (length.value > m_maxBytes) {
        return fail(ErrorClass::PermanentMessage, "frames.too_large",
                    "At byte " + std::to_string(m_offset) + " a frame of " + std::to_string(length.value) +
                        " bytes begins, the limit is " + std::to_string(m_maxBytes),
                    "Check that this is a frames file, or raise the limit");
    }
    const auto bytes = static_cast<std::size_t>(length.value);
    if (rest.size() - length.bytes < bytes) {
        return std::optional<ByteView>();
    }
    m_lastBytes = length.bytes + bytes;
    m_begin += m_lastBytes;
    m_offset += m_lastBytes;
    return std::optional<ByteView>(asBytes(rest.substr(length.bytes, bytes)));
}

Result<void> FrameReader::finish() const {
    const std::string_view rest = std::string_view(m_buffer).substr(m_begin);
    if (rest.empty()) {
        return {};
    }
    const Varint length = readVarint(rest);
    const std::string wanted = length.bytes == 0
                                   ? "its length is not complete"
                                   : "it should have " + std::to_string(length.value) + " bytes, of which " +
                                         std::to_string(rest.size() - length.bytes) + " are there";
    return fail(ErrorClass::PermanentMessage, "frames.truncated",
                "The frame that begins at byte " + std::to_string(m_offset) + " is cut: " + wanted,
                "The file is incomplete; everything before that frame was read");
}

} // namespace dashstream::wire
