// Wakes a thread that waits. Copies share one bell, so a listener that outlives the waiter does no harm. Any thread.
#pragma once

#include "core/base/clock.h"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace dashstream::app {

class Bell {
public:
    void ring() const {
        {
            const std::lock_guard lock(m_shared->mutex);
            m_shared->rung = true;
        }
        m_shared->wake.notify_all();
    }

    /// Returns when it was rung since the last wait, or after `patience`.
    void wait(milliseconds patience) const {
        std::unique_lock lock(m_shared->mutex);
        m_shared->wake.wait_for(lock, patience, [this] { return m_shared->rung; });
        m_shared->rung = false;
    }

private:
    struct Shared {
        std::mutex mutex;
        std::condition_variable wake;
        bool rung = false;
    };
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
};

} // namespace dashstream::app
