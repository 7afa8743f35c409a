#include "ui/models/history.h"

#include <algorithm>
#include <cmath>

namespace dashstream::ui {

bool History::add(const engine::Snapshot& snapshot) {
    HistorySample sample;
    sample.at = static_cast<double>(toMicros(snapshot.at)) / 1e6;
    if (!m_samples.empty() && sample.at < m_samples.back().at) {
        m_samples.clear();
    }
    if (!m_samples.empty() && sample.at - m_samples.back().at < 0.95) {
        return false;
    }
    sample.accepted = snapshot.rates.accepted;
    sample.delivered = snapshot.rates.delivered;
    sample.failed = snapshot.rates.failed;
    sample.hasLatency = snapshot.latency.count > 0;
    sample.p50Millis = static_cast<double>(snapshot.latency.p50.count()) / 1000;
    sample.p99Millis = static_cast<double>(snapshot.latency.p99.count()) / 1000;
    sample.backlog = static_cast<double>(snapshot.accounting.unsettled());
    sample.outage = snapshot.connection == engine::ConnectionState::Disconnected;
    m_samples.push_back(sample);
    while (sample.at - m_samples.front().at > kSpanSeconds) {
        m_samples.pop_front();
    }
    return true;
}

const HistorySample* History::nearest(double at) const {
    if (m_samples.empty()) {
        return nullptr;
    }
    const auto after = std::lower_bound(m_samples.begin(), m_samples.end(), at,
                                        [](const HistorySample& sample, double when) { return sample.at < when; });
    if (after == m_samples.begin()) {
        return &m_samples.front();
    }
    if (after == m_samples.end()) {
        return &m_samples.back();
    }
    const auto before = std::prev(after);
    return std::abs(before->at - at) <= std::abs(after->at - at) ? &*before : &*after;
}

} // namespace dashstream::ui
