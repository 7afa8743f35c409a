#include "core/store/query_service.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace dashstream::store {

struct QueryService::Impl {
    struct Item {
        Query query;
        CancelToken cancel;
    };

    std::unique_ptr<StoreReader> reader; ///< used by the thread alone
    std::mutex mutex;                    ///< guards what follows
    std::condition_variable filled;
    std::deque<Item> queue;
    std::optional<CancelToken> running;
    bool closing = false;
    std::mutex closeMutex; ///< one close() at a time
    std::thread thread;

    void run();
};

void QueryService::Impl::run() {
    std::unique_lock guard(mutex);
    for (;;) {
        filled.wait(guard, [this] { return closing || !queue.empty(); });
        if (closing) {
            return;
        }
        Item item = std::move(queue.front());
        queue.pop_front();
        running = item.cancel;
        guard.unlock();
        if (!item.cancel.cancelled()) {
            item.query(*reader);
        }
        item.query = nullptr; // what it holds is freed without the lock
        guard.lock();
        running.reset();
    }
}

QueryService::QueryService() : m_impl(std::make_unique<Impl>()) {}

QueryService::~QueryService() {
    close();
}

Result<std::unique_ptr<QueryService>> QueryService::start(const std::filesystem::path& folder) {
    Result<std::unique_ptr<StoreReader>> reader = StoreReader::open(folder);
    if (!reader) {
        return fail(std::move(reader.error()));
    }
    std::unique_ptr<QueryService> service(new QueryService);
    Impl& impl = *service->m_impl;
    impl.reader = std::move(*reader);
    impl.thread = std::thread([&impl] { impl.run(); });
    return service;
}

void QueryService::post(Query query, CancelToken cancel) {
    const std::lock_guard guard(m_impl->mutex);
    if (!m_impl->closing) {
        m_impl->queue.push_back({std::move(query), std::move(cancel)});
        m_impl->filled.notify_one();
    }
}

void QueryService::close() {
    const std::lock_guard once(m_impl->closeMutex);
    std::deque<Impl::Item> dropped;
    {
        const std::lock_guard guard(m_impl->mutex);
        m_impl->closing = true;
        dropped.swap(m_impl->queue);
        if (m_impl->running) {
            m_impl->running->cancel();
        }
    }
    for (const Impl::Item& item : dropped) {
        item.cancel.cancel();
    }
    m_impl->filled.notify_all();
    if (m_impl->thread.joinable()) {
        m_impl->thread.join();
    }
}

} // namespace dashstream::store
