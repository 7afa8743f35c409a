#include "core/kafka/metadata_reader.h"

#include "core/kafka/topic_limit.h"
#include "core/kafka/topic_metadata.h"

#include <algorithm>
#include <utility>

namespace dashstream::kafka {
namespace {

bool hasLeaders(const TopicMetadata& metadata) {
    return !metadata.partitions.empty() &&
           std::ranges::none_of(metadata.partitions, [](const auto& partition) { return partition.leader.value < 0; });
}

} // namespace

MetadataReader::MetadataReader(rd_kafka_t* client, rd_kafka_topic_t* topic, std::function<void()> onNews)
    : m_client(client), m_topic(topic), m_onNews(std::move(onNews)), m_thread([this] { run(); }) {}

MetadataReader::~MetadataReader() {
    stop();
    m_thread.join();
}

void MetadataReader::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
}

void MetadataReader::refresh() {
    {
        const std::lock_guard lock(m_mutex);
        m_refresh = true;
    }
    m_wake.notify_all();
}

std::optional<TopicMetadata> MetadataReader::take() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_latest, std::nullopt);
}

void MetadataReader::run() {
    while (waitFor(ask())) {
    }
}

milliseconds MetadataReader::ask() {
    auto answer = readTopicMetadata(m_client, m_topic, m_patience);
    if (!answer) {
        const bool slow = answer.error().code == "kafka.TIMED_OUT";
        m_patience = slow ? std::min(m_patience * 2, kMaxPatience) : kPatience;
        return kPause; // the client's error events say why
    }
    const bool usable = hasLeaders(*answer);
    if (usable) {
        askLimit(*answer); // before the partitions are known, so that nothing is sent in ignorance of it
    }
    {
        const std::lock_guard lock(m_mutex);
        m_latest = std::move(*answer);
    }
    m_onNews();
    return usable ? kInterval : kSoon;
}

void MetadataReader::askLimit(const TopicMetadata& metadata) {
    const auto now = std::chrono::steady_clock::now();
    if (!m_limitDoubted.exchange(false, std::memory_order_relaxed) && now < m_limitReadAt + kLimitEvery) {
        return;
    }
    m_limitReadAt = now;
    TopicLimit limit = readTopicLimit(m_client, metadata.topic, metadata.partitions.front().leader.value, m_patience);
    const std::lock_guard lock(m_mutex);
    m_latestLimit = std::move(limit);
}

std::optional<TopicLimit> MetadataReader::takeLimit() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_latestLimit, std::nullopt);
}

bool MetadataReader::waitFor(milliseconds pause) {
    const auto start = std::chrono::steady_clock::now();
    std::unique_lock lock(m_mutex);
    const auto wanted = [this] { return m_stop || m_refresh; };
    // In steps: a refusal may come while the long pause runs, and whoever notes it takes no lock.
    while (std::chrono::steady_clock::now() < start + pause && !m_wake.wait_for(lock, std::min(pause, kSoon), wanted)) {
        if (m_watch.exchange(false, std::memory_order_relaxed)) {
            break;
        }
    }
    m_refresh = false;
    return !m_stop;
}

} // namespace dashstream::kafka
