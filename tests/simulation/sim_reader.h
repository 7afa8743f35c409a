// Reads the simulated topic for the engine; its answers come some turns later. One thread.
#pragma once

#include "core/engine/pipeline.h"
#include "tests/simulation/plants.h"
#include "tests/simulation/sim_cluster.h"

#include <deque>
#include <set>

namespace dashstream::simulation {

class SimReader final : public engine::TopicReader {
public:
    SimReader(SimCluster& cluster, const Plants& plants, std::uint64_t seed)
        : m_cluster(cluster), m_plants(plants), m_random(seed) {}

    void askEnds() override { m_endsAsked = true; }
    void search(engine::SearchOrder order) override;
    void forget(std::uint64_t serial) override;

    /// Perhaps gives an answer, or a part of one.
    void step(engine::Pipeline& pipeline);
    /// Findings-out that have asked so far, over all partitions.
    [[nodiscard]] std::size_t inquiries() const { return m_sets.size(); }

private:
    [[nodiscard]] bool oneIn(std::uint64_t chance) { return m_random() % chance == 0; }
    void answer(engine::Pipeline& pipeline, const engine::SearchOrder& order);

    SimCluster& m_cluster;
    const Plants& m_plants;
    std::mt19937_64 m_random;
    bool m_endsAsked = false;
    std::deque<engine::SearchOrder> m_orders;
    std::set<std::shared_ptr<const engine::UnknownSet>> m_sets; ///< one of each inquiry
};

} // namespace dashstream::simulation
