#include "core/engine/dead_copier.h"

#include "core/engine/dead_copy_loop.h"

#include <condition_variable>
#include <thread>

namespace dashstream::engine {

class DeadCopier::Impl {
public:
    explicit Impl(std::unique_ptr<DeadCopyLoop> loop) : m_loop(std::move(loop)), m_thread([this] { run(); }) {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { m_thread.join(); }

    void post(std::function<void(DeadCopyLoop&)> command) {
        {
            const std::lock_guard lock(m_mutex);
            m_commands.push_back(std::move(command));
        }
        m_arrived.notify_one();
    }
    DeadCopiesView view() const {
        const std::lock_guard lock(m_mutex);
        return m_view;
    }

private:
    void run() {
        while (!m_loop->over()) {
            for (auto& command : takeCommands()) {
                command(*m_loop);
            }
            m_loop->step();
            const std::lock_guard lock(m_mutex);
            m_view = m_loop->view();
        }
        m_loop.reset();
    }
    /// Waits here only while there is no producer to wait for events of.
    std::vector<std::function<void(DeadCopyLoop&)>> takeCommands() {
        std::unique_lock lock(m_mutex);
        m_arrived.wait_for(lock, m_loop->patience(), [this] { return !m_commands.empty(); });
        return std::exchange(m_commands, {});
    }

    std::unique_ptr<DeadCopyLoop> m_loop;
    mutable std::mutex m_mutex; ///< of what follows
    std::condition_variable m_arrived;
    std::vector<std::function<void(DeadCopyLoop&)>> m_commands;
    DeadCopiesView m_view;
    std::thread m_thread;
};

DeadCopier::DeadCopier() = default;

Result<std::unique_ptr<DeadCopier>> DeadCopier::start(DeadCopierParts parts) {
    auto loop = DeadCopyLoop::make(std::move(parts));
    if (!loop) {
        return fail(loop.error());
    }
    std::unique_ptr<DeadCopier> copier(new DeadCopier);
    copier->m_impl = std::make_unique<Impl>(std::move(*loop));
    return copier;
}

DeadCopier::~DeadCopier() {
    if (m_impl) {
        finish(SteadyTime{});
    }
}

void DeadCopier::wake() {
    m_impl->post([](DeadCopyLoop& loop) { loop.lettersDied(); });
}

void DeadCopier::copyAgain(std::vector<DeadLetterId> letters) {
    m_impl->post([letters = std::move(letters)](DeadCopyLoop& loop) { loop.copyAgain(letters); });
}

DeadCopiesView DeadCopier::view() const {
    return m_impl->view();
}

void DeadCopier::finish(SteadyTime until, const CancelToken& hurry) {
    if (m_impl) {
        m_impl->post([until, hurry](DeadCopyLoop& loop) { loop.finish(until, hurry); });
        m_impl.reset();
    }
}

} // namespace dashstream::engine
