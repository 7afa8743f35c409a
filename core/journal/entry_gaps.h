// Ids of messages that must have been in a journal and whose records were not found: ids rise by one, so a record that
// comes too early shows what is missing before it. One thread.
#pragma once

#include "core/journal/format.h"

#include <unordered_set>
#include <vector>

namespace dashstream::journal {

class EntryGaps {
public:
    /// No record of first … end - 1 was there. Gaps come in order.
    void add(EntryId first, EntryId end);
    /// It was found later, or nothing in the journal is needed for it any more.
    void fill(EntryId entry);
    [[nodiscard]] std::uint64_t missing() const { return m_wide - m_filled.size(); }

private:
    struct Gap {
        EntryId first;
        EntryId end;
    };
    std::vector<Gap> m_gaps;
    std::uint64_t m_wide = 0; ///< of all
    std::unordered_set<EntryId> m_filled;
};

} // namespace dashstream::journal
