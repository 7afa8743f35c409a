// A producer on a demo cluster, and waiting for a condition: by polling the producer, never by sleeping.
#pragma once

#include "core/kafka/demo_cluster.h"
#include "core/kafka/librdkafka_producer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dashstream::kafka::test {

inline constexpr const char* kTopic = "dashstream-events";
inline constexpr std::chrono::seconds kDeadline{20};

inline ProducerOptions optionsFor(const std::string& bootstrapServers) {
    ProducerOptions options;
    options.kafka.bootstrapServers = bootstrapServers;
    options.kafka.topic = kTopic;
    options.statisticsInterval = milliseconds(100);
    return options;
}

/// Collects everything that poll() brings.
class PolledProducer {
public:
    explicit PolledProducer(const ProducerOptions& options) {
        auto created = createLibrdkafkaProducer(options);
        EXPECT_TRUE(created.has_value()) << created.error().text();
        if (created) {
            m_producer = std::move(*created);
        }
    }

    Producer& operator*() const { return *m_producer; }
    Producer* operator->() const { return m_producer.get(); }

    /// False: the condition did not come true within the deadline.
    [[nodiscard]] bool pollUntil(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + kDeadline;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) {
                return false;
            }
            pollOnce();
        }
        return true;
    }

    [[nodiscard]] bool pollUntilReports(std::size_t count) {
        return pollUntil([&] { return reports.size() >= count; });
    }

    void pollOnce() {
        m_producer->poll(m_events, milliseconds(50));
        reports.insert(reports.end(), m_events.reports.begin(), m_events.reports.end());
        errors.insert(errors.end(), m_events.errors.begin(), m_events.errors.end());
        logs.insert(logs.end(), m_events.logs.begin(), m_events.logs.end());
        if (m_events.statistics) {
            statistics.push_back(*m_events.statistics);
        }
        if (m_events.metadata) {
            metadata.push_back(*m_events.metadata);
        }
    }

    std::vector<DeliveryReport> reports;
    std::vector<ClientError> errors;
    std::vector<ClientLog> logs;
    std::vector<Statistics> statistics;
    std::vector<TopicMetadata> metadata;

private:
    std::unique_ptr<Producer> m_producer;
    ProducerEvents m_events;
};

/// A record of `text` (which must live on) for `partition`; the token is the text's address.
inline Record recordOf(const std::string& text, int partition) {
    Record record;
    record.key = text;
    record.value = asBytes(text);
    record.partition = PartitionId(partition);
    record.token = const_cast<std::string*>(&text);
    return record;
}

inline std::vector<std::string> numberedTexts(std::size_t count) {
    std::vector<std::string> texts;
    texts.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        texts.push_back("message-" + std::to_string(i));
    }
    return texts;
}

} // namespace dashstream::kafka::test
