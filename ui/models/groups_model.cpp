#include "ui/models/groups_model.h"

#include "ui/format.h"

namespace dashstream::ui {

GroupsModel::GroupsModel(const QString& labelTitle, QObject* parent)
    : RowsModel({{QStringLiteral("label"), labelTitle, 150},
                 {QStringLiteral("messages"), tr("Messages"), 70, ColumnKind::Number},
                 {QStringLiteral("first"), tr("First"), 165, ColumnKind::Time, false},
                 {QStringLiteral("last"), tr("Last"), 165, ColumnKind::Time, false}},
                parent) {}

QString GroupsModel::key(const GroupRow& row) const {
    return row.key;
}

QVariant GroupsModel::cell(const GroupRow& row, int column, int role) const {
    if (role == Qt::ToolTipRole) {
        return plainToolTip(row.note.isEmpty() ? row.label : row.note);
    }
    if (role == SortRole) {
        switch (column) {
        case Messages:
            return static_cast<qulonglong>(row.count);
        case First:
            return static_cast<qlonglong>(toMicros(row.first));
        case Last:
            return static_cast<qlonglong>(toMicros(row.last));
        default:
            return {};
        }
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (column) {
    case Label:
        return row.label;
    case Messages:
        return formatNumber(row.count);
    case First:
        return formatMoment(row.first);
    case Last:
        return formatMoment(row.last);
    default:
        return {};
    }
}

} // namespace dashstream::ui
