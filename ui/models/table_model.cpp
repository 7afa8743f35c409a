#include "ui/models/table_model.h"

#include "core/base/clock.h"
#include "ui/format.h"

#include <QFontDatabase>

namespace dashstream::ui {

TableModel::TableModel(QList<Column> columns, QObject* parent)
    : QAbstractTableModel(parent), m_columns(std::move(columns)) {}

int TableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= m_columns.size()) {
        return {};
    }
    const Column& column = m_columns.at(section);
    switch (role) {
    case Qt::DisplayRole:
        return column.title;
    case Qt::ToolTipRole:
        return column.toolTip.isEmpty() ? QVariant() : QVariant(plainToolTip(column.toolTip));
    case Qt::TextAlignmentRole:
        return columnData(section, role);
    default:
        return {};
    }
}

void TableModel::setFilterText(const QString& /*text*/) {}

bool TableModel::matches(int row, const QString& text) const {
    for (int column = 0; column < m_columns.size(); ++column) {
        if (index(row, column).data(Qt::DisplayRole).toString().contains(text, Qt::CaseInsensitive)) {
            return true;
        }
    }
    return false;
}

QVariant TableModel::columnData(int column, int role) const {
    const ColumnKind kind = m_columns.at(column).kind;
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            static_cast<int>((kind == ColumnKind::Number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    if (role == Qt::FontRole && kind == ColumnKind::Fixed) {
        static const QFont kFixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        return kFixed;
    }
    return {};
}

QString TableModel::exportText(int column, const QVariant& display, const QVariant& sort) const {
    switch (m_columns.at(column).kind) {
    case ColumnKind::Number:
        return sort.isValid() ? sort.toString() : display.toString();
    case ColumnKind::Time: {
        const qlonglong micros = sort.toLongLong();
        return micros == 0 ? QString() : fromCore(toRfc3339(utcFromMicros(micros)));
    }
    case ColumnKind::Text:
    case ColumnKind::Fixed:
        break;
    }
    return display.toString();
}

QStringList TableModel::exportRow(int row) const {
    QStringList cells;
    for (int column = 0; column < m_columns.size(); ++column) {
        const QModelIndex at = index(row, column);
        cells.append(exportText(column, at.data(Qt::DisplayRole), at.data(SortRole)));
    }
    return cells;
}

void TableModel::exportRows(int first, int count, const RowsText& done) {
    QList<QStringList> rows;
    for (int row = first; row < first + count && row < rowCount(); ++row) {
        rows.append(exportRow(row));
    }
    done(std::move(rows));
}

} // namespace dashstream::ui
