// A whole engine on the demo cluster, with a store in a folder of its own; everything ends with the rig.
#pragma once

#include "core/engine/engine.h"
#include "core/kafka/consumer.h"
#include "core/kafka/demo_cluster.h"
#include "core/kafka/librdkafka_producer.h"
#include "core/observe/logging.h"
#include "core/store/store.h"
#include "core/wire/codec.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace dashstream::engine::test {

class EngineRig {
public:
    EngineRig() {
        std::string pattern = (std::filesystem::temp_directory_path() / "dashstream-engine-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
        config.kafka.topic = "events";
        config.retry.base = milliseconds{50};
        config.retry.max = milliseconds{200};
        config.store.minFreeBytes = 0;
        const char* durability = std::getenv("DASHSTREAM_DURABILITY"); // the tests run once more with "memory"
        if (durability != nullptr && std::string_view(durability) == "memory") {
            config.delivery.durability = config::Durability::Memory;
        }
    }
    ~EngineRig() {
        stop();
        demo.reset();
        std::filesystem::remove_all(m_folder);
    }

    void bounded(milliseconds sendTimeout) {
        config.delivery.mode = config::DeliveryMode::Bounded;
        config.delivery.sendTimeout = sendTimeout;
    }

    void start() {
        if (!demo) {
            demo = kafka::DemoCluster::start(config.kafka.topic).value();
            config.kafka.bootstrapServers = demo->bootstrapServers();
        }
        auto opened = store::Store::open(m_folder);
        ASSERT_TRUE(opened) << opened.error().text();
        store = std::move(*opened);
        EngineParts parts;
        parts.config = config;
        parts.clock = &m_clock;
        parts.store = store.get();
        parts.makeProducer = [this] {
            kafka::ProducerOptions options;
            options.kafka = config.kafka;
            const bool limited = config.delivery.mode == config::DeliveryMode::Bounded;
            options.withoutLinger = limited && config.delivery.ordering == config::Ordering::Strict;
            options.maxMessageBytes = config.message.maxBytes;
            auto made = kafka::createLibrdkafkaProducer(options);
            if (made && wrapProducer) {
                return Result<std::unique_ptr<kafka::Producer>>(wrapProducer(std::move(*made)));
            }
            return made;
        };
        parts.topicOptions = kafka::QueryOptions{config.kafka, {}, {}, config.kafka.topic};
        parts.journalFolder = m_folder / "journal";
        auto started = Engine::start(std::move(parts));
        ASSERT_TRUE(started) << started.error().text();
        engine = std::move(*started);
        engine->setSnapshotListener([this](Engine::SnapshotPtr snapshot) {
            const std::lock_guard lock(m_mutex);
            m_last = std::move(snapshot);
            m_changed.notify_all();
        });
    }
    Accounting stop(milliseconds deadline = milliseconds{20'000}) {
        Accounting books;
        if (engine) {
            books = engine->close(deadline);
            engine.reset();
        }
        store.reset();
        return books;
    }

    SourceId source(const std::string& spec, SourceOptions options = {}) {
        return engine->addSource(source::openSource(spec).value(), std::move(options));
    }
    std::string file(const std::string& name, const std::string& content) const {
        const auto path = m_folder / name;
        FILE* out = std::fopen(path.c_str(), "wb");
        std::fwrite(content.data(), 1, content.size(), out);
        std::fclose(out);
        return path.string();
    }

    /// The first snapshot for which `holds`; null when a minute was not enough.
    Engine::SnapshotPtr waitFor(const std::function<bool(const Snapshot&)>& holds) {
        std::unique_lock lock(m_mutex);
        const bool came = m_changed.wait_for(lock, std::chrono::minutes(1), [&] { return m_last && holds(*m_last); });
        return came ? m_last : nullptr;
    }
    Engine::SnapshotPtr waitUntilSettled(std::uint64_t delivered) {
        return waitFor([=](const Snapshot& shown) {
            return shown.accounting.delivered >= delivered && shown.accounting.unsettled() == 0;
        });
    }

    /// Sequence numbers of each thread in the order they stand in the topic.
    std::map<std::string, std::vector<std::uint64_t>> readTopic(std::size_t records) {
        std::map<std::string, std::vector<std::uint64_t>> found;
        kafka::ConsumerOptions options;
        options.cluster.kafka = config.kafka;
        options.cluster.topic = config.kafka.topic;
        auto consumer = kafka::TopicConsumer::open(options, milliseconds{20'000});
        EXPECT_TRUE(consumer) << consumer.error().text();
        wire::Decoder decoder;
        wire::v1::DashStreamMessage message;
        std::size_t read = 0;
        const auto giveUp = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (consumer && read < records && std::chrono::steady_clock::now() < giveUp) {
            auto batch = (*consumer)->poll(milliseconds{200});
            for (const kafka::ConsumedRecord& record : batch->records) {
                const auto decoded = decoder.decode(asBytes(record.value), message);
                EXPECT_TRUE(decoded);
                EXPECT_EQ(record.key, wire::headerOf(message)->thread_id());
                found[record.key].push_back(wire::headerOf(message)->sequence());
                ++read;
            }
        }
        EXPECT_EQ(read, records);
        return found;
    }

    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }

    config::Config config;
    std::function<std::unique_ptr<kafka::Producer>(std::unique_ptr<kafka::Producer>)> wrapProducer;
    std::unique_ptr<kafka::DemoCluster> demo;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Engine> engine;

private:
    SystemClock m_clock;
    std::filesystem::path m_folder;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    Engine::SnapshotPtr m_last;
};

inline void expectGapless(const std::map<std::string, std::vector<std::uint64_t>>& threads, std::uint64_t first = 1) {
    for (const auto& [thread, numbers] : threads) {
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            ASSERT_EQ(numbers[i], first + i) << "thread " << thread << ", place " << i;
        }
    }
}

} // namespace dashstream::engine::test
