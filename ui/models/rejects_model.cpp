#include "ui/models/rejects_model.h"

#include "ui/format.h"

namespace dashstream::ui {

RejectsModel::RejectsModel(QObject* parent)
    : RowsModel({{QStringLiteral("source"), tr("Source"), 220},
                 {QStringLiteral("position"), tr("Line or frame"), 100, ColumnKind::Number},
                 {QStringLiteral("reason"), tr("Reason"), 420},
                 {QStringLiteral("excerpt"), tr("Begins with"), 320, ColumnKind::Fixed}},
                parent) {}

std::vector<RejectRow> RejectsModel::rowsOf(const engine::Snapshot& snapshot) {
    std::vector<RejectRow> rows;
    for (const engine::SourceView& source : snapshot.sources) {
        for (const engine::SourceReject& reject : source.lastRejects) {
            rows.push_back({source.id, source.spec, reject});
        }
    }
    return rows;
}

QString RejectsModel::key(const RejectRow& row) const {
    return QStringLiteral("%1:%2:%3").arg(row.source.value).arg(row.reject.position).arg(fromCore(row.reject.reason));
}

QVariant RejectsModel::cell(const RejectRow& row, int column, int role) const {
    if (role == SortRole && column == Position) {
        return static_cast<qulonglong>(row.reject.position);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    QString text;
    switch (column) {
    case Source:
        text = fromOutside(row.spec);
        break;
    case Position:
        text = formatNumber(row.reject.position);
        break;
    case Reason:
        text = fromOutside(row.reject.reason);
        break;
    case Excerpt:
        text = fromOutside(row.reject.excerpt);
        break;
    default:
        break;
    }
    return role == Qt::ToolTipRole ? plainToolTip(text) : text;
}

} // namespace dashstream::ui
