#include "ui/models/dead_groups_model.h"

#include "core/wire/message_access.h"
#include "ui/format.h"

namespace dashstream::ui {

namespace {
QString labelOf(const store::DeadGroup& group, store::DeadGroupBy by) {
    if (by == store::DeadGroupBy::Type) {
        const auto type = static_cast<wire::v1::MessageType>(QByteArray::fromStdString(group.key).toInt());
        return QString::fromUtf8(wire::typeName(type));
    }
    return fromOutside(group.key);
}
} // namespace

DeadGroupsModel::DeadGroupsModel(QObject* parent)
    : RowsModel({{QStringLiteral("label"), tr("Group"), 110},
                 {QStringLiteral("messages"), tr("Letters"), 74, ColumnKind::Number},
                 {QStringLiteral("plot"), tr("Over time"), 80},
                 {QStringLiteral("first"), tr("First"), 165, ColumnKind::Time, false},
                 {QStringLiteral("last"), tr("Last"), 165, ColumnKind::Time, false}},
                parent) {}

void DeadGroupsModel::setGroups(const store::DeadGroups& groups, store::DeadGroupBy by) {
    m_span = tr("deaths from %1 to %2").arg(formatMoment(groups.from), formatMoment(groups.to));
    std::vector<DeadGroupRow> rows;
    rows.reserve(groups.groups.size());
    for (const store::DeadGroup& group : groups.groups) {
        DeadGroupRow row{QString::fromStdString(group.filter),
                         labelOf(group, by),
                         static_cast<std::uint64_t>(group.count),
                         group.first,
                         group.last,
                         {}};
        for (const std::uint32_t deaths : group.plot) {
            row.plot.append(static_cast<int>(deaths));
        }
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

QVariant DeadGroupsModel::cell(const DeadGroupRow& row, int column, int role) const {
    if (role == PlotRole) {
        return column == Plot ? QVariant::fromValue(row.plot) : QVariant();
    }
    if (role == Qt::ToolTipRole) {
        return plainToolTip(tr("%1\nfirst %2, last %3\nplot: %4")
                                .arg(row.label, formatMoment(row.first), formatMoment(row.last), m_span));
    }
    switch (column) {
    case Label:
        return role == Qt::DisplayRole ? QVariant(row.label) : QVariant();
    case Messages:
    case Plot: // sorted by it as by their number
        return role == SortRole                            ? QVariant(static_cast<qulonglong>(row.count))
               : role == Qt::DisplayRole && column != Plot ? QVariant(formatNumber(row.count))
                                                           : QVariant();
    case First:
    case Last: {
        const UtcTime time = column == First ? row.first : row.last;
        return role == SortRole          ? QVariant(static_cast<qlonglong>(toMicros(time)))
               : role == Qt::DisplayRole ? QVariant(formatMoment(time))
                                         : QVariant();
    }
    default:
        return {};
    }
}

} // namespace dashstream::ui
