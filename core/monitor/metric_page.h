// One answer to a scrape while it is being filled: values by metric, in the order of the table, as Prometheus' text
// format. Not thread-safe; made anew for each answer.
#pragma once

#include "core/monitor/metric_table.h"

#include <prometheus/metric_family.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dashstream::monitor {

class MetricPage {
public:
    /// Values of the metric's labels, in the order of the table.
    using LabelValues = std::initializer_list<std::string_view>;

    MetricPage();

    /// Of a counter or a gauge.
    void set(Metric metric, double value, LabelValues labels = {});
    void set(Metric metric, std::uint64_t value, LabelValues labels = {}) {
        set(metric, static_cast<double>(value), labels);
    }
    /// `counts`: of each bucket alone, one more than `bounds`.
    void setBuckets(Metric metric, std::span<const double> bounds, std::span<const std::uint64_t> counts, double sum,
                    LabelValues labels = {});

    /// One a row of the table; those without a value are empty.
    [[nodiscard]] const std::vector<prometheus::MetricFamily>& families() const { return m_families; }
    /// In Prometheus' text format 0.0.4, those without a value left out.
    [[nodiscard]] std::string text() const;

private:
    prometheus::ClientMetric& add(Metric metric, LabelValues labels);
    std::vector<prometheus::MetricFamily> m_families; ///< one a row of the table
};

} // namespace dashstream::monitor
