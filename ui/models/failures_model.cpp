#include "ui/models/failures_model.h"

#include "ui/format.h"

namespace dashstream::ui {

FailuresModel::FailuresModel(QObject* parent)
    : RowsModel({{QStringLiteral("letter"), tr("Dead letter"), 90, ColumnKind::Number},
                 {QStringLiteral("partition"), tr("Partition"), 80, ColumnKind::Number},
                 {QStringLiteral("reason"), tr("Why"), 600}},
                parent) {}

QString FailuresModel::key(const store::ResendItem& row) const {
    return QString::number(row.id.value);
}

QVariant FailuresModel::cell(const store::ResendItem& row, int column, int role) const {
    if (role == SortRole) {
        return column == Letter      ? QVariant(static_cast<qlonglong>(row.id.value))
               : column == Partition ? QVariant(row.partition.value)
                                     : QVariant();
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (column) {
    case Letter:
        return store::isRemoteItem(row.id) ? tr("record") : QString::number(row.id.value);
    case Partition:
        return row.partition == kUnassigned ? QString() : QString::number(row.partition.value);
    case Reason:
        return fromOutside(row.error);
    default:
        return {};
    }
}

} // namespace dashstream::ui
