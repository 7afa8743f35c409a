// Reads the topic's metadata again and again on a thread of its own: librdkafka's call blocks. Owned by the producer
// and closed with it, within one question's patience. All functions: any thread.
#pragma once

#include "core/kafka/client_handle.h"
#include "core/kafka/statistics.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace dashstream::kafka {

class MetadataReader {
public:
    static constexpr milliseconds kPatience{500}; ///< for one question; doubled while a broker is slow to answer
    static constexpr milliseconds kMaxPatience{8000};
    static constexpr milliseconds kInterval{10000}; ///< between answers
    static constexpr milliseconds kSoon{1000};      ///< while the topic is refused or a partition has no leader
    static constexpr milliseconds kPause{100};      ///< after no answer
    static constexpr milliseconds kLimitEvery{60'000};

    /// `onNews` is called on the reader's thread whenever an answer came.
    MetadataReader(rd_kafka_t* client, rd_kafka_topic_t* topic, std::function<void()> onNews);
    ~MetadataReader();
    MetadataReader(const MetadataReader&) = delete;
    MetadataReader& operator=(const MetadataReader&) = delete;

    void refresh();
    /// Asks no more; the destructor waits for the question that is under way.
    void stop();
    /// The topic was refused: ask every second until an answer is used up without a new call of this.
    void watchClosely() { m_watch.store(true, std::memory_order_relaxed); }
    /// A message was too large: the topic's limit is asked for with the next question, which is soon.
    void doubtLimit() {
        m_limitDoubted.store(true, std::memory_order_relaxed);
        watchClosely();
    }
    /// The latest answers that were not taken yet.
    [[nodiscard]] std::optional<TopicMetadata> take();
    [[nodiscard]] std::optional<TopicLimit> takeLimit();

private:
    void run();
    /// How long until the next question.
    milliseconds ask();
    void askLimit(const TopicMetadata& metadata);
    /// False: stop.
    bool waitFor(milliseconds pause);

    rd_kafka_t* m_client;
    rd_kafka_topic_t* m_topic;
    std::function<void()> m_onNews;
    milliseconds m_patience = kPatience; ///< the reader's thread only
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stop = false;
    bool m_refresh = false;
    std::atomic<bool> m_watch{false};
    std::atomic<bool> m_limitDoubted{true};
    std::chrono::steady_clock::time_point m_limitReadAt{}; ///< the reader's thread only
    std::optional<TopicLimit> m_latestLimit;
    std::optional<TopicMetadata> m_latest;
    std::thread m_thread;
};

} // namespace dashstream::kafka
