// Hand-made snapshots for tests of models and pages.
#pragma once

#include "core/engine/snapshot.h"

namespace dashstream::ui::testing {

inline engine::SourceView source(int id, engine::SourceState state, std::uint64_t accepted) {
    engine::SourceView view;
    view.id = SourceId(id);
    view.spec = "generate:count=" + std::to_string(id);
    view.state = state;
    view.read = accepted + 1;
    view.accepted = accepted;
    view.rejected = 1;
    view.lastRejects = {{7, "not valid JSON", "{\"ev"}};
    return view;
}

inline engine::PartitionView partition(int id, std::uint64_t waiting) {
    engine::PartitionView view;
    view.id = PartitionId(id);
    view.leader = BrokerId(id % 3 + 1);
    view.replicas = {BrokerId(1), BrokerId(2), BrokerId(3)};
    view.inSync = {BrokerId(1), BrokerId(2)};
    view.waiting = waiting;
    view.oldestAge = milliseconds(1500);
    view.lastError = waiting > 0 ? "NOT_ENOUGH_REPLICAS" : "";
    return view;
}

/// Balanced: 100 accepted, 90 delivered, 10 in flight; three brokers up.
inline engine::Snapshot healthy(std::int64_t second = 1) {
    engine::Snapshot snapshot;
    snapshot.number = static_cast<std::uint64_t>(second);
    snapshot.at = utcFromMicros((1'795'466'921 + second) * 1'000'000);
    snapshot.phase = engine::Phase::Running;
    snapshot.topic = "dashstream-events";
    snapshot.durability = "memory";
    snapshot.connection = engine::ConnectionState::Connected;
    snapshot.connectionText = "3 of 3 brokers up";
    snapshot.accounting.accepted = 100;
    snapshot.accounting.delivered = 90;
    snapshot.accounting.inFlight = 10;
    snapshot.rates.accepted = 50;
    snapshot.rates.delivered = 45;
    snapshot.latency = {microseconds(1200), microseconds(5300), microseconds(9000), 45};
    for (int broker = 1; broker <= 3; ++broker) {
        snapshot.brokers.push_back({BrokerId(broker), "127.0.0.1", 9000 + broker});
        kafka::BrokerStatistics statistics;
        statistics.id = BrokerId(broker);
        statistics.name = "127.0.0.1:" + std::to_string(9000 + broker);
        statistics.state = "UP";
        snapshot.statistics.brokers.push_back(statistics);
    }
    for (int id = 0; id < 4; ++id) {
        snapshot.partitions.push_back(partition(id, static_cast<std::uint64_t>(id)));
    }
    snapshot.sources = {source(1, engine::SourceState::Running, 60), source(2, engine::SourceState::Paused, 40)};
    snapshot.events = {{1, snapshot.at, engine::Urgency::Notice, "Connected"},
                       {2, snapshot.at, engine::Urgency::Warning, "Broker 2 is down"}};
    return snapshot;
}

} // namespace dashstream::ui::testing
