#include "ui/models/partitions_model.h"

#include "ui/format.h"

namespace dashstream::ui {
namespace {

QString brokerList(const std::vector<BrokerId>& brokers) {
    QStringList ids;
    for (const BrokerId broker : brokers) {
        ids.append(QString::number(broker.value));
    }
    return ids.join(QStringLiteral(", "));
}

QString inSyncText(const engine::PartitionView& row) {
    if (row.replicas.empty()) {
        return QStringLiteral("–");
    }
    return QStringLiteral("%1 of %2").arg(row.inSync.size()).arg(row.replicas.size());
}

QString display(const engine::PartitionView& row, int column) {
    const bool idle = row.waiting + row.inside == 0;
    switch (column) {
    case PartitionsModel::Id:
        return QString::number(row.id.value);
    case PartitionsModel::Leader:
        return row.leader.value < 0 ? PartitionsModel::tr("none") : QString::number(row.leader.value);
    case PartitionsModel::InSync:
        return inSyncText(row);
    case PartitionsModel::Waiting:
        return formatNumber(row.waiting);
    case PartitionsModel::Inside:
        return formatNumber(row.inside);
    case PartitionsModel::Backlog:
        return formatBytes(row.backlogBytes);
    case PartitionsModel::Age:
        return idle ? QStringLiteral("–") : formatDuration(row.oldestAge);
    case PartitionsModel::Stalled:
        return formatNumber(row.stalled);
    case PartitionsModel::Delivered:
        return formatNumber(row.delivered);
    case PartitionsModel::LastError:
        return row.lastError.empty() ? PartitionsModel::tr("none") : fromOutside(row.lastError);
    case PartitionsModel::LastErrorAt:
        return row.lastError.empty() ? QString() : formatMoment(row.lastErrorAt);
    default:
        return {};
    }
}

QVariant sortValue(const engine::PartitionView& row, int column) {
    switch (column) {
    case PartitionsModel::Id:
        return row.id.value;
    case PartitionsModel::Leader:
        return row.leader.value;
    case PartitionsModel::InSync:
        return static_cast<qulonglong>(row.inSync.size());
    case PartitionsModel::Waiting:
        return static_cast<qulonglong>(row.waiting);
    case PartitionsModel::Inside:
        return static_cast<qulonglong>(row.inside);
    case PartitionsModel::Backlog:
        return static_cast<qulonglong>(row.backlogBytes);
    case PartitionsModel::Age:
        return static_cast<qlonglong>(row.oldestAge.count());
    case PartitionsModel::Stalled:
        return static_cast<qulonglong>(row.stalled);
    case PartitionsModel::Delivered:
        return static_cast<qulonglong>(row.delivered);
    case PartitionsModel::LastErrorAt:
        return static_cast<qlonglong>(toMicros(row.lastErrorAt));
    default:
        return {};
    }
}

QVariant toneOf(const engine::PartitionView& row, int column) {
    if (column == PartitionsModel::Leader && row.leader.value < 0) {
        return static_cast<int>(Tone::Critical);
    }
    if (column == PartitionsModel::InSync && row.inSync.size() < row.replicas.size()) {
        return static_cast<int>(Tone::Warning);
    }
    if (column == PartitionsModel::Stalled && row.stalled > 0) {
        return static_cast<int>(Tone::Warning);
    }
    if (column == PartitionsModel::LastError) {
        return static_cast<int>(row.lastError.empty() ? Tone::Muted : Tone::Warning);
    }
    return {};
}

} // namespace

PartitionsModel::PartitionsModel(QObject* parent)
    : RowsModel({{QStringLiteral("id"), tr("Partition"), 85, ColumnKind::Number},
                 {QStringLiteral("leader"), tr("Leader"), 65, ColumnKind::Number},
                 {QStringLiteral("in_sync"), tr("In sync"), 75, ColumnKind::Text, true,
                  tr("In-sync replicas of all replicas")},
                 {QStringLiteral("waiting"), tr("Waiting"), 80, ColumnKind::Number, true, tr("In the engine")},
                 {QStringLiteral("inside"), tr("Sending"), 80, ColumnKind::Number, true, tr("Handed to librdkafka")},
                 {QStringLiteral("backlog"), tr("Backlog"), 75, ColumnKind::Number},
                 {QStringLiteral("age"), tr("Oldest"), 75, ColumnKind::Number},
                 {QStringLiteral("stalled"), tr("Stalled"), 70, ColumnKind::Number, true,
                  tr("Waits longer than delivery.stall_ms; shown as retrying")},
                 {QStringLiteral("delivered"), tr("Delivered"), 95, ColumnKind::Number},
                 {QStringLiteral("last_error"), tr("Last error"), 150},
                 {QStringLiteral("last_error_at"), tr("Last error at"), 140, ColumnKind::Time}},
                parent) {}

QString PartitionsModel::key(const engine::PartitionView& row) const {
    return QString::number(row.id.value);
}

QVariant PartitionsModel::cell(const engine::PartitionView& row, int column, int role) const {
    switch (role) {
    case Qt::DisplayRole:
        return display(row, column);
    case SortRole:
        return sortValue(row, column);
    case ToneRole:
        return toneOf(row, column);
    case Qt::ToolTipRole:
        if (column == InSync) {
            return plainToolTip(tr("In sync: %1. Replicas: %2.").arg(brokerList(row.inSync), brokerList(row.replicas)));
        }
        return column == LastError ? QVariant(plainToolTip(display(row, column))) : QVariant();
    default:
        return {};
    }
}

} // namespace dashstream::ui
