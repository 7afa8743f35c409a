#include "core/engine/thread_table.h"

#include <algorithm>

namespace dashstream::engine {

ThreadState& ThreadTable::use(std::string_view name) {
    if (const auto found = m_threads.find(name); found != m_threads.end()) {
        ThreadState& thread = *found->second;
        m_recency.splice(m_recency.begin(), m_recency, thread.recency);
        thread.leaving = false;
        return thread;
    }
    auto fresh = std::make_unique<ThreadState>();
    fresh->name = name;
    m_recency.push_front(fresh.get());
    fresh->recency = m_recency.begin();
    ThreadState& thread = *fresh;
    m_threads.emplace(std::string_view(thread.name), std::move(fresh));
    return thread;
}

void ThreadTable::markDirty(ThreadState& thread) {
    if (!thread.dirty) {
        thread.dirty = true;
        m_dirty.push_back(&thread);
    }
}

store::ThreadRecord ThreadTable::recordOf(const ThreadState& thread, UtcTime now) {
    store::ThreadRecord record;
    record.thread = thread.name;
    record.next = thread.numbers.next();
    record.reservedUntil = SequenceNo{std::max(thread.numbers.reservedUntil().value, thread.reservationAsked)};
    record.lastDelivered = thread.lastDelivered;
    record.delivered = thread.delivered;
    record.dead = thread.dead;
    record.updatedAt = now;
    return record;
}

std::vector<store::ThreadRecord> ThreadTable::takeDirty(std::size_t limit, UtcTime now) {
    std::vector<store::ThreadRecord> records;
    records.reserve(std::min(limit, m_dirty.size()));
    while (!m_dirty.empty() && records.size() < limit) {
        ThreadState& thread = *m_dirty.back();
        m_dirty.pop_back();
        thread.dirty = false;
        if (thread.loaded) {
            records.push_back(recordOf(thread, now));
        }
    }
    return records;
}

std::vector<ThreadState*> ThreadTable::evictable(std::size_t limit) {
    std::vector<ThreadState*> leaving;
    if (m_threads.size() <= m_maxInMemory) {
        return leaving;
    }
    std::size_t excess = std::min(m_threads.size() - m_maxInMemory, limit);
    std::size_t looked = 0;
    for (auto oldest = m_recency.rbegin(); oldest != m_recency.rend() && excess > 0 && looked < 2 * limit;
         ++oldest, ++looked) {
        ThreadState& thread = **oldest;
        if (thread.live == 0 && !thread.dirty && !thread.leaving && thread.reservationAsked == 0) {
            thread.leaving = true;
            // What is written for it frees its reserved numbers: whoever uses it again reserves anew.
            thread.numbers = flow::SequenceCounter(thread.numbers.next());
            leaving.push_back(&thread);
            --excess;
        }
    }
    return leaving;
}

void ThreadTable::leave(ThreadState& thread) {
    if (!thread.leaving) {
        return;
    }
    m_recency.erase(thread.recency);
    m_threads.erase(std::string_view(thread.name));
}

} // namespace dashstream::engine
