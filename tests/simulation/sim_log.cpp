#include "tests/simulation/sim_log.h"

#include <algorithm>

namespace dashstream::simulation {

const SimRecord* SimLog::find(const BatchHead& head) const {
    const auto found = std::find_if(m_records.rbegin(), m_records.rend(), [&](const SimRecord& record) {
        return record.batch.instance == head.instance && record.batch.epoch == head.epoch &&
               record.sequence == head.first;
    });
    return found == m_records.rend() ? nullptr : &*found;
}

Appended SimLog::append(const BatchHead& head, const std::vector<SimPayload>& records, SteadyTime visible,
                        std::uint64_t order, bool orphan) {
    if (const auto known = m_known.find(head.instance); known != m_known.end()) {
        const Known& state = known->second;
        if (head.epoch < state.epoch) {
            return {Appended::Outcome::OldEpoch, -1, {}};
        }
        const std::uint64_t wanted = head.epoch > state.epoch ? 0 : state.next;
        if (head.first > wanted) {
            return {Appended::Outcome::OutOfOrder, -1, {}};
        }
        if (head.first < wanted) {
            const SimRecord* first = find(head);
            return first != nullptr ? Appended{Appended::Outcome::KnownAlready, first->offset, first->visible}
                                    : Appended{Appended::Outcome::OutOfOrder, -1, {}};
        }
    }
    // Without a state any sequence is taken, as Kafka does.
    Appended appended{Appended::Outcome::Written, end(), visible};
    appended.visible = std::max(visible, m_followersHeld);
    if (!m_records.empty()) {
        appended.visible = std::max(appended.visible, m_records.back().visible); // the high watermark goes in order
    }
    std::uint64_t sequence = head.first;
    for (const SimPayload& payload : records) {
        m_records.push_back({payload, head, sequence++, end(), order, appended.visible, orphan});
    }
    learn(m_records.back());
    return appended;
}

std::size_t SimLog::loseUnseen(SteadyTime now, std::mt19937_64& random) {
    const auto unseen = static_cast<std::uint64_t>(end() - high(now));
    if (unseen == 0) {
        return 0;
    }
    std::size_t left = m_records.size() - random() % (unseen + 1);
    while (left > 0 && left < m_records.size() && m_records[left].batch == m_records[left - 1].batch) {
        --left; // a batch goes as a whole
    }
    const std::size_t lost = m_records.size() - left;
    m_records.resize(left);
    m_known.clear();
    for (const SimRecord& record : m_records) {
        learn(record);
    }
    return lost;
}

std::int64_t SimLog::high(SteadyTime now) const {
    const auto above = std::find_if(m_records.begin(), m_records.end(),
                                    [now](const SimRecord& record) { return record.visible > now; });
    return above - m_records.begin();
}

} // namespace dashstream::simulation
