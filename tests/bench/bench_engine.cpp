#include "tests/bench/bench_engine.h"

#include "core/kafka/librdkafka_producer.h"

#include <cstdio>
#include <cstdlib>

namespace dashstream::bench {

namespace {
constexpr std::size_t kDifferentValues = 4096;
}

std::string loadText() {
    double load = 0;
    if (::getloadavg(&load, 1) != 1) {
        return "load average unknown";
    }
    char text[64];
    std::snprintf(text, sizeof text, "1-minute load average %.2f", load);
    return text;
}

EncodedInput::EncodedInput(std::size_t threads, std::size_t valueBytes) {
    for (std::size_t i = 0; i < threads; ++i) {
        m_keys.push_back("thread-" + std::to_string(i));
    }
    for (std::size_t i = 0; i < kDifferentValues; ++i) {
        std::string value(valueBytes, '\0');
        for (std::size_t at = 1; at < value.size(); ++at) {
            value[at] = static_cast<char>('a' + (at * 7 + i * 13) % 26);
        }
        m_values.push_back(std::move(value));
    }
}

bool EncodedInput::submit(engine::Engine& engine, std::uint64_t from, std::uint64_t to) {
    m_span.clear();
    for (std::uint64_t i = from; i < to; ++i) {
        engine::EncodedMessage message;
        message.thread = m_keys[i % m_keys.size()];
        message.value = asBytes(m_values[i % m_values.size()]);
        message.sequence = SequenceNo{i + 1};
        m_span.push_back(message);
    }
    return engine.submitEncoded(m_span);
}

BenchEngine::BenchEngine(const Spec& spec) : m_store(orEnd(store::Store::open(spec.folder))) {
    engine::EngineParts parts;
    parts.config.kafka.bootstrapServers = spec.servers;
    parts.config.kafka.topic = spec.topic;
    parts.config.delivery.durability = spec.durability;
    parts.config.message.compression = spec.compression;
    parts.clock = &m_clock;
    parts.store = m_store.get();
    const config::KafkaSettings settings = parts.config.kafka;
    parts.makeProducer = [settings, wrap = spec.wrapProducer]() -> Result<std::unique_ptr<kafka::Producer>> {
        kafka::ProducerOptions options;
        options.kafka = settings;
        auto made = kafka::createLibrdkafkaProducer(options);
        if (made && wrap) {
            return wrap(std::move(*made));
        }
        return made;
    };
    parts.topicOptions = kafka::QueryOptions{settings, {}, {}, settings.topic};
    parts.journalFolder = spec.folder / "journal";
    m_engine = orEnd(engine::Engine::start(std::move(parts)));
    m_engine->setSnapshotListener([this](engine::Engine::SnapshotPtr snapshot) {
        const std::lock_guard lock(m_mutex);
        m_last = std::move(snapshot);
        m_changed.notify_all();
    });
}

BenchEngine::~BenchEngine() {
    if (m_engine) {
        (void)close(std::chrono::milliseconds{0});
    }
}

void BenchEngine::waitFor(const char* what, const std::function<bool(const engine::Snapshot&)>& holds,
                          std::chrono::milliseconds patience) {
    std::unique_lock lock(m_mutex);
    if (m_changed.wait_for(lock, patience, [&] { return m_last && holds(*m_last); })) {
        return;
    }
    std::fprintf(stderr, "gave up waiting until %s\n", what);
    std::_Exit(1); // the engine's threads still run
}

engine::Accounting BenchEngine::close(std::chrono::milliseconds deadline) {
    const engine::Accounting books = m_engine->close(deadline);
    m_engine.reset();
    m_store.reset();
    return books;
}

} // namespace dashstream::bench
