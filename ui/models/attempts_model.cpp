#include "ui/models/attempts_model.h"

#include "ui/format.h"

namespace dashstream::ui {

AttemptsModel::AttemptsModel(QObject* parent)
    : RowsModel({{QStringLiteral("number"), tr("Attempt"), 70, ColumnKind::Number},
                 {QStringLiteral("at"), tr("Failed at"), 190, ColumnKind::Time},
                 {QStringLiteral("code"), tr("Error"), 195},
                 {QStringLiteral("text"), tr("What it means"), 150},
                 {QStringLiteral("partition"), tr("Partition"), 70, ColumnKind::Number},
                 {QStringLiteral("outcome"), tr("At the broker"), 80}},
                parent) {}

QString AttemptsModel::key(const store::Attempt& row) const {
    return QStringLiteral("%1:%2").arg(row.number).arg(toMicros(row.at));
}

QVariant AttemptsModel::cell(const store::Attempt& row, int column, int role) const {
    if (role == SortRole) {
        switch (column) {
        case Number:
            return row.number;
        case At:
            return static_cast<qlonglong>(toMicros(row.at));
        case Partition:
            return row.partition.value;
        default:
            return {};
        }
    }
    if (role == ToneRole && column == Outcome && row.possiblyPersisted) {
        return static_cast<int>(Tone::Warning);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    QString text;
    switch (column) {
    case Number:
        text = QString::number(row.number);
        break;
    case At:
        text = formatMomentMillis(row.at);
        break;
    case Code:
        text = fromOutside(row.code);
        break;
    case Text:
        text = fromOutside(row.text);
        break;
    case Partition:
        text = row.partition.value < 0 ? QStringLiteral("–") : QString::number(row.partition.value);
        break;
    case Outcome:
        text = row.possiblyPersisted ? tr("may be written") : tr("not written");
        break;
    default:
        break;
    }
    return role == Qt::ToolTipRole ? plainToolTip(text) : text;
}

} // namespace dashstream::ui
