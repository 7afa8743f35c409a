// The second half of DataTable: its menu, clipboard, export and remembered columns.
#include "ui/models/row_filter_proxy.h"
#include "ui/widgets/csv.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/filter_assistant.h"
#include "ui/widgets/table_exporter.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHeaderView>
#include <QMenu>
#include <QSettings>

#include <algorithm>

namespace dashstream::ui {

QString DataTable::selectionAsText() const {
    QModelIndexList selected = m_view->selectionModel()->selectedRows();
    std::sort(selected.begin(), selected.end());
    QStringList lines;
    QStringList titles;
    const QHeaderView* header = m_view->horizontalHeader();
    QList<int> shown;
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        if (!m_view->isColumnHidden(column)) {
            shown.append(column);
            titles.append(m_model->columns().at(column).title);
        }
    }
    lines.append(tsvLine(titles));
    for (const QModelIndex& row : selected) {
        QStringList cells;
        for (const int column : shown) {
            cells.append(row.siblingAtColumn(column).data(Qt::DisplayRole).toString());
        }
        lines.append(tsvLine(cells));
    }
    return lines.join(QLatin1Char('\n'));
}

void DataTable::copySelection() const {
    if (m_view->selectionModel()->hasSelection()) {
        QApplication::clipboard()->setText(selectionAsText());
    }
}

void DataTable::askExportFile() {
    auto* dialog = new QFileDialog(this, tr("Export %1").arg(m_texts.nouns));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("CSV files (*.csv)"));
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(m_texts.name + QStringLiteral(".csv"));
    connect(dialog, &QFileDialog::fileSelected, this, &DataTable::exportTo);
    dialog->open();
}

void DataTable::exportTo(const QString& fileName) {
    auto* exporter = new TableExporter(m_model, fileName, this);
    connect(exporter, &TableExporter::finished, this, &DataTable::exportDone);
    connect(exporter, &TableExporter::failed, this, &DataTable::exportFailed);
    std::vector<int> order;
    if (m_proxy != nullptr) {
        for (int row = 0; row < m_proxy->rowCount(); ++row) {
            order.push_back(toModelRow(m_proxy->index(row, 0)));
        }
    }
    exporter->start(std::move(order));
}

void DataTable::fillColumnMenu(QMenu* menu) {
    const QList<Column>& columns = m_model->columns();
    for (int at = 0; at < columns.size(); ++at) {
        QAction* action = menu->addAction(columns.at(at).title);
        action->setCheckable(true);
        action->setChecked(!m_view->isColumnHidden(at));
        connect(action, &QAction::toggled, this, [this, at](bool shown) {
            m_view->setColumnHidden(at, !shown);
            const int width = m_model->columns().at(at).width;
            if (shown && m_view->columnWidth(at) < 20) {
                m_view->setColumnWidth(at, width);
            }
            if (shown) {
                m_view->scrollTo(m_view->indexAt(QPoint(0, 0)).siblingAtColumn(at));
            }
        });
    }
}

void DataTable::showMenu(const QPoint& at) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* copy = menu->addAction(tr("Copy"), this, &DataTable::copySelection);
    copy->setEnabled(m_view->selectionModel()->hasSelection());
    copy->setShortcut(QKeySequence::Copy);
    const QString value = m_view->indexAt(at).data(Qt::DisplayRole).toString();
    QAction* copyValue =
        menu->addAction(tr("Copy value"), this, [value] { QApplication::clipboard()->setText(value); });
    copyValue->setObjectName(QStringLiteral("copyValue"));
    copyValue->setEnabled(!value.isEmpty());
    menu->addAction(tr("Select all"), m_view, &QTableView::selectAll);
    menu->addActions(actions());
    menu->addSeparator();
    QAction* pause = menu->addAction(tr("Pause updates"));
    pause->setCheckable(true);
    pause->setChecked(m_pausedByHand);
    connect(pause, &QAction::toggled, this, &DataTable::setPaused);
    fillColumnMenu(menu->addMenu(tr("Columns")));
    menu->addAction(tr("Export…"), this, &DataTable::askExportFile);
    ++m_menusOpen;
    connect(menu, &QObject::destroyed, this, [this] {
        --m_menusOpen;
        resumeIfFree();
    });
    menu->popup(m_view->viewport()->mapToGlobal(at));
}

QStringList DataTable::columnIds() const {
    QStringList ids;
    for (const Column& column : m_model->columns()) {
        ids.append(column.id);
    }
    return ids;
}

void DataTable::saveState(QSettings& settings) const {
    settings.setValue(QStringLiteral("columns/") + m_texts.name, columnIds());
    settings.setValue(QStringLiteral("tables/") + m_texts.name, m_view->horizontalHeader()->saveState());
    if (m_assistant != nullptr) {
        settings.setValue(QStringLiteral("filters/") + m_texts.name, m_assistant->saved());
    }
}

void DataTable::restoreState(const QSettings& settings) {
    if (m_assistant != nullptr) {
        m_assistant->setSaved(settings.value(QStringLiteral("filters/") + m_texts.name).toStringList());
    }
    const QVariant remembered = settings.value(QStringLiteral("columns/") + m_texts.name);
    if (remembered.toStringList() != columnIds()) {
        return; // of a version with other columns: its widths would stand at the wrong ones
    }
    const QByteArray state = settings.value(QStringLiteral("tables/") + m_texts.name).toByteArray();
    if (!state.isEmpty() && m_view->horizontalHeader()->restoreState(state)) {
        const QHeaderView* header = m_view->horizontalHeader();
        m_view->sortByColumn(header->sortIndicatorSection(), header->sortIndicatorOrder());
    }
}

} // namespace dashstream::ui
