// Produce: 600-byte values that enter the engine at *send* (encoded, thread and sequence given, relaxed order) against
// librdkafka's bare producev loop on the same mock cluster. Prints the ratio of each interleaved pair and the median.
//   produce_bench [--messages N] [--runs N] [--smoke]
#include "core/engine/engine.h"
#include "core/kafka/demo_cluster.h"
#include "core/kafka/librdkafka_producer.h"
#include "core/store/store.h"
#include "tests/bench/bench_report.h"
#include "tests/support/temp_dir.h"

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace dashstream;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t kValueBytes = 600;
constexpr std::size_t kThreads = 500;
constexpr const char* kTopic = "bench";

struct Input {
    std::vector<std::string> keys;
    std::vector<std::string> values; ///< a few thousand different ones, used in turn
};

Input makeInput() {
    Input input;
    for (std::size_t i = 0; i < kThreads; ++i) {
        input.keys.push_back("thread-" + std::to_string(i));
    }
    for (std::size_t i = 0; i < 4096; ++i) {
        std::string value(kValueBytes, '\0');
        for (std::size_t at = 1; at < value.size(); ++at) {
            value[at] = static_cast<char>('a' + (at * 7 + i * 13) % 26);
        }
        input.values.push_back(std::move(value));
    }
    return input;
}

config::KafkaSettings kafkaSettings(const kafka::DemoCluster& cluster) {
    config::KafkaSettings settings;
    settings.bootstrapServers = cluster.bootstrapServers();
    settings.topic = kTopic;
    return settings;
}

rd_kafka_t* makeBareProducer(const kafka::DemoCluster& cluster) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char error[512];
    const auto set = [&](const char* key, const std::string& value) {
        if (rd_kafka_conf_set(conf, key, value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) {
            std::fprintf(stderr, "bare producer: %s\n", error);
            std::exit(2);
        }
    };
    set("bootstrap.servers", cluster.bootstrapServers());
    set("enable.idempotence", "true");
    set("linger.ms", "5");
    set("queue.buffering.max.messages", "1000000");
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR);
    return rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
}

/// Messages a second of a bare loop: no copy, keyed, reports taken as event batches by a thread of their own.
double bareRun(const kafka::DemoCluster& cluster, const Input& input, std::size_t count) {
    rd_kafka_t* client = makeBareProducer(cluster);
    rd_kafka_topic_t* topic = rd_kafka_topic_new(client, kTopic, nullptr);
    rd_kafka_queue_t* queue = rd_kafka_queue_get_main(client);
    std::atomic<std::size_t> reported{0};
    std::atomic<bool> stop{false};
    std::thread reports([&] {
        while (!stop) {
            rd_kafka_event_t* event = rd_kafka_queue_poll(queue, 100);
            if (event != nullptr) {
                reported += rd_kafka_event_message_count(event);
                rd_kafka_event_destroy(event);
            }
        }
    });
    const auto send = [&](std::size_t i) {
        const std::string& key = input.keys[i % kThreads];
        const std::string& value = input.values[i % input.values.size()];
        while (rd_kafka_producev(client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_MSGFLAGS(0),
                                 RD_KAFKA_V_KEY(key.data(), key.size()),
                                 RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                                 RD_KAFKA_V_END) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            std::this_thread::yield();
        }
    };
    const auto finish = [&](std::size_t wanted) {
        while (reported < wanted) {
            rd_kafka_flush(client, 10);
        }
    };
    send(0); // metadata is there once the first is delivered
    finish(1);
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; ++i) {
        send(i);
    }
    finish(count + 1);
    const Seconds took = std::chrono::steady_clock::now() - start;
    stop = true;
    reports.join();
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
    return static_cast<double>(count) / took.count();
}

/// Messages a second of the engine, entering at send.
double engineRun(const kafka::DemoCluster& cluster, const Input& input, std::size_t count) {
    const dashstream::testing::TempDir folder;
    auto store = store::Store::open(folder.path()).value();
    const SystemClock clock;
    engine::EngineParts parts;
    parts.config.kafka = kafkaSettings(cluster);
    parts.config.delivery.ordering = config::Ordering::Relaxed;
    parts.clock = &clock;
    parts.store = store.get();
    parts.makeProducer = [&] {
        kafka::ProducerOptions options;
        options.kafka = kafkaSettings(cluster);
        return kafka::createLibrdkafkaProducer(options);
    };
    auto engine = engine::Engine::start(std::move(parts)).value();
    const auto waitFor = [&](std::uint64_t delivered) {
        while (engine->snapshot()->accounting.delivered < delivered) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    };
    std::vector<engine::EncodedMessage> span;
    std::uint64_t sequence = 0;
    const auto submit = [&](std::size_t from, std::size_t to) {
        span.clear();
        for (std::size_t i = from; i < to; ++i) {
            engine::EncodedMessage message;
            message.thread = input.keys[i % kThreads];
            message.value = asBytes(input.values[i % input.values.size()]);
            message.sequence = SequenceNo{++sequence};
            span.push_back(message);
        }
        if (!engine->submitEncoded(span)) {
            std::exit(2);
        }
    };
    submit(0, 1);
    waitFor(1);
    constexpr std::size_t kSpan = 1024;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; i += kSpan) {
        submit(i, std::min(count, i + kSpan));
    }
    const auto books = engine->close(std::chrono::minutes(2)); // returns as soon as all is settled
    const Seconds took = std::chrono::steady_clock::now() - start;
    if (books.delivered != count + 1 || !books.balanced()) {
        std::fprintf(stderr, "engine: %llu of %zu delivered\n", static_cast<unsigned long long>(books.delivered),
                     count + 1);
        std::exit(1);
    }
    return static_cast<double>(count) / took.count();
}

} // namespace

int main(int argc, char** argv) {
    const bench::Options options = bench::parse(argc, argv, {.runs = 7, .size = 1'000'000, .smokeSize = 50'000});
    bench::printMachine("produce: engine entered at send / bare producev, 600-byte values, mock cluster");
    std::printf("librdkafka %s\n", kafka::librdkafkaVersion().c_str());
    const Input input = makeInput();
    auto cluster = kafka::DemoCluster::start(kTopic).value();
    bench::Ratios ratios("engine msgs/s", "bare msgs/s");
    for (int run = 0; run < options.runs; ++run) {
        const double bare = bareRun(*cluster, input, options.size);
        const double ours = engineRun(*cluster, input, options.size);
        ratios.add(ours, bare);
    }
    ratios.print("produce_ratio", "target >= 0.6");
    return 0;
}
