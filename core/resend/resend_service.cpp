#include "core/resend/resend_service.h"

#include "core/resend/resend_loop.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace dashstream::resend {

namespace {
/// Work for the loop's thread; outlives it, the store's answers may come late.
class Inbox {
public:
    void post(std::function<void()> command) {
        {
            const std::lock_guard lock(m_mutex);
            m_commands.push_back(std::move(command));
        }
        m_arrived.notify_one();
    }
    [[nodiscard]] std::vector<std::function<void()>> take(milliseconds patience) {
        std::unique_lock lock(m_mutex);
        m_arrived.wait_for(lock, patience, [this] { return !m_commands.empty(); });
        return std::exchange(m_commands, {});
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::vector<std::function<void()>> m_commands;
};
} // namespace

class ResendService::Impl {
public:
    Impl(std::unique_ptr<ResendLoop> loop, std::shared_ptr<Inbox> inbox)
        : m_loop(std::move(loop)), m_inbox(std::move(inbox)), m_readsStop(m_loop->readsStop()),
          m_views(m_loop->views()), m_thread([this] { run(); }) {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { join(); }
    void join() {
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }

    void stopReads() { m_readsStop.cancel(); }
    void post(std::function<void(ResendLoop&)> command) {
        m_inbox->post([this, command = std::move(command)] { command(*m_loop); });
    }
    std::vector<ResendView> views() const {
        const std::lock_guard lock(m_mutex);
        return m_views;
    }

private:
    void run() {
        while (!m_loop->over()) {
            for (auto& command : m_inbox->take(m_loop->patience())) {
                command();
            }
            m_loop->step();
            auto views = m_loop->views();
            const std::lock_guard lock(m_mutex);
            m_views = std::move(views);
        }
        m_loop.reset();
    }

    std::unique_ptr<ResendLoop> m_loop; ///< the thread's
    std::shared_ptr<Inbox> m_inbox;
    CancelToken m_readsStop;
    mutable std::mutex m_mutex;
    std::vector<ResendView> m_views;
    std::thread m_thread;
};

ResendService::ResendService() = default;

Result<std::unique_ptr<ResendService>> ResendService::start(ResendParts parts, const std::filesystem::path& folder,
                                                            ResendJobId nextJob) {
    auto inbox = std::make_shared<Inbox>();
    auto loop = ResendLoop::make(std::move(parts), folder, nextJob,
                                 [inbox](std::function<void()> command) { inbox->post(std::move(command)); });
    if (!loop) {
        return fail(loop.error());
    }
    std::unique_ptr<ResendService> service(new ResendService);
    service->m_impl = std::make_unique<Impl>(std::move(*loop), std::move(inbox));
    return service;
}

ResendService::~ResendService() {
    finish(SteadyTime{});
}

void ResendService::make(ResendRequest request, Accepted accepted) {
    if (!m_impl) {
        accepted(fail(ErrorClass::Usage, "engine.closed", "The engine is closed", "Start it again"));
        return;
    }
    m_impl->post([request = std::move(request), accepted = std::move(accepted)](ResendLoop& loop) {
        loop.start(request, accepted);
    });
}

void ResendService::onJob(ResendJobId job, std::function<void(JobRun&)> command) {
    if (m_impl) {
        m_impl->post([job, command = std::move(command)](ResendLoop& loop) {
            if (JobRun* found = loop.find(job)) {
                command(*found);
            }
        });
    }
}

void ResendService::pause(ResendJobId job, const std::string& by) {
    onJob(job, [by](JobRun& run) { run.pause(by); });
}

void ResendService::resume(ResendJobId job, const std::string& by) {
    onJob(job, [by](JobRun& run) { run.resume(by); });
}

void ResendService::cancel(ResendJobId job, const std::string& by) {
    onJob(job, [by](JobRun& run) { run.cancel(by); });
}

void ResendService::setRate(ResendJobId job, double perSecond, const std::string& by) {
    onJob(job, [perSecond, by](JobRun& run) { run.setRate(perSecond, by); });
}

std::vector<ResendView> ResendService::views() const {
    return m_impl ? m_impl->views() : m_last;
}

void ResendService::finish(SteadyTime until, const CancelToken& hurry) {
    if (m_impl) {
        m_impl->stopReads();
        m_impl->post([until, hurry](ResendLoop& loop) { loop.finish(until, hurry); });
        m_impl->join();
        m_last = m_impl->views();
        m_impl.reset();
    }
}

} // namespace dashstream::resend
