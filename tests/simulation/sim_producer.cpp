#include "tests/simulation/sim_producer.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>

namespace dashstream::simulation {

namespace {
using kafka::Persistence;

constexpr std::size_t kMaxInFlight = 5;
constexpr milliseconds kRetryBackoff{100};
constexpr milliseconds kMetadataEvery{10'000};
constexpr milliseconds kMetadataWhileRefused{1'000};

Persistence persistenceOf(bool maybe) {
    return maybe ? Persistence::PossiblyPersisted : Persistence::NotPersisted;
}
} // namespace

SimProducer::SimProducer(SimCluster& cluster, SimProducerSettings settings)
    : m_cluster(cluster), m_settings(settings), m_instance(cluster.newInstance()) {
    m_cluster.attach(*this);
    m_metadataAt = m_cluster.clock().steadyNow();
}

SimProducer::~SimProducer() {
    m_cluster.detach(*this);
}

kafka::SendResult SimProducer::send(const kafka::Record& record) {
    if (m_fatal) {
        return {kafka::SendStatus::Failed, RD_KAFKA_RESP_ERR__FATAL};
    }
    if (m_topicRefusal != 0) {
        return {kafka::SendStatus::Failed, m_topicRefusal};
    }
    if (outstanding() >= m_settings.queueMessages) {
        return {kafka::SendStatus::Full, RD_KAFKA_RESP_ERR__QUEUE_FULL};
    }
    m_queues[record.partition.value].items.push_back({record, m_cluster.clock().steadyNow()});
    ++m_inside;
    return {};
}

PartitionId SimProducer::partitionFor(std::string_view key, std::int32_t partitionCount) const {
    std::uint32_t hash = 2'166'136'261U;
    for (const char letter : key) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * 16'777'619U;
    }
    return PartitionId(static_cast<std::int32_t>(hash % static_cast<std::uint32_t>(partitionCount)));
}

void SimProducer::poll(kafka::ProducerEvents& events, milliseconds /*patience*/) {
    events = std::move(m_events);
    m_events.clear();
}

void SimProducer::report(const Item& item, std::int32_t partition, int errorCode, Persistence persistence,
                         std::int64_t offset) {
    m_events.reports.push_back({item.record.token, errorCode, persistence, PartitionId(partition), Offset(offset)});
    --m_inside;
}

void SimProducer::reportBatch(const Batch& batch, std::int32_t partition, int errorCode, Persistence persistence) {
    for (const Item& item : batch.items) {
        report(item, partition, errorCode, persistence);
    }
}

void SimProducer::purge() {
    for (auto& [partition, queue] : m_queues) {
        for (const Batch& batch : queue.batches) {
            const bool maybe = batch.maybe || batch.underWay;
            reportBatch(batch, partition,
                        batch.underWay ? RD_KAFKA_RESP_ERR__PURGE_INFLIGHT : RD_KAFKA_RESP_ERR__PURGE_QUEUE,
                        persistenceOf(maybe));
            queue.gap = true;
        }
        queue.batches.clear();
        for (const Item& item : queue.items) {
            report(item, partition, RD_KAFKA_RESP_ERR__PURGE_QUEUE, Persistence::NotPersisted);
        }
        queue.items.clear();
    }
}

void SimProducer::onFatal(int errorCode) {
    if (!m_fatal) {
        m_fatal = true;
        m_events.errors.push_back({errorCode, true, "the simulated instance is at its end"});
    }
}

void SimProducer::onConnectionLost(std::int32_t partition) {
    Queue& queue = m_queues[partition];
    for (Batch& batch : queue.batches) {
        batch.maybe = batch.maybe || batch.underWay;
        batch.underWay = false;
    }
    queue.notBefore = m_cluster.clock().steadyNow() + kRetryBackoff;
}

void SimProducer::onAnswer(const SimAnswer& answer) {
    Queue& queue = m_queues[answer.partition];
    const auto found = std::find_if(queue.batches.begin(), queue.batches.end(), [&](const Batch& batch) {
        return batch.underWay && batch.request == answer.request;
    });
    if (found == queue.batches.end()) {
        return; // timed out or purged meanwhile
    }
    if (answer.errorCode == RD_KAFKA_RESP_ERR_NO_ERROR) {
        std::int64_t offset = answer.offset;
        for (const Item& item : found->items) {
            report(item, answer.partition, 0, Persistence::Persisted, offset < 0 ? -1 : offset++);
        }
        queue.batches.erase(found);
        return;
    }
    if (answer.errorCode == RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER ||
        answer.errorCode == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH) {
        if (queue.gap) { // one before it failed: it goes again behind that one's gap
            found->underWay = false;
        } else {
            reportBatch(*found, answer.partition, answer.errorCode, Persistence::PossiblyPersisted);
            queue.batches.erase(found);
            onFatal(answer.errorCode);
        }
        return;
    }
    if (answer.errorCode != RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
        m_topicRefusal = answer.errorCode;
        m_metadataAt = m_cluster.clock().steadyNow() + kMetadataWhileRefused;
    }
    reportBatch(*found, answer.partition, answer.errorCode, persistenceOf(found->maybe));
    queue.batches.erase(found);
    queue.gap = true;
}

void SimProducer::closeGap(Queue& queue, std::int32_t partition) {
    const bool underWay =
        std::any_of(queue.batches.begin(), queue.batches.end(), [](const Batch& batch) { return batch.underWay; });
    if (!queue.gap || underWay) {
        return;
    }
    for (auto batch = queue.batches.begin(); batch != queue.batches.end();) {
        const auto offset = batch->maybe ? m_cluster.settle(partition, {m_instance, batch->epoch, batch->first})
                                         : std::optional<std::int64_t>(-1);
        if (!offset) {
            return;
        }
        batch->maybe = false;
        if (*offset < 0) {
            ++batch;
            continue;
        }
        for (const Item& item : batch->items) {
            report(item, partition, 0, Persistence::Persisted);
        }
        batch = queue.batches.erase(batch);
    }
    queue.gap = false;
    ++queue.epoch;
    queue.next = 0;
    for (Batch& batch : queue.batches) {
        batch.epoch = queue.epoch;
        batch.first = queue.next;
        queue.next += batch.items.size();
    }
}

bool SimProducer::makeBatch(Queue& queue) {
    const SteadyTime now = m_cluster.clock().steadyNow();
    const bool full = queue.items.size() >= m_settings.batchMessages;
    if (queue.items.empty() || (!full && queue.items.front().queued + m_settings.linger > now)) {
        return false;
    }
    Batch batch;
    batch.epoch = queue.epoch;
    batch.first = queue.next;
    while (!queue.items.empty() && batch.items.size() < m_settings.batchMessages) {
        batch.items.push_back(queue.items.front());
        queue.items.pop_front();
    }
    queue.next += batch.items.size();
    queue.batches.push_back(std::move(batch));
    return true;
}

void SimProducer::transmit(Batch& batch, std::int32_t partition) {
    batch.underWay = true;
    batch.request = ++m_lastRequest;
    SimRequest request{batch.request, {m_instance, batch.epoch, batch.first}, partition, {}};
    for (const Item& item : batch.items) {
        request.records.push_back(
            {std::string(item.record.key), std::string(asText(item.record.value)), item.record.timestampMs});
    }
    m_cluster.transmit(std::move(request));
}

void SimProducer::sendMore(Queue& queue, std::int32_t partition) {
    if (queue.gap || queue.notBefore > m_cluster.clock().steadyNow()) {
        return;
    }
    if (!m_cluster.reachable(partition)) {
        queue.notBefore = m_cluster.clock().steadyNow() + kRetryBackoff;
        return;
    }
    std::size_t inFlight = 0;
    for (std::size_t i = 0; inFlight < kMaxInFlight; ++i, ++inFlight) {
        if (i == queue.batches.size() && !makeBatch(queue)) {
            return;
        }
        if (!queue.batches[i].underWay) {
            transmit(queue.batches[i], partition);
        }
    }
}

void SimProducer::tellMetadata() {
    const SteadyTime now = m_cluster.clock().steadyNow();
    if (!m_metadataAt || *m_metadataAt > now) {
        return;
    }
    kafka::TopicMetadata metadata;
    metadata.topic = "events";
    metadata.errorCode = m_cluster.topicRefusal();
    m_topicRefusal = metadata.errorCode == 0 ? 0 : m_topicRefusal;
    if (metadata.errorCode != 0) {
        metadata.error = "refused";
    }
    for (std::int32_t id = 0; metadata.errorCode == 0 && id < m_cluster.partitions(); ++id) {
        metadata.partitions.push_back({PartitionId(id), BrokerId(1), {}, {}, {}});
    }
    m_events.metadata = std::move(metadata);
    m_metadataAt = now + (m_topicRefusal == 0 ? kMetadataEvery : kMetadataWhileRefused);
}

void SimProducer::step() {
    tellMetadata();
    for (auto& [partition, queue] : m_queues) {
        closeGap(queue, partition);
        if (!m_fatal) {
            sendMore(queue, partition);
        }
    }
}

} // namespace dashstream::simulation
