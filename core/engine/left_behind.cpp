#include "core/engine/left_behind.h"

#include <algorithm>
#include <limits>

namespace dashstream::engine {

void LeftBehind::addFound(journal::EntryId entry, PartitionId partition) {
    constexpr std::int32_t kMost = std::numeric_limits<std::int16_t>::max();
    const bool told = entry >= m_handOver.mappedFrom() && partition.value <= kMost;
    m_partitions.push_back(static_cast<std::int16_t>(told ? partition.value : kUnassigned.value));
    m_state.backlog.add(kUnassigned, entry);
}

void LeftBehind::step(const PartitionOf& partitionOf, SteadyTime now) {
    if (now < m_againAt) {
        return;
    }
    if (m_phase == Phase::Waiting) {
        sortByNotes();
    } else if (m_phase == Phase::Sorting) {
        sortByReading(partitionOf);
    } else if (m_phase == Phase::Asking) {
        if (ask()) {
            m_phase = Phase::Done;
            m_state.leftSorted = true;
            m_state.lanes.wake();
        } else {
            m_againAt = now + JournalFeed::kReadAgainAfter;
        }
    }
    countHeld();
}

void LeftBehind::countHeld() {
    m_state.beingSorted = m_unsorted.size() - m_sorted + m_others.size();
    for (const auto& entry : m_candidates) {
        m_state.beingSorted += entry.second.entries.size();
    }
}

/// Most messages name their partition: nothing has to be read for them.
void LeftBehind::sortByNotes() {
    std::vector<journal::EntryId> found = m_state.backlog.take(kUnassigned, m_state.backlog.count(kUnassigned));
    const bool same = m_handOver.notedPartitions() == m_state.lanes.partitionCount();
    const journal::EntryId highest = m_handOver.highestLeft();
    std::vector<journal::EntryId> unassigned;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const PartitionId partition{i < m_partitions.size() ? m_partitions[i] : kUnassigned.value};
        if (!same || partition.value < 0) {
            (found[i] <= highest ? m_unsorted : unassigned).push_back(found[i]);
            continue;
        }
        const LaneNote* left = m_handOver.leftBehind(partition);
        if (left != nullptr && found[i] <= left->mark) {
            m_candidates[partition.value].entries.push_back(found[i]);
        } else {
            m_state.backlog.add(partition, found[i]);
        }
    }
    m_state.backlog.putBack(kUnassigned, unassigned);
    m_partitions = {};
    m_phase = Phase::Sorting;
}

void LeftBehind::sortByReading(const PartitionOf& partitionOf) {
    const std::size_t count = std::min(kReadAtOnce, m_unsorted.size() - m_sorted);
    const std::span page = std::span(m_unsorted).subspan(m_sorted, count);
    m_state.journal->readEach(page, [&](journal::EntryId entry, const Result<journal::MessageRecord>& record) {
        for (const auto& [partition, left] : m_handOver.left()) {
            if (record && entry <= left.mark &&
                partitionOf(record->thread, left.partitions) == PartitionId{partition}) {
                m_candidates[partition].entries.push_back(entry);
                return;
            }
        }
        m_others.push_back(entry); // also what cannot be read: that is told of when its turn comes
    });
    m_sorted += count;
    if (m_sorted == m_unsorted.size()) {
        m_state.backlog.putBack(kUnassigned, m_others);
        m_others = {};
        m_unsorted = {};
        m_sorted = 0;
        m_phase = Phase::Asking;
    }
}

bool LeftBehind::ask() {
    while (!m_candidates.empty()) {
        const auto first = m_candidates.begin();
        Candidates& candidates = first->second;
        std::vector<journal::EntryId> unread;
        const std::vector<Message*> read = m_feed.fetch(candidates.entries, unread);
        candidates.messages.insert(candidates.messages.end(), read.begin(), read.end());
        candidates.entries = std::move(unread);
        if (!candidates.entries.empty()) {
            return false;
        }
        hand(PartitionId{first->first}, std::move(candidates.messages));
        m_candidates.erase(first);
    }
    m_handOver.leftIsSorted();
    return true;
}

void LeftBehind::hand(PartitionId partition, std::vector<Message*> messages) {
    const LaneNote left = m_handOver.left().at(partition.value);
    if (m_inquiries.possible() && partition.value < m_state.lanes.partitionCount() && !messages.empty()) {
        m_state.leftElsewhere = m_state.leftElsewhere || left.partitions != m_state.lanes.partitionCount();
        m_inquiries.doubtLeft(partition, std::move(messages), left.bound, left.topicId);
        return;
    }
    for (Message* message : messages) {
        ++m_state.ledger.counters().duplicatesPossible;
        m_feed.enter(*message);
    }
}

} // namespace dashstream::engine
