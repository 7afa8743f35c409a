#include "core/journal/group_scan.h"

namespace dashstream::journal {

std::optional<GroupHeader> groupHeaderAt(SegmentWindow& window, std::uint64_t offset, Generation generation,
                                         std::uint64_t size) {
    if (offset + kGroupHeaderBytes > size) {
        return std::nullopt;
    }
    const auto header = readGroupHeader(window.at(offset, kGroupHeaderBytes));
    if (!header || header->generation != generation || header->bodyBytes > size - offset - kGroupHeaderBytes) {
        return std::nullopt;
    }
    return header;
}

std::optional<std::uint64_t> lastGroupIn(SegmentWindow& window, std::uint64_t from, Generation generation,
                                         std::uint64_t size) {
    std::optional<std::uint64_t> last;
    for (std::uint64_t offset = from; offset + kGroupHeaderBytes <= size;) {
        const auto header = groupHeaderAt(window, offset, generation, size);
        last = header ? offset : last;
        offset += header ? roundUpToBlock(kGroupHeaderBytes + header->bodyBytes) : kBlockBytes;
    }
    return last;
}

} // namespace dashstream::journal
