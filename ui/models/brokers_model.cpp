#include "ui/models/brokers_model.h"

#include "ui/format.h"

#include <algorithm>

namespace dashstream::ui {
namespace {

constexpr const char* kUp = "UP";

QString stateText(const kafka::BrokerStatistics& broker) {
    if (broker.state.empty()) {
        return QStringLiteral("–");
    }
    return fromOutside(broker.state) + QStringLiteral(", ") +
           formatDuration(std::chrono::duration_cast<milliseconds>(broker.stateAge));
}

QString latencyText(const kafka::LatencyWindow& window, microseconds value) {
    return window.count == 0 ? QStringLiteral("–") : formatLatency(value);
}

QString display(const BrokerRow& row, int column) {
    const kafka::BrokerStatistics& broker = row.statistics;
    switch (column) {
    case BrokersModel::Id:
        return QString::number(broker.id.value) + (row.controller ? BrokersModel::tr(" (controller)") : QString());
    case BrokersModel::Address:
        return fromOutside(row.name);
    case BrokersModel::State:
        return stateText(broker);
    case BrokersModel::P50:
        return latencyText(broker.roundTrip, broker.roundTrip.p50);
    case BrokersModel::P99:
        return latencyText(broker.roundTrip, broker.roundTrip.p99);
    case BrokersModel::Queued:
        return formatNumber(broker.requestsQueued);
    case BrokersModel::InFlight:
        return formatNumber(broker.requestsInFlight);
    case BrokersModel::Sent:
        return formatBytes(static_cast<std::uint64_t>(std::max<std::int64_t>(broker.txBytes, 0)));
    case BrokersModel::Received:
        return formatBytes(static_cast<std::uint64_t>(std::max<std::int64_t>(broker.rxBytes, 0)));
    case BrokersModel::Throttle:
        return broker.throttle.max.count() == 0 ? QStringLiteral("none") : formatLatency(broker.throttle.max);
    case BrokersModel::Connects:
        return QStringLiteral("%1 / %2").arg(formatNumber(broker.connects), formatNumber(broker.disconnects));
    case BrokersModel::Errors:
        return formatNumber(broker.txErrors + broker.requestTimeouts);
    default:
        return {};
    }
}

QVariant sortValue(const BrokerRow& row, int column) {
    const kafka::BrokerStatistics& broker = row.statistics;
    switch (column) {
    case BrokersModel::Id:
        return broker.id.value;
    case BrokersModel::P50:
        return static_cast<qlonglong>(broker.roundTrip.p50.count());
    case BrokersModel::P99:
        return static_cast<qlonglong>(broker.roundTrip.p99.count());
    case BrokersModel::Queued:
        return static_cast<qlonglong>(broker.requestsQueued);
    case BrokersModel::InFlight:
        return static_cast<qlonglong>(broker.requestsInFlight);
    case BrokersModel::Sent:
        return static_cast<qlonglong>(broker.txBytes);
    case BrokersModel::Received:
        return static_cast<qlonglong>(broker.rxBytes);
    case BrokersModel::Throttle:
        return static_cast<qlonglong>(broker.throttle.max.count());
    case BrokersModel::Connects:
        return static_cast<qlonglong>(broker.connects);
    case BrokersModel::Errors:
        return static_cast<qlonglong>(broker.txErrors + broker.requestTimeouts);
    default:
        return {};
    }
}

} // namespace

BrokersModel::BrokersModel(QObject* parent)
    : RowsModel(
          {{QStringLiteral("id"), tr("Broker"), 75},
           {QStringLiteral("address"), tr("Address"), 125},
           {QStringLiteral("state"), tr("State"), 100, ColumnKind::Text, true,
            tr("librdkafka's state, and since when")},
           {QStringLiteral("p50"), tr("Round trip p50"), 112, ColumnKind::Number},
           {QStringLiteral("p99"), tr("p99"), 75, ColumnKind::Number, true, tr("Round trip, 99th percentile")},
           {QStringLiteral("queued"), tr("Queued"), 70, ColumnKind::Number, true, tr("Requests that wait to be sent")},
           {QStringLiteral("in_flight"), tr("In flight"), 70, ColumnKind::Number, true,
            tr("Requests that wait for their answer")},
           {QStringLiteral("sent"), tr("Sent"), 78, ColumnKind::Number},
           {QStringLiteral("received"), tr("Received"), 78, ColumnKind::Number},
           {QStringLiteral("throttle"), tr("Throttle"), 75, ColumnKind::Number},
           {QStringLiteral("connects"), tr("Connects / lost"), 114, ColumnKind::Number},
           {QStringLiteral("errors"), tr("Errors"), 50, ColumnKind::Number, true,
            tr("Send errors and requests without an answer")}},
          parent) {}

std::vector<BrokerRow> BrokersModel::rowsOf(const engine::Snapshot& snapshot) {
    std::vector<BrokerRow> rows;
    for (const kafka::BrokerMetadata& broker : snapshot.brokers) {
        BrokerRow row;
        row.name = broker.host + ":" + std::to_string(broker.port);
        row.controller = broker.id == snapshot.controller;
        row.statistics.id = broker.id;
        rows.push_back(std::move(row));
    }
    for (const kafka::BrokerStatistics& statistics : snapshot.statistics.brokers) {
        if (statistics.id.value < 0) {
            continue; // librdkafka's bootstrap and logical brokers
        }
        const auto row = std::find_if(rows.begin(), rows.end(),
                                      [&](const BrokerRow& each) { return each.statistics.id == statistics.id; });
        if (row != rows.end()) {
            row->statistics = statistics;
        } else {
            rows.push_back({statistics.name, statistics.id == snapshot.controller, statistics});
        }
    }
    return rows;
}

QString BrokersModel::key(const BrokerRow& row) const {
    return QString::number(row.statistics.id.value);
}

QVariant BrokersModel::cell(const BrokerRow& row, int column, int role) const {
    if (role == Qt::DisplayRole) {
        return display(row, column);
    }
    if (role == SortRole) {
        return sortValue(row, column);
    }
    if (role == ToneRole && column == State && !row.statistics.state.empty()) {
        return static_cast<int>(row.statistics.state == kUp ? Tone::Good : Tone::Critical);
    }
    return {};
}

} // namespace dashstream::ui
