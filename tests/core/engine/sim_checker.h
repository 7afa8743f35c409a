// Judges a finished inquiry by the simulated topic's history alone: nothing lost, nothing decided that was not so, and
// duplicates only where no client can exclude them. Knows nothing of how the inquiry decides.
#pragma once

#include "core/engine/inquiry_terms.h"
#include "tests/core/engine/sim_partition.h"

#include <string>
#include <vector>

namespace dashstream::engine::test {

/// A message that was sent alone.
struct SentBarrier {
    std::size_t message = 0;
    std::int64_t visibleBefore = 0; ///< the end of what the inquiry had read when it was sent
    int topic = 0;
    std::optional<std::int64_t> acknowledgedAt; ///< the offset where it really stands
};

struct InquiryStory {
    std::vector<UnknownMessage> messages;
    std::vector<Verdict> verdicts;      ///< in the order in which they came
    std::vector<std::size_t> historyAt; ///< for each verdict: how many records there were
    std::vector<SentBarrier> barriers;  ///< those that the broker may have
    InquiryCounts counts;
    std::int64_t readTo = 0; ///< the end of what it read
    bool mayDoubt = false;   ///< the topic gave a reason: records gone, no right, an end that went back
};

struct Judgement {
    std::vector<std::string> wrong;    ///< empty: all is as it must be
    std::size_t duplicates = 0;        ///< copies too many in the end
    std::size_t fromStalledBroker = 0; ///< of those: taken in by a stalled broker after the barrier
    std::size_t passedOver = 0; ///< messages that never came in by themselves, while a later one of their thread did
};

[[nodiscard]] Judgement judge(const InquiryStory& story, const std::vector<SimRecord>& history);

} // namespace dashstream::engine::test
