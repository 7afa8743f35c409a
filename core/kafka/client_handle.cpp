#include "core/kafka/client_handle.h"

#include <functional>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

namespace dashstream::kafka {
namespace {

void runWithin(const std::function<void()>& work, milliseconds limit) {
    auto task = std::make_shared<std::packaged_task<void()>>(work);
    const std::future<void> done = task->get_future();
    std::thread worker;
    try {
        worker = std::thread([task] { (*task)(); });
    } catch (const std::system_error&) {
        (*task)(); // no thread to be had: better late than never
        return;
    }
    if (done.wait_for(limit) == std::future_status::ready) {
        worker.join();
    } else {
        worker.detach();
    }
}

} // namespace

void releaseWithin(std::shared_ptr<void> owned, milliseconds limit) {
    auto box = std::make_shared<std::shared_ptr<void>>(std::move(owned));
    runWithin([box] { box->reset(); }, limit);
}

void closeClient(rd_kafka_t* client, milliseconds limit) {
    runWithin([client] { rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE); }, limit);
}

} // namespace dashstream::kafka
