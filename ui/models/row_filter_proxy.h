// Sorting and filtering of a table in memory: the text that the operator typed, and a condition of the page. GUI
// thread.
#pragma once

#include "ui/models/table_model.h"

#include <QSortFilterProxyModel>

#include <functional>

namespace dashstream::ui {

class RowFilterProxy : public QSortFilterProxyModel {
    Q_OBJECT
public:
    RowFilterProxy(TableModel* model, QObject* parent);
    void setText(const QString& text);
    /// Called with rows of the model; empty: all.
    void setCondition(std::function<bool(int row)> condition);

protected:
    [[nodiscard]] bool filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const override;

private:
    TableModel* m_model;
    QString m_text;
    std::function<bool(int row)> m_condition;
};

} // namespace dashstream::ui
