// Takes delivery reports and other events off one producer instance, in batches, and leaves them in the mailbox.
// Started and stopped by the engine thread; stopping waits at most for one poll.
#pragma once

#include "core/engine/mailbox.h"
#include "core/kafka/producer.h"

#include <atomic>
#include <thread>

namespace dashstream::engine {

class DeliveryThread {
public:
    static constexpr milliseconds kPatience{100};

    DeliveryThread(kafka::Producer& producer, Mailbox& mailbox)
        : m_thread([this, &producer, &mailbox] {
              while (!m_stop) {
                  kafka::ProducerEvents events;
                  producer.poll(events, kPatience);
                  if (!events.empty()) {
                      mailbox.post(std::move(events));
                  }
              }
          }) {}
    ~DeliveryThread() {
        m_stop = true;
        m_thread.join();
    }
    DeliveryThread(const DeliveryThread&) = delete;
    DeliveryThread& operator=(const DeliveryThread&) = delete;

private:
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace dashstream::engine
