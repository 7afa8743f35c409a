#include "ui/models/row_filter_proxy.h"

namespace dashstream::ui {

RowFilterProxy::RowFilterProxy(TableModel* model, QObject* parent) : QSortFilterProxyModel(parent), m_model(model) {
    setSourceModel(model);
    setSortRole(SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void RowFilterProxy::setText(const QString& text) {
    m_text = text;
    invalidateFilter();
}

void RowFilterProxy::setCondition(std::function<bool(int row)> condition) {
    m_condition = std::move(condition);
    invalidateFilter();
}

bool RowFilterProxy::filterAcceptsRow(int sourceRow, const QModelIndex& /*sourceParent*/) const {
    return (!m_condition || m_condition(sourceRow)) && (m_text.isEmpty() || m_model->matches(sourceRow, m_text));
}

} // namespace dashstream::ui
