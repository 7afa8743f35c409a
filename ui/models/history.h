// The last fifteen minutes of rates, latency and backlog, one sample a second, for the plots. GUI thread.
#pragma once

#include "core/engine/snapshot.h"

#include <deque>

namespace dashstream::ui {

struct HistorySample {
    double at = 0; ///< seconds since the epoch
    double accepted = 0;
    double delivered = 0;
    double failed = 0;
    double p50Millis = 0;
    double p99Millis = 0;
    bool hasLatency = false;
    double backlog = 0; ///< unsettled messages
    bool outage = false;
};

class History {
public:
    static constexpr double kSpanSeconds = 15 * 60;

    /// Takes at most one sample a second; true when it did. A clock that went back starts anew.
    bool add(const engine::Snapshot& snapshot);
    [[nodiscard]] const std::deque<HistorySample>& samples() const { return m_samples; }
    /// The sample nearest to a time; null when there is none.
    [[nodiscard]] const HistorySample* nearest(double at) const;

private:
    std::deque<HistorySample> m_samples;
};

} // namespace dashstream::ui
