#include "core/journal/entry_table.h"

#include <algorithm>
#include <cassert>

namespace dashstream::journal {

namespace {
template <typename Segments>
auto slotsIn(Segments& segments, EntryId entry) {
    const auto after = std::partition_point(segments.begin(), segments.end(),
                                            [entry](const auto& segment) { return segment.first <= entry; });
    if (after == segments.begin()) {
        return segments.end();
    }
    const auto found = std::prev(after);
    return entry.value - found->first.value < found->slots.size() ? found : segments.end();
}
} // namespace

EntryTable::Segments::iterator EntryTable::slotsOf(EntryId entry) {
    return slotsIn(m_segments, entry);
}

EntryTable::Segments::const_iterator EntryTable::slotsOf(EntryId entry) const {
    return slotsIn(m_segments, entry);
}

EntryTable::Segments::iterator EntryTable::byGeneration(Generation generation) {
    const auto found = std::partition_point(m_segments.begin(), m_segments.end(), [generation](const Segment& segment) {
        return segment.generation < generation;
    });
    return found != m_segments.end() && found->generation == generation ? found : m_segments.end();
}

void EntryTable::addSegment(Generation generation, std::shared_ptr<const File> file) {
    assert(m_segments.empty() || m_segments.back().generation < generation);
    Segment segment;
    segment.generation = generation;
    segment.file = std::move(file);
    segment.first = m_next;
    m_segments.push_back(std::move(segment));
}

void EntryTable::place(EntryId entry, std::uint64_t group, std::uint32_t offset) {
    Segment& newest = m_segments.back();
    if (newest.records == 0) {
        newest.firstGroup = group;
    }
    ++newest.records;
    ++newest.live;
    if (entry < m_next) {
        (void)forget(entry);
        m_moved.insert_or_assign(entry, Moved{newest.generation, group, offset});
    } else {
        if (newest.slots.empty()) {
            newest.first = entry; // those before were in segments that are gone
        }
        const std::size_t slot = entry.value - newest.first.value;
        newest.slots.resize(slot + 1);
        newest.gone.resize(slot + 1, true); // those left out were damaged
        newest.slots[slot] = {offset, static_cast<std::uint32_t>(group - newest.firstGroup)};
        newest.gone[slot] = false;
        m_next = entry.next();
    }
    ++m_live;
}

bool EntryTable::forget(EntryId entry) {
    if (const auto moved = m_moved.find(entry); moved != m_moved.end()) {
        --byGeneration(moved->second.generation)->live;
        m_moved.erase(moved);
    } else {
        const auto segment = slotsOf(entry);
        if (segment == m_segments.end() || segment->gone[entry.value - segment->first.value]) {
            return false;
        }
        segment->gone[entry.value - segment->first.value] = true;
        --segment->live;
    }
    --m_live;
    return true;
}

bool EntryTable::settle(EntryId entry) {
    return forget(entry);
}

std::optional<EntryPlace> EntryTable::find(EntryId entry) const {
    if (const auto moved = m_moved.find(entry); moved != m_moved.end()) {
        const auto segment = const_cast<EntryTable*>(this)->byGeneration(moved->second.generation);
        return EntryPlace{segment->file, segment->generation, moved->second.group, moved->second.offset};
    }
    const auto segment = slotsOf(entry);
    if (segment == m_segments.end()) {
        return std::nullopt;
    }
    const std::size_t slot = entry.value - segment->first.value;
    if (segment->gone[slot]) {
        return std::nullopt;
    }
    return EntryPlace{segment->file, segment->generation, segment->firstGroup + segment->slots[slot].groupStep,
                      segment->slots[slot].offset};
}

std::vector<EntryId> EntryTable::liveEntries() const {
    std::vector<EntryId> entries;
    entries.reserve(m_live);
    for (const auto& [entry, place] : m_moved) {
        entries.push_back(entry);
    }
    std::sort(entries.begin(), entries.end());
    const auto middle = static_cast<std::ptrdiff_t>(entries.size());
    for (const Segment& segment : m_segments) {
        for (std::size_t slot = 0; slot < segment.slots.size(); ++slot) {
            if (!segment.gone[slot]) {
                entries.emplace_back(segment.first.value + slot);
            }
        }
    }
    std::inplace_merge(entries.begin(), entries.begin() + middle, entries.end());
    return entries;
}

EntryTable::Oldest EntryTable::oldest() const {
    const Segment& segment = m_segments.front();
    return {segment.generation, EntryId{segment.first.value + segment.slots.size()}, segment.live, segment.records,
            segment.file};
}

std::vector<EntryId> EntryTable::liveInOldest() const {
    const Segment& segment = m_segments.front();
    std::vector<EntryId> entries;
    entries.reserve(segment.live);
    for (const auto& [entry, moved] : m_moved) {
        if (moved.generation == segment.generation) {
            entries.push_back(entry);
        }
    }
    for (std::size_t slot = 0; slot < segment.slots.size(); ++slot) {
        if (!segment.gone[slot]) {
            entries.emplace_back(segment.first.value + slot);
        }
    }
    return entries;
}

void EntryTable::dropOldest() {
    assert(m_segments.front().live == 0);
    m_segments.pop_front();
}

} // namespace dashstream::journal
