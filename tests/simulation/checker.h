// Judges a simulated world by its story, the topic and what the store holds in the end (I2 … I5 of the invariants in
// resources/docs/architecture.md; I1 is counted while it goes on). Knows nothing of how the engine works.
#pragma once

#include "tests/simulation/sim_cluster.h"
#include "tests/simulation/story.h"

#include <string>
#include <vector>

namespace dashstream::simulation {

struct Verdict {
    std::vector<std::string> wrong; ///< empty: all is as it must be
    std::size_t records = 0;
    std::size_t duplicates = 0;        ///< copies too many
    std::size_t fromStalledBroker = 0; ///< of those: taken in after the next instance had begun
    std::size_t inversions = 0;        ///< first copies behind a higher number of their thread
};

[[nodiscard]] Verdict judge(const Story& story, const SimCluster& cluster);

} // namespace dashstream::simulation
