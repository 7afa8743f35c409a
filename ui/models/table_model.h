// Base of every table: its columns, its roles, and its text for clipboard and export. GUI thread.
#pragma once

#include "ui/style/theme.h"

#include <QAbstractTableModel>
#include <QList>
#include <QStringList>

#include <functional>

namespace dashstream::ui {

enum TableRole {
    SortRole = Qt::UserRole + 1, ///< the value as a number or plain text
    ToneRole,                    ///< int of Tone
};

/// How a column's values are aligned, and written in an export.
enum class ColumnKind {
    Text,
    Number, ///< SortRole is a number
    Time,   ///< SortRole is microseconds since the epoch
    Fixed,  ///< text in a fixed-width font
};

struct Column {
    QString id; ///< stable, for remembered settings
    QString title;
    int width = 120;
    ColumnKind kind = ColumnKind::Text;
    bool shown = true;
    QString toolTip{};
};

class TableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit TableModel(QList<Column> columns, QObject* parent = nullptr);

    [[nodiscard]] const QList<Column>& columns() const { return m_columns; }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

    /// True: sort() and setFilterText() ask the store; false: a proxy in the table does both.
    [[nodiscard]] virtual bool asksStore() const { return false; }
    virtual void setFilterText(const QString& text);
    /// Whether a row holds a text in any of its columns, whatever the case.
    [[nodiscard]] virtual bool matches(int row, const QString& text) const;

    using RowsText = std::function<void(QList<QStringList> rows)>;
    /// Text of rows for an export, at once or later; fewer rows when some are gone meanwhile.
    virtual void exportRows(int first, int count, const RowsText& done);

protected:
    /// Roles that depend on the column alone; invalid for others.
    [[nodiscard]] QVariant columnData(int column, int role) const;
    [[nodiscard]] QStringList exportRow(int row) const;
    [[nodiscard]] QString exportText(int column, const QVariant& display, const QVariant& sort) const;

private:
    QList<Column> m_columns;
};

} // namespace dashstream::ui
