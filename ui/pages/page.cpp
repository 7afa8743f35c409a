#include "ui/pages/page.h"

#include "ui/format.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QLineEdit>

namespace dashstream::ui {

Page::Page(PageInfo info, QWidget* parent) : QWidget(parent), m_info(std::move(info)) {
    setObjectName(m_info.id);
    setAccessibleName(m_info.title);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 8, 14, 8);
    layout->setSpacing(8);
    m_heading = new QHBoxLayout;
    m_heading->setSpacing(8);
    m_heading->addWidget(plainLabel(m_info.title, this, QStringLiteral("pageTitle")));
    m_heading->addSpacing(4);
    m_heading->addWidget(plainLabel(m_info.question, this, QStringLiteral("pageQuestion")), 1);
    layout->addLayout(m_heading);
    m_body = new QVBoxLayout;
    m_body->setSpacing(8);
    layout->addLayout(m_body, 1);
}

void Page::goTo(const QString& argument) {
    if (DataTable* table = mainTable()) {
        table->setFilter(argument);
    }
}

void Page::focusFilter() {
    const DataTable* table = mainTable();
    if (table != nullptr && table->filterField() != nullptr) {
        table->filterField()->setFocus(Qt::ShortcutFocusReason);
        table->filterField()->selectAll();
    }
}

void Page::adopt(DataTable* table) {
    connect(table, &DataTable::exportDone, this, [this](const QString& fileName, int rows) {
        Q_EMIT noted(
            tr("%1 written to %2").arg(formatCount(static_cast<std::uint64_t>(rows), tr("row"), tr("rows")), fileName));
    });
    connect(table, &DataTable::exportFailed, this,
            [this](const QString& text) { Q_EMIT told(tr("The export failed"), text); });
}

} // namespace dashstream::ui
