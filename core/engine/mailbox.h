// Where other threads leave work for the engine thread. post() from any thread; take() and wait() on the engine's.
#pragma once

#include "core/base/clock.h"
#include "core/kafka/producer.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace dashstream::engine {

class Mailbox {
public:
    using Command = std::function<void()>;

    /// False: the engine is gone and the command will not run.
    bool post(Command command) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_closed) {
                return false;
            }
            m_commands.push_back(std::move(command));
            m_wanted = true;
        }
        m_arrived.notify_one();
        return true;
    }
    void post(kafka::ProducerEvents events) {
        {
            const std::lock_guard lock(m_mutex);
            m_events.push_back(std::move(events));
            m_wanted = true;
        }
        m_arrived.notify_one();
    }
    /// There may be something to do that is not in here (a source has a batch).
    void wake() {
        {
            const std::lock_guard lock(m_mutex);
            m_wanted = true;
        }
        m_arrived.notify_one();
    }

    void wait(SteadyTime until) {
        std::unique_lock lock(m_mutex);
        m_arrived.wait_until(lock, until, [this] { return m_wanted; });
        m_wanted = false;
    }
    [[nodiscard]] std::vector<kafka::ProducerEvents> takeEvents() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_events, {});
    }
    [[nodiscard]] std::vector<Command> takeCommands() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_commands, {});
    }
    /// Nothing is taken from here on; what is inside is given back unrun.
    void close() {
        std::vector<Command> dropped;
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        dropped.swap(m_commands);
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::vector<Command> m_commands;
    std::vector<kafka::ProducerEvents> m_events;
    bool m_wanted = false;
    bool m_closed = false;
};

} // namespace dashstream::engine
