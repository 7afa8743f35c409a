// A whole engine for a benchmark, on a cluster and a data folder that the benchmark names, and what is put into it.
// Whoever makes one closes it, or its destructor does. One thread; ends the program where something fails.
#pragma once

#include "core/engine/engine.h"
#include "core/store/store.h"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace dashstream::bench {

/// What it holds, or the end of the program with the error's text.
template <typename T>
T orEnd(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::exit(2);
    }
    return std::move(*result);
}
inline void orEnd(const Result<void>& result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::exit(2);
    }
}

/// "1-minute load average 3.14": what else the machine does.
[[nodiscard]] std::string loadText();

/// Encoded values of one size by many threads, the same ones in turn.
class EncodedInput {
public:
    EncodedInput(std::size_t threads, std::size_t valueBytes);
    /// Messages `from` … `to`, numbered by position from `from` + 1 on. False: the engine is closing.
    [[nodiscard]] bool submit(engine::Engine& engine, std::uint64_t from, std::uint64_t to);

private:
    std::vector<std::string> m_keys;
    std::vector<std::string> m_values;
    std::vector<engine::EncodedMessage> m_span;
};

class BenchEngine {
public:
    using Wrapper = std::function<std::unique_ptr<kafka::Producer>(std::unique_ptr<kafka::Producer>)>;
    struct Spec {
        std::string servers;
        std::string topic;
        std::filesystem::path folder; ///< store and journal
        config::Durability durability = config::Durability::Journal;
        config::MessageCompression compression = config::MessageCompression::Message;
        Wrapper wrapProducer; ///< empty: none
    };

    explicit BenchEngine(const Spec& spec);
    ~BenchEngine();
    BenchEngine(const BenchEngine&) = delete;
    BenchEngine& operator=(const BenchEngine&) = delete;

    [[nodiscard]] engine::Engine& engine() { return *m_engine; }
    /// Ends the program when `patience` was not enough.
    void waitFor(const char* what, const std::function<bool(const engine::Snapshot&)>& holds,
                 std::chrono::milliseconds patience = std::chrono::minutes(5));
    engine::Accounting close(std::chrono::milliseconds deadline);

private:
    SystemClock m_clock;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<engine::Engine> m_engine;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    engine::Engine::SnapshotPtr m_last;
};

/// Passes everything on to the producer inside.
class ProducerWrapper : public kafka::Producer {
public:
    explicit ProducerWrapper(std::unique_ptr<kafka::Producer> inner) : m_inner(std::move(inner)) {}
    [[nodiscard]] kafka::SendResult send(const kafka::Record& record) override { return m_inner->send(record); }
    [[nodiscard]] PartitionId partitionFor(std::string_view key, std::int32_t count) const override {
        return m_inner->partitionFor(key, count);
    }
    void poll(kafka::ProducerEvents& events, milliseconds patience) override { m_inner->poll(events, patience); }
    void purge() override { m_inner->purge(); }
    [[nodiscard]] std::size_t outstanding() const override { return m_inner->outstanding(); }
    void refreshMetadata() override { m_inner->refreshMetadata(); }

private:
    std::unique_ptr<kafka::Producer> m_inner;
};

} // namespace dashstream::bench
