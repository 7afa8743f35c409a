// Snapshots as an engine would publish them, for tests of what is made of them.
#pragma once

#include "core/engine/snapshot.h"

namespace dashstream::monitor::test {

inline const SteadyTime kNow{std::chrono::seconds(1000)};

/// Everything works: one broker, two partitions, one source, a store.
inline engine::Snapshot goodSnapshot() {
    engine::Snapshot snapshot;
    snapshot.taken = kNow;
    snapshot.phase = engine::Phase::Running;
    snapshot.topic = "events";
    snapshot.connection = engine::ConnectionState::Connected;
    snapshot.connectionText = "1 of 1 broker connected";
    snapshot.partitions.resize(2);
    snapshot.partitions[0].id = PartitionId(0);
    snapshot.partitions[1].id = PartitionId(1);
    engine::SourceView source;
    source.id = SourceId(1);
    source.spec = "jsonl:/feed";
    snapshot.sources.push_back(source);
    snapshot.store.measured = true;
    return snapshot;
}

} // namespace dashstream::monitor::test
