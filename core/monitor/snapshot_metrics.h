// Fills a page of metrics from an engine's snapshot and the health judged from it. Pure; any thread.
#pragma once

#include "core/engine/snapshot.h"
#include "core/monitor/health.h"
#include "core/monitor/metric_page.h"

#include <string>

namespace dashstream::monitor {

struct BuildVersions {
    std::string program;
    std::string librdkafka;
};

/// So many partitions and brokers have lines of their own; what is past that is shown together as "overflow".
inline constexpr std::size_t kMaxLabelledParts = 1000;
inline constexpr std::string_view kOverflow = "overflow";

[[nodiscard]] MetricPage metricsOf(const engine::Snapshot& snapshot, const Health& health,
                                   const BuildVersions& versions);

} // namespace dashstream::monitor
