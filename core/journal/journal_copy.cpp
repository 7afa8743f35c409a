#include "core/journal/journal_copy.h"

#include "core/journal/group_scan.h"

#include <algorithm>
#include <limits>

namespace dashstream::journal {

namespace {
constexpr std::size_t kPiece = 1024 * 1024;
constexpr std::size_t kMostCameMeanwhile = 64; ///< segments; then what comes is left to copyTail()

Failure movedOn() {
    return fail(ErrorClass::Local, "journal.moved_on", "The journal was written faster than it could be copied",
                "Try again when less comes in");
}
} // namespace

Result<void> JournalCopy::look() {
    auto listed = segmentsIn(m_files, m_from);
    if (!listed) {
        return fail(listed.error());
    }
    m_listed = std::move(*listed);
    if (m_options.cancel.cancelled()) {
        return fail(ErrorClass::Cancelled, "journal.cancelled", "Stopped before the end");
    }
    return {};
}

bool JournalCopy::isListed(Generation generation) const {
    return std::any_of(m_listed.begin(), m_listed.end(),
                       [generation](const FoundSegment& segment) { return segment.generation == generation; });
}

Result<JournalCopy::Source> JournalCopy::openSource(const FoundSegment& segment) {
    Source source{segment, nullptr, 0, 0};
    auto file = m_files.openToRead(m_from / segment.name);
    if (!file) {
        return fail(file.error());
    }
    source.file = std::move(*file);
    const auto size = source.file->size();
    if (!size) {
        return fail(size.error());
    }
    source.size = std::min<std::uint64_t>(*size, std::numeric_limits<std::uint32_t>::max());
    source.growsFrom = source.size;
    if (segment.generation == m_listed.back().generation) {
        std::uint64_t ignored = 0;
        SegmentWindow window(*source.file, ignored);
        source.growsFrom = lastGroupIn(window, kBlockBytes, segment.generation, source.size)
                               .value_or(std::min(kBlockBytes, source.size));
    }
    return source;
}

Result<JournalCopy::Copy*> JournalCopy::copyOf(const Source& source) {
    Copy& copy = m_copies[source.segment.generation];
    if (!copy.file) {
        auto file = m_files.create(m_to / source.segment.name, source.size);
        if (!file) {
            return fail(file.error());
        }
        copy.file = std::move(*file);
    }
    return &copy;
}

/// Only the oldest segment goes, once everything in it and in all before it is settled and in the store.
Result<void> JournalCopy::copyAll() {
    if (auto looked = look(); !looked) {
        return looked;
    }
    const Generation far{m_listed.empty() ? 0 : m_listed.back().generation.value + kMostCameMeanwhile};
    for (;;) {
        const auto next = std::find_if(m_listed.begin(), m_listed.end(), [this](const FoundSegment& segment) {
            const auto copy = m_copies.find(segment.generation);
            return copy == m_copies.end() || !copy->second.complete;
        });
        if (next == m_listed.end() || next->generation > far) {
            return {};
        }
        const FoundSegment segment = *next;
        auto copied = copySegment(segment);
        if (auto looked = look(); !looked) {
            return looked;
        }
        if (!copied && isListed(segment.generation)) {
            return copied;
        }
        for (auto copy = m_copies.begin(); copy != m_copies.end() && !isListed(copy->first);
             copy = m_copies.erase(copy)) {
            if (auto removed = m_files.remove(m_to / SegmentFiles::nameOf(copy->first)); !removed) {
                return removed;
            }
        }
        if (m_options.progress) {
            m_options.progress(m_bytes);
        }
        if (m_listed.empty() || m_listed.back().generation == segment.generation) {
            return {};
        }
    }
}

Result<void> JournalCopy::copySegment(const FoundSegment& segment) {
    const auto source = openSource(segment);
    if (!source) {
        return fail(source.error());
    }
    const auto copy = copyOf(*source);
    if (!copy) {
        return fail(copy.error());
    }
    if (auto copied = copyRange(*source, **copy, (*copy)->copiedTo, source->growsFrom); !copied) {
        return copied;
    }
    (*copy)->copiedTo = source->growsFrom;
    (*copy)->complete = source->growsFrom == source->size;
    return (*copy)->complete ? Result<void>() : copyLastGroup(*source, **copy);
}

Result<void> JournalCopy::copyLastGroup(const Source& source, Copy& copy) {
    std::uint64_t read = 0;
    SegmentWindow window(*source.file, read);
    const auto header = groupHeaderAt(window, source.growsFrom, source.segment.generation, source.size);
    if (!header) {
        return {};
    }
    ByteView body = window.at(source.growsFrom, kGroupHeaderBytes + header->bodyBytes);
    body = body.subspan(std::min(body.size(), kGroupHeaderBytes));
    for (std::uint32_t i = 0; i < header->records; ++i) {
        const auto record = readRecord(body, header->group);
        if (!record || !record->intact) {
            return {};
        }
        body = body.subspan(record->wholeBytes);
    }
    const std::uint64_t end = source.growsFrom + roundUpToBlock(kGroupHeaderBytes + header->bodyBytes);
    auto copied = copyRange(source, copy, source.growsFrom, std::min(end, source.size));
    copy.copiedTo = copied ? end : copy.copiedTo;
    return copied;
}

Result<void> JournalCopy::copyRange(const Source& source, Copy& copy, std::uint64_t from, std::uint64_t end) {
    std::uint64_t read = 0;
    SegmentWindow window(*source.file, read);
    while (from < end) {
        const ByteView bytes = window.at(from, std::min<std::uint64_t>(kPiece, end - from));
        if (bytes.empty()) {
            break;
        }
        // The copy was made of zeros.
        if (std::any_of(bytes.begin(), bytes.end(), [](std::byte byte) { return byte != std::byte{0}; })) {
            if (auto written = copy.file->write(from, bytes); !written) {
                return written;
            }
        }
        from += bytes.size();
        m_bytes += bytes.size();
    }
    const auto place = window.firstUnreadable();
    const auto known = [&](const Damage& damage) {
        return damage.file == source.segment.name && damage.offset == *place;
    };
    if (place && std::none_of(m_unreadable.begin(), m_unreadable.end(), known)) {
        m_unreadable.push_back({source.segment.name, *place, "the disk could not read a part of this file"});
    }
    return {};
}

std::uint64_t JournalCopy::lastGroupCopied() {
    for (auto copy = m_copies.rbegin(); copy != m_copies.rend(); ++copy) {
        std::uint64_t ignored = 0;
        SegmentWindow window(*copy->second.file, ignored);
        const std::uint64_t size = copy->second.file->size().value_or(0);
        if (const auto last = lastGroupIn(window, kBlockBytes, copy->first, size)) {
            return groupHeaderAt(window, *last, copy->first, size)->group;
        }
    }
    return 0;
}

Result<void> JournalCopy::copyTail() {
    m_lastGroup = lastGroupCopied();
    if (auto looked = look(); !looked) {
        return looked;
    }
    const Generation from = m_copies.empty() ? Generation{} : m_copies.rbegin()->first;
    for (const FoundSegment& segment : m_listed) {
        if (segment.generation < from) {
            continue;
        }
        if (auto copied = copyTailOf(segment); !copied) {
            return copied;
        }
    }
    return {};
}

Result<void> JournalCopy::copyTailOf(const FoundSegment& segment) {
    const auto source = openSource(segment);
    const auto copy = source ? copyOf(*source) : Result<Copy*>(fail(source.error()));
    if (!copy) {
        return fail(copy.error());
    }
    // It may have had no head yet.
    if (auto head = copyRange(*source, **copy, 0, std::min(kBlockBytes, source->size)); !head) {
        return head;
    }
    std::uint64_t read = 0;
    SegmentWindow window(*source->file, read);
    std::uint64_t offset = std::max((*copy)->copiedTo, kBlockBytes);
    while (offset < source->size) {
        const auto header = groupHeaderAt(window, offset, segment.generation, source->size);
        if (!header || header->group < m_lastGroup) {
            if (offset >= source->growsFrom) {
                return {};
            }
            offset += kBlockBytes;
            continue;
        }
        if (m_lastGroup != 0 && header->group > m_lastGroup + 1) {
            return movedOn();
        }
        const auto whole = copyWithoutSettled(window, offset, *header, **copy);
        if (!whole || !*whole) {
            return whole ? Result<void>() : fail(whole.error());
        }
        m_lastGroup = header->group;
        offset += roundUpToBlock(kGroupHeaderBytes + header->bodyBytes);
    }
    return {};
}

Result<bool> JournalCopy::copyWithoutSettled(SegmentWindow& window, std::uint64_t offset, const GroupHeader& header,
                                             Copy& copy) {
    const ByteView bytes = window.at(offset, kGroupHeaderBytes + header.bodyBytes);
    ByteView body = bytes.subspan(std::min(bytes.size(), kGroupHeaderBytes));
    std::vector<std::byte> group(kGroupHeaderBytes);
    GroupHeader kept = header;
    kept.records = 0;
    std::uint32_t read = 0;
    for (; read < header.records; ++read) {
        const auto record = readRecord(body, header.group);
        if (!record || !record->intact) {
            break;
        }
        if (record->kind != RecordKind::Settled) {
            appendRaw(group, header.group, record->kind, record->payload);
            ++kept.records;
        }
        body = body.subspan(record->wholeBytes);
    }
    kept.bodyBytes = static_cast<std::uint32_t>(group.size() - kGroupHeaderBytes);
    writeGroupHeader(kept, std::span(group).first<kGroupHeaderBytes>());
    m_bytes += group.size();
    if (auto written = copy.file->write(offset, group); !written) {
        return fail(written.error());
    }
    return read == header.records;
}

Result<void> JournalCopy::finish() {
    for (auto& [generation, copy] : m_copies) {
        if (auto synced = copy.file->sync(); !synced) {
            return synced;
        }
    }
    return m_files.syncFolder(m_to);
}

} // namespace dashstream::journal
