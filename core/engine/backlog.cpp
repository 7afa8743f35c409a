#include "core/engine/backlog.h"

#include <algorithm>

namespace dashstream::engine {

Backlog::Ids& Backlog::reach(PartitionId partition) {
    if (partition.value < 0) {
        return m_unassigned;
    }
    const auto index = static_cast<std::size_t>(partition.value);
    if (index >= m_byPartition.size()) {
        m_byPartition.resize(index + 1);
    }
    return m_byPartition[index];
}

void Backlog::add(PartitionId partition, journal::EntryId entry) {
    Ids& ids = reach(partition);
    // One whose partition was not known at first may be older than others that wait there.
    ids.insert(ids.empty() || ids.back() < entry ? ids.end() : std::upper_bound(ids.begin(), ids.end(), entry), entry);
    ++m_size;
}

void Backlog::putBack(PartitionId partition, const std::vector<journal::EntryId>& entries) {
    Ids& ids = reach(partition);
    ids.insert(ids.begin(), entries.begin(), entries.end());
    m_size += entries.size();
}

void Backlog::forgetPartitions() {
    Ids all = std::move(m_unassigned);
    for (const Ids& ids : m_byPartition) {
        all.insert(all.end(), ids.begin(), ids.end());
    }
    std::sort(all.begin(), all.end());
    m_unassigned = std::move(all);
    m_byPartition.clear();
}

const Backlog::Ids* Backlog::idsOf(PartitionId partition) const {
    if (partition.value < 0) {
        return &m_unassigned;
    }
    const auto index = static_cast<std::size_t>(partition.value);
    return index < m_byPartition.size() ? &m_byPartition[index] : nullptr;
}

std::size_t Backlog::count(PartitionId partition) const {
    const Ids* ids = idsOf(partition);
    return ids == nullptr ? 0 : ids->size();
}

journal::EntryId Backlog::front(PartitionId partition) const {
    const Ids* ids = idsOf(partition);
    return ids == nullptr || ids->empty() ? journal::EntryId{} : ids->front();
}

std::vector<journal::EntryId> Backlog::take(PartitionId partition, std::size_t limit) {
    Ids& ids = reach(partition);
    const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(limit, ids.size()));
    std::vector<journal::EntryId> taken(ids.begin(), end);
    ids.erase(ids.begin(), end);
    m_size -= taken.size();
    return taken;
}

} // namespace dashstream::engine
