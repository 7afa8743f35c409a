// A queue with a limit between two threads. A full queue blocks the writer: backpressure, never loss.
// close() wakes everybody; what is inside may still be taken.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace dashstream {

template <typename T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : m_capacity(capacity == 0 ? 1 : capacity) {}

    /// Waits for room. False: the queue was closed and the item was not taken.
    [[nodiscard]] bool push(T item) {
        std::unique_lock lock(m_mutex);
        m_room.wait(lock, [this] { return m_closed || m_items.size() < m_capacity; });
        if (m_closed) {
            return false;
        }
        m_items.push_back(std::move(item));
        lock.unlock();
        m_filled.notify_one();
        return true;
    }

    [[nodiscard]] std::optional<T> tryPop() {
        std::unique_lock lock(m_mutex);
        return take(lock);
    }

    /// Waits at most `patience` for an item; nothing: empty for so long, or closed and empty.
    [[nodiscard]] std::optional<T> pop(std::chrono::milliseconds patience) {
        std::unique_lock lock(m_mutex);
        m_filled.wait_for(lock, patience, [this] { return m_closed || !m_items.empty(); });
        return take(lock);
    }

    void close() {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_room.notify_all();
        m_filled.notify_all();
    }

    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock(m_mutex);
        return m_items.size();
    }

private:
    std::optional<T> take(std::unique_lock<std::mutex>& lock) {
        if (m_items.empty()) {
            return std::nullopt;
        }
        std::optional<T> item(std::move(m_items.front()));
        m_items.pop_front();
        lock.unlock();
        m_room.notify_one();
        return item;
    }

    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::condition_variable m_room;
    std::condition_variable m_filled;
    std::deque<T> m_items;
    bool m_closed = false;
};

} // namespace dashstream
