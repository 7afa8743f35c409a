// Accepted messages that wait in the journal, because no lane has memory for them: their ids alone, in the order in
// which they were accepted. Engine thread only.
#pragma once

#include "core/base/strong_type.h"
#include "core/journal/format.h"

#include <cstddef>
#include <deque>
#include <vector>

namespace dashstream::engine {

class Backlog {
public:
    /// Behind all others of its partition; kUnassigned: it is not known which that is.
    void add(PartitionId partition, journal::EntryId entry);
    /// The partitions are others from now on: which one a message belongs to is not known any more.
    void forgetPartitions();

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::size_t count(PartitionId partition) const;
    /// The first one of the partition; 0: none.
    [[nodiscard]] journal::EntryId front(PartitionId partition) const;
    /// Takes up to `limit` out, oldest first.
    [[nodiscard]] std::vector<journal::EntryId> take(PartitionId partition, std::size_t limit);
    /// What was taken goes back to where it was.
    void putBack(PartitionId partition, const std::vector<journal::EntryId>& entries);
    /// How many partitions it may have something of.
    [[nodiscard]] std::size_t partitions() const { return m_byPartition.size(); }

private:
    using Ids = std::deque<journal::EntryId>;
    [[nodiscard]] const Ids* idsOf(PartitionId partition) const;
    [[nodiscard]] Ids& reach(PartitionId partition);

    Ids m_unassigned;
    std::vector<Ids> m_byPartition;
    std::size_t m_size = 0;
};

} // namespace dashstream::engine
