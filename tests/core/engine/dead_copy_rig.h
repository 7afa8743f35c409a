// A copier of dead letters on a real store, before a cluster and a clock that do what the test says.
#pragma once

#include "core/engine/dead_copy_loop.h"
#include "core/store/reader.h"
#include "tests/support/hand_clock.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <deque>
#include <utility>

namespace dashstream::engine::test {

inline constexpr int kTooLarge = 10;      ///< MSG_SIZE_TOO_LARGE
inline constexpr int kNotAuthorised = 29; ///< TOPIC_AUTHORIZATION_FAILED
inline constexpr int kFatal = -150;       ///< RD_KAFKA_RESP_ERR__FATAL

/// What producers of the rig talk to.
struct CopyCluster {
    struct Sent {
        DeadLetterId id;
        std::string key;
        std::string value;
    };
    std::vector<Sent> sent;   ///< since the test last emptied it
    std::deque<void*> inside; ///< tokens without a report
    kafka::ProducerEvents events;
    int producersMade = 0;
    int producersAlive = 0;

    void topicIsThere() {
        kafka::TopicMetadata metadata;
        metadata.partitions.resize(3);
        events.metadata = std::move(metadata);
    }
    /// Reports on the oldest `count` that are inside; 0: delivered.
    void report(std::size_t count, int errorCode) {
        for (; count > 0 && !inside.empty(); --count) {
            const auto fate = errorCode == 0 ? kafka::Persistence::Persisted : kafka::Persistence::NotPersisted;
            events.reports.push_back({inside.front(), errorCode, fate, PartitionId{0}, Offset{1}});
            inside.pop_front();
        }
    }
    void reportAll(int errorCode) { report(inside.size(), errorCode); }
    [[nodiscard]] std::vector<std::int64_t> takeSent() {
        std::vector<std::int64_t> ids;
        for (const Sent& one : std::exchange(sent, {})) {
            ids.push_back(one.id.value);
        }
        return ids;
    }
};

class CopyProducer final : public kafka::Producer {
public:
    explicit CopyProducer(CopyCluster& cluster) : m_cluster(cluster) {
        ++m_cluster.producersMade;
        ++m_cluster.producersAlive;
    }
    ~CopyProducer() override {
        --m_cluster.producersAlive;
        m_cluster.inside.clear();
        m_cluster.events.clear();
    }
    kafka::SendResult send(const kafka::Record& record) override {
        m_cluster.sent.push_back(
            {static_cast<DeadCopy*>(record.token)->id, std::string(record.key), std::string(asText(record.value))});
        m_cluster.inside.push_back(record.token);
        return {};
    }
    PartitionId partitionFor(std::string_view, std::int32_t) const override { return PartitionId{0}; }
    void poll(kafka::ProducerEvents& events, milliseconds) override { events = std::exchange(m_cluster.events, {}); }
    void purge() override {}
    std::size_t outstanding() const override { return m_cluster.inside.size(); }
    void refreshMetadata() override {}

private:
    CopyCluster& m_cluster;
};

class CopyRig {
public:
    CopyRig() { store = store::Store::open(folder.path()).value(); }

    [[nodiscard]] DeadCopierParts parts() {
        return {config, &clock, store.get(), nullptr, [this]() -> Result<std::unique_ptr<kafka::Producer>> {
                    if (producerError) {
                        return fail(*producerError);
                    }
                    return std::make_unique<CopyProducer>(cluster);
                }};
    }
    void start() {
        loop.reset();
        loop = DeadCopyLoop::make(parts()).value();
    }
    /// As after a restart, with copies of the topic's taste: steps until nothing more comes of it at this moment.
    void settle() {
        for (int i = 0; i < 6; ++i) {
            loop->step();
            storeHasAll();
        }
    }
    void startWithTopic() {
        start();
        settle();
        cluster.topicIsThere();
        settle();
    }
    void advance(milliseconds by) {
        clock.advance(by);
        settle();
    }
    void report(std::size_t count, int errorCode) {
        cluster.report(count, errorCode);
        settle();
    }
    void reportAll(int errorCode) { report(cluster.inside.size(), errorCode); }

    void addLetters(std::int64_t first, std::int64_t last) {
        store::WriteBatch batch;
        for (std::int64_t number = first; number <= last; ++number) {
            store::DeadLetter letter;
            letter.id = DeadLetterId(number);
            letter.message.thread = "thread";
            letter.message.tenant = "tenant";
            letter.message.topic = "events";
            letter.message.sequence = SequenceNo(static_cast<std::uint64_t>(number));
            letter.message.value = "value";
            letter.errorCode = "MSG_TIMED_OUT";
            letter.errorText = "timed out";
            letter.diedAt = clock.utcNow();
            letter.traceId = "trace-" + std::to_string(number);
            letter.copyState = store::CopyState::Pending;
            batch.add(store::op::PutDead{letter});
        }
        ASSERT_TRUE(store->commit(std::move(batch)));
    }
    [[nodiscard]] store::CopyState stateOf(std::int64_t letter) {
        const std::vector<DeadLetterId> ids{DeadLetterId(letter)};
        return reader().deadRows(ids)->front().copyState;
    }
    [[nodiscard]] store::CopyCounts counts() { return reader().copyCounts().value(); }

    dashstream::testing::TempDir folder;
    dashstream::testing::HandClock clock;
    config::Config config;
    CopyCluster cluster;
    std::optional<Error> producerError;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<DeadCopyLoop> loop;

private:
    /// What was submitted before is in the store, and its answers are given.
    void storeHasAll() {
        store::WriteBatch batch;
        batch.add(store::op::AppendAudit{{0, clock.utcNow(), "test", "test.barrier", "", 0}});
        ASSERT_TRUE(store->commit(std::move(batch)));
    }
    store::StoreReader& reader() {
        if (!m_reader) {
            m_reader = store::StoreReader::open(folder.path()).value();
        }
        return *m_reader;
    }
    std::unique_ptr<store::StoreReader> m_reader;
};

} // namespace dashstream::engine::test
