// A producer instance towards the simulated brokers, as librdkafka's idempotent producer behaves: batches by partition
// in order, at most five under way, the same batch again after a lost connection; after a gap the rest goes on under a
// new epoch. Nothing times out. Destroyed without a report of what is inside. One thread.
#pragma once

#include "core/kafka/producer.h"
#include "tests/simulation/sim_cluster.h"

#include <deque>
#include <map>

namespace dashstream::simulation {

struct SimProducerSettings {
    milliseconds linger{5};
    std::size_t batchMessages = 10;
    std::size_t queueMessages = 1'000;
};

class SimProducer final : public kafka::Producer {
public:
    SimProducer(SimCluster& cluster, SimProducerSettings settings);
    ~SimProducer() override;
    SimProducer(const SimProducer&) = delete;
    SimProducer& operator=(const SimProducer&) = delete;

    kafka::SendResult send(const kafka::Record& record) override;
    [[nodiscard]] PartitionId partitionFor(std::string_view key, std::int32_t partitionCount) const override;
    void poll(kafka::ProducerEvents& events, milliseconds patience) override;
    void purge() override;
    [[nodiscard]] std::size_t outstanding() const override { return m_inside + m_events.reports.size(); }
    void refreshMetadata() override { m_metadataAt = m_cluster.clock().steadyNow() + milliseconds(50); }

    // From the cluster.
    [[nodiscard]] std::uint64_t instance() const { return m_instance; }
    void step();
    void onAnswer(const SimAnswer& answer);
    void onConnectionLost(std::int32_t partition);
    void onFatal(int errorCode);

private:
    struct Item {
        kafka::Record record;
        SteadyTime queued;
    };
    struct Batch {
        std::uint64_t request = 0;
        int epoch = 0;
        std::uint64_t first = 0;
        std::vector<Item> items;
        bool underWay = false;
        bool maybe = false; ///< an earlier try may have been written
    };
    struct Queue {
        std::deque<Item> items;
        std::deque<Batch> batches; ///< older than items; those under way first
        int epoch = 0;
        std::uint64_t next = 0;
        bool gap = false; ///< nothing is sent before all that is under way came back; then a new epoch begins
        SteadyTime notBefore{};
    };

    void report(const Item& item, std::int32_t partition, int errorCode, kafka::Persistence persistence,
                std::int64_t offset = -1);
    void reportBatch(const Batch& batch, std::int32_t partition, int errorCode, kafka::Persistence persistence);
    void closeGap(Queue& queue, std::int32_t partition);
    void sendMore(Queue& queue, std::int32_t partition);
    [[nodiscard]] bool makeBatch(Queue& queue);
    void transmit(Batch& batch, std::int32_t partition);
    void tellMetadata();

    SimCluster& m_cluster;
    SimProducerSettings m_settings;
    std::uint64_t m_instance;
    std::uint64_t m_lastRequest = 0;
    std::map<std::int32_t, Queue> m_queues;
    kafka::ProducerEvents m_events; ///< not polled yet
    std::size_t m_inside = 0;
    bool m_fatal = false;
    int m_topicRefusal = 0; ///< remembered until metadata says otherwise
    std::optional<SteadyTime> m_metadataAt;
    std::int32_t m_partitionsTold = 0;
};

} // namespace dashstream::simulation
