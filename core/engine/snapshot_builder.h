// Makes the snapshot of the pipeline's state, at most 10 times a second. Engine thread only.
#pragma once

#include "core/engine/conditions.h"
#include "core/engine/pipeline.h"
#include "core/engine/source_runner.h"
#include "core/observe/rate_meter.h"

#include <memory>
#include <vector>

namespace dashstream::engine {

class SnapshotBuilder {
public:
    static constexpr milliseconds kEvery{100};

    SnapshotBuilder(const config::Config& config, const Clock& clock, const store::Store& store);

    [[nodiscard]] std::shared_ptr<const Snapshot> build(Pipeline& pipeline, Phase phase,
                                                        std::vector<std::unique_ptr<SourceRunner>>& sources,
                                                        DeadCopiesView copies, std::vector<resend::ResendView> resends);
    Conditions& conditions() { return m_conditions; }
    /// One turn of the engine's loop is over.
    void noteTurn(microseconds took);

private:
    [[nodiscard]] JournalView journalView(Pipeline& pipeline) const;
    void countRates(Snapshot& snapshot, Pipeline& pipeline, SteadyTime now);
    static void partitions(Snapshot& snapshot, Pipeline& pipeline, SteadyTime now);

    const config::Config& m_config;
    const Clock& m_clock;
    const store::Store& m_store;
    Conditions m_conditions;
    UtcTime m_startedAt;
    std::uint64_t m_number = 0;
    observe::RateMeter m_accepted, m_delivered, m_failed, m_rejected, m_bytes;
    observe::Histogram m_lastSecond; ///< of latencies, collected
    LatencyView m_latency;           ///< as shown, for one second
    SteadyTime m_nextLatency{};
    TimeBuckets m_latencyTotals; ///< since start
    LoopView m_loop;
};

} // namespace dashstream::engine
