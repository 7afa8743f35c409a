#include "core/engine/thread_table.h"

#include <algorithm>

namespace dashstream::engine {

void ThreadTable::unlink(ThreadState& thread) {
    (thread.newer != nullptr ? thread.newer->older : m_newest) = thread.older;
    (thread.older != nullptr ? thread.older->newer : m_oldest) = thread.newer;
}

void ThreadTable::linkNewest(ThreadState& thread) {
    thread.newer = nullptr;
    thread.older = m_newest;
    (m_newest != nullptr ? m_newest->newer : m_oldest) = &thread;
    m_newest = &thread;
}

void ThreadTable::touch(ThreadState& thread) {
    if (m_newest != &thread) {
        unlink(thread);
        linkNewest(thread);
    }
}

ThreadState& ThreadTable::use(std::string_view name) {
    if (const auto found = m_threads.find(name); found != m_threads.end()) {
        ThreadState& thread = found->second;
        touch(thread);
        thread.leaving = false;
        thread.change = 0;
        return thread;
    }
    ThreadState& thread = m_threads.try_emplace(std::string(name)).first->second;
    thread.name = name;
    linkNewest(thread);
    return thread;
}

ThreadState* ThreadTable::find(std::string_view name) {
    const auto found = m_threads.find(name);
    return found == m_threads.end() ? nullptr : &found->second;
}

void ThreadTable::markClean(ThreadState& thread) {
    if (thread.dirty) {
        thread.dirty = false;
        std::erase(m_dirty, &thread);
    }
}

void ThreadTable::markDirty(ThreadState& thread) {
    if (!thread.dirty) {
        thread.dirty = true;
        thread.dirtySince = m_committedEnd;
        m_dirty.push_back(&thread);
    }
}

store::ThreadRecord ThreadTable::recordOf(const ThreadState& thread, UtcTime now) {
    store::ThreadRecord record;
    record.thread = thread.name;
    const bool journalled = thread.durableNext.value != 0; // then a number counts once its message is durable
    record.next = journalled ? thread.durableNext : thread.numbers.next();
    record.reservedUntil = journalled
                               ? thread.durableNext
                               : SequenceNo{std::max(thread.numbers.reservedUntil().value, thread.reservationAsked)};
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
        ThreadState& thread = *m_dirty.front();
        m_dirty.pop_front();
        thread.dirty = false;
        if (thread.loaded) {
            records.push_back(recordOf(thread, now));
            thread.writtenAt = now;
        }
    }
    return records;
}

std::vector<ThreadState*> ThreadTable::evictable(std::size_t limit) {
    std::vector<ThreadState*> leaving;
    m_allInUse = false;
    if (m_threads.size() <= m_maxInMemory) {
        return leaving;
    }
    std::size_t excess = std::min(m_threads.size() - m_maxInMemory, limit);
    std::size_t looks = std::min(2 * limit, m_threads.size());
    ThreadState* newer = nullptr;
    for (ThreadState* at = m_oldest; at != nullptr && excess > 0 && looks > 0; at = newer, --looks) {
        newer = at->newer;
        if (at->live > 0) {
            touch(*at);
        } else if (!at->dirty && !at->leaving && at->change == 0 && at->reservationAsked == 0) {
            at->leaving = true;
            at->freeReserved(); // what is written for it says so: whoever uses it again reserves anew
            leaving.push_back(at);
            --excess;
        }
    }
    m_allInUse = leaving.empty();
    return leaving;
}

void ThreadTable::leave(ThreadState& thread) {
    if (!thread.leaving) {
        return;
    }
    unlink(thread);
    m_threads.erase(m_threads.find(std::string_view(thread.name)));
}

} // namespace dashstream::engine
