#include "tests/core/engine/sim_partition.h"

#include <algorithm>
#include <set>

namespace dashstream::engine::test {

std::int64_t SimPartition::append(const UnknownMessage& message, std::optional<std::size_t> place, Origin origin,
                                  milliseconds lag, bool late) {
    SimRecord record;
    record.origin = origin;
    record.message = place;
    record.id = message.id;
    record.thread = message.thread;
    record.sequence = message.sequence;
    record.offset = m_next++;
    record.topic = m_topic;
    record.appended = m_now;
    record.late = late;
    // the high watermark passes in order
    const SteadyTime before = record.offset > 0 ? visibleFrom(record.offset - 1) : SteadyTime{};
    record.visible = std::max(m_now + lag, before);
    m_log[record.offset] = m_history.size();
    m_history.push_back(std::move(record));
    return m_next - 1;
}

void SimPartition::appendLater(const UnknownMessage& message, std::size_t place, Origin origin, SteadyTime when) {
    const auto after = std::ranges::upper_bound(m_later, when, {}, &Later::when);
    m_later.insert(after, {message, place, origin, when});
}

void SimPartition::moveTo(SteadyTime now) {
    while (!m_later.empty() && m_later.front().when <= now) {
        const Later due = m_later.front();
        m_later.erase(m_later.begin());
        m_now = std::max(m_now, due.when);
        append(due.message, due.place, due.origin, milliseconds(m_random() % 1'000), true);
    }
    m_now = std::max(m_now, now);
}

void SimPartition::flush() {
    while (!m_later.empty()) {
        moveTo(m_later.front().when);
    }
}

void SimPartition::deleteBefore(std::int64_t offset) {
    for (; m_low < std::min(offset, m_next); ++m_low) {
        if (const auto found = m_log.find(m_low); found != m_log.end()) {
            m_history[found->second].gone = true;
            m_log.erase(found);
        }
        harmed = true;
    }
}

void SimPartition::compact() {
    std::set<std::string> later;
    for (auto entry = m_log.rbegin(); entry != m_log.rend();) {
        SimRecord& record = m_history[entry->second];
        if (later.insert(record.thread).second || record.visible > m_now) {
            ++entry;
            continue;
        }
        record.gone = true;
        harmed = true;
        entry = std::make_reverse_iterator(m_log.erase(std::next(entry).base()));
    }
}

void SimPartition::recreate() {
    deleteBefore(m_next);
    ++m_topic;
    m_next = 0;
    m_low = 0;
    harmed = true;
}

std::int64_t SimPartition::highWatermark() {
    std::int64_t high = m_low;
    for (const auto& [offset, place] : m_log) {
        if (m_history[place].visible > m_now) {
            break;
        }
        high = offset + 1;
    }
    if (std::exchange(m_watermarkForgotten, false)) {
        high = std::max(m_low, high - static_cast<std::int64_t>(m_random() % 5));
    }
    return high;
}

SteadyTime SimPartition::visibleFrom(std::int64_t offset) const {
    SteadyTime latest{};
    for (const SimRecord& record : m_history) {
        if (record.topic == m_topic && record.offset <= offset) {
            latest = std::max(latest, record.visible);
        }
    }
    return latest;
}

const SimRecord* SimPartition::at(std::int64_t offset) const {
    const auto found = m_log.find(offset);
    return found != m_log.end() ? &m_history[found->second] : nullptr;
}

} // namespace dashstream::engine::test
