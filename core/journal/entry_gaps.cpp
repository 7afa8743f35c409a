#include "core/journal/entry_gaps.h"

#include <algorithm>

namespace dashstream::journal {

void EntryGaps::add(EntryId first, EntryId end) {
    if (first < end) {
        m_gaps.push_back({first, end});
        m_wide += end.value - first.value;
    }
}

void EntryGaps::fill(EntryId entry) {
    const auto gap = std::partition_point(m_gaps.begin(), m_gaps.end(),
                                          [entry](const Gap& earlier) { return earlier.end <= entry; });
    if (gap != m_gaps.end() && gap->first <= entry) {
        m_filled.insert(entry);
    }
}

} // namespace dashstream::journal
