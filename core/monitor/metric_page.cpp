#include "core/monitor/metric_page.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <limits>

namespace dashstream::monitor {

namespace {

prometheus::MetricType typeOf(MetricKind kind) {
    switch (kind) {
    case MetricKind::Counter:
        return prometheus::MetricType::Counter;
    case MetricKind::Gauge:
        return prometheus::MetricType::Gauge;
    case MetricKind::Histogram:
        return prometheus::MetricType::Histogram;
    }
    return prometheus::MetricType::Untyped;
}

} // namespace

MetricPage::MetricPage() {
    m_families.reserve(metricTable().size());
    for (const MetricSpec& spec : metricTable()) {
        m_families.push_back({std::string(spec.name), std::string(spec.help), typeOf(spec.kind), {}});
    }
}

prometheus::ClientMetric& MetricPage::add(Metric metric, LabelValues labels) {
    prometheus::ClientMetric& added = m_families[static_cast<std::size_t>(metric)].metric.emplace_back();
    if (labels.size() > 0) {
        const auto names = specOf(metric).labelNames();
        auto value = labels.begin();
        for (std::size_t i = 0; i < names.size() && value != labels.end(); ++i, ++value) {
            added.label.push_back({std::string(names[i]), std::string(*value)});
        }
    }
    return added;
}

void MetricPage::set(Metric metric, double value, LabelValues labels) {
    prometheus::ClientMetric& added = add(metric, labels);
    if (specOf(metric).kind == MetricKind::Counter) {
        added.counter.value = value;
    } else {
        added.gauge.value = value;
    }
}

void MetricPage::setBuckets(Metric metric, std::span<const double> bounds, std::span<const std::uint64_t> counts,
                            double sum, LabelValues labels) {
    prometheus::ClientMetric::Histogram& histogram = add(metric, labels).histogram;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        seen += counts[i];
        histogram.bucket.push_back({seen, i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity()});
    }
    histogram.sample_count = seen;
    histogram.sample_sum = sum;
}

std::string MetricPage::text() const {
    std::vector<prometheus::MetricFamily> filled;
    std::copy_if(m_families.begin(), m_families.end(), std::back_inserter(filled),
                 [](const prometheus::MetricFamily& family) { return !family.metric.empty(); });
    return prometheus::TextSerializer().Serialize(filled);
}

} // namespace dashstream::monitor
