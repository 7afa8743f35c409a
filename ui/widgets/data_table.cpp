#include "ui/widgets/data_table.h"

#include "ui/format.h"
#include "ui/models/row_filter_proxy.h"
#include "ui/widgets/filter_assistant.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/tone_delegate.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QStackedLayout>
#include <QToolButton>

#include <algorithm>

namespace dashstream::ui {
namespace {

constexpr int kRowHeight = 24;
constexpr int kFilterDelayMs = 200;

QToolButton* toolButton(const QString& text, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    return button;
}

} // namespace

DataTable::DataTable(TableModel* model, DataTableTexts texts, QWidget* parent)
    : QWidget(parent), m_model(model), m_texts(std::move(texts)) {
    setObjectName(m_texts.name);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_toolbar = new QHBoxLayout;
    m_toolbar->setSpacing(6);
    layout->addLayout(m_toolbar);
    m_stack = new QStackedLayout;
    layout->addLayout(m_stack, 1);
    buildView();
    buildToolbar();
    buildEmptyState();
    applyColumns();
    watchModel();
    updateIcons();
    refreshState();
}

void DataTable::buildView() {
    m_view = new QTableView(this);
    m_view->setAccessibleName(m_texts.nouns);
    if (!m_model->asksStore()) {
        m_proxy = new RowFilterProxy(m_model, this);
        m_view->setModel(m_proxy);
    } else {
        m_view->setModel(m_model);
    }
    m_view->setItemDelegate(new ToneDelegate(m_view));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setAlternatingRowColors(true);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setTabKeyNavigation(false);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // as the model has them, until asked
    m_view->setSortingEnabled(true);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view->verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView* header = m_view->horizontalHeader();
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    header->setMinimumSectionSize(40);
    header->setMinimumHeight(kRowHeight);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->installEventFilter(this);
    m_stack->addWidget(m_view);
}

void DataTable::buildToolbar() {
    if (!m_texts.filterHint.isEmpty()) {
        m_filter = new QLineEdit(this);
        m_filter->setPlaceholderText(m_texts.filterHint);
        m_filter->setAccessibleName(m_texts.filterHint);
        m_filter->setClearButtonEnabled(true);
        m_filter->setMinimumWidth(160);
        m_filter->setMaximumWidth(320);
        m_filter->setToolTip(tr("Ctrl+F"));
        m_toolbar->addWidget(m_filter, 1);
        m_filterDelay.setSingleShot(true);
        m_filterDelay.setInterval(kFilterDelayMs);
        connect(m_filter, &QLineEdit::textChanged, &m_filterDelay, qOverload<>(&QTimer::start));
        connect(&m_filterDelay, &QTimer::timeout, this, &DataTable::applyFilter);
    }
    m_rowCount = plainLabel({}, this, QStringLiteral("muted"));
    m_toolbar->addWidget(m_rowCount);
    m_chip = new QToolButton(this);
    m_chip->setObjectName(QStringLiteral("pausedChip"));
    m_chip->setToolTip(tr("Nothing moves while a row is selected. Press to go on."));
    m_chip->hide();
    m_toolbar->addWidget(m_chip);
    m_toolbar->addStretch(1);
    m_columnsButton = toolButton(tr("Columns"), this);
    m_columnsButton->setPopupMode(QToolButton::InstantPopup);
    auto* columns = new QMenu(m_columnsButton);
    connect(columns, &QMenu::aboutToShow, this, [this, columns] {
        columns->clear();
        fillColumnMenu(columns);
    });
    m_columnsButton->setMenu(columns);
    m_toolbar->addWidget(m_columnsButton);
    m_exportButton = toolButton(tr("Export…"), this);
    m_exportButton->setToolTip(tr("Save all rows that the table shows as a CSV file"));
    m_toolbar->addWidget(m_exportButton);
    connect(m_exportButton, &QToolButton::clicked, this, &DataTable::askExportFile);
    connect(m_chip, &QToolButton::clicked, this, [this] {
        m_pausedByHand = false;
        clearSelection();
        resumeIfFree();
    });
}

void DataTable::buildEmptyState() {
    auto* empty = new QFrame(this);
    empty->setObjectName(QStringLiteral("card"));
    auto* layout = new QVBoxLayout(empty);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->addStretch(1);
    m_emptyTitle = plainLabel(m_texts.emptyTitle, empty, QStringLiteral("emptyTitle"));
    m_emptyText = plainParagraph(m_texts.emptyText, empty, QStringLiteral("emptyText"));
    for (QLabel* label : {m_emptyTitle, m_emptyText}) {
        label->setAlignment(Qt::AlignCenter);
        layout->addWidget(label);
    }
    layout->addStretch(1);
    m_stack->addWidget(empty);
}

void DataTable::watchModel() {
    for (QAbstractItemModel* model : {static_cast<QAbstractItemModel*>(m_model), m_view->model()}) {
        connect(model, &QAbstractItemModel::modelReset, this, &DataTable::refreshState);
        connect(model, &QAbstractItemModel::rowsInserted, this, &DataTable::refreshState);
        connect(model, &QAbstractItemModel::rowsRemoved, this, &DataTable::refreshState);
    }
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        Q_EMIT selectionChanged();
        refreshState();
        resumeIfFree();
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, &DataTable::selectionChanged);
    connect(m_view, &QTableView::activated, this,
            [this](const QModelIndex& at) { Q_EMIT rowActivated(toModelRow(at)); });
    connect(m_view, &QTableView::customContextMenuRequested, this, &DataTable::showMenu);
}

void DataTable::applyColumns() {
    const QList<Column>& columns = m_model->columns();
    for (int at = 0; at < columns.size(); ++at) {
        m_view->setColumnWidth(at, columns.at(at).width);
        m_view->setColumnHidden(at, !columns.at(at).shown);
    }
}

void DataTable::setFilter(const QString& text) {
    if (m_filter != nullptr) {
        m_filter->setText(text);
        m_filterDelay.stop();
    }
    applyFilter();
}

FilterAssistant* DataTable::useFilterLanguage() {
    auto* saved = toolButton(tr("Filters"), this);
    saved->setObjectName(QStringLiteral("savedFilters"));
    saved->setToolTip(tr("Keep this filter, or take a kept one"));
    m_toolbar->insertWidget(1, saved);
    m_filter->setMaximumWidth(QWIDGETSIZE_MAX);
    m_filter->setToolTip(tr("Ctrl+F. Ctrl+Space offers what may stand here."));
    m_toolbar->setStretch(0, 4);
    QLabel* fault = plainParagraph({}, this, QStringLiteral("filterFault"));
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, fault);
    m_assistant = new FilterAssistant(m_filter, saved, fault, this);
    connect(m_assistant, &FilterAssistant::chosen, this, &DataTable::setFilter);
    return m_assistant;
}

void DataTable::applyFilter() {
    const QString text = m_filter == nullptr ? QString() : m_filter->text();
    if (m_assistant != nullptr && !m_assistant->check(text)) {
        return; // what was found last stays
    }
    clearSelection();
    if (m_proxy != nullptr) {
        m_proxy->setText(text);
    } else {
        m_model->setFilterText(text);
    }
    refreshState();
}

void DataTable::setRowFilter(std::function<bool(int modelRow)> condition) {
    clearSelection();
    m_proxy->setCondition(std::move(condition));
    refreshState();
}

void DataTable::setEmptyText(const QString& title, const QString& text) {
    m_texts.emptyTitle = title;
    m_texts.emptyText = text;
    refreshState();
}

void DataTable::refreshState() {
    const int rows = m_view->model()->rowCount();
    const bool filtered = m_filter != nullptr && !m_filter->text().isEmpty();
    m_emptyTitle->setText(filtered ? tr("Nothing matches the filter") : m_texts.emptyTitle);
    m_emptyText->setText(filtered ? tr("Clear the filter to see all rows.") : m_texts.emptyText);
    m_stack->setCurrentIndex(rows == 0 ? 1 : 0);
    QString count = formatCount(static_cast<std::uint64_t>(rows), m_texts.noun, m_texts.nouns);
    const auto selected = static_cast<std::uint64_t>(m_view->selectionModel()->selectedRows().size());
    if (selected > 0) {
        count += tr(", %1 selected").arg(formatNumber(selected));
    }
    m_rowCount->setText(count);
    m_exportButton->setEnabled(rows > 0);
    const bool shown = paused() && m_update != nullptr;
    m_chip->setText(m_waiting == 1 ? tr("Paused – 1 update waiting")
                                   : tr("Paused – %1 updates waiting").arg(formatNumber(std::int64_t{m_waiting})));
    m_chip->setVisible(shown || m_pausedByHand);
}

void DataTable::offer(std::function<void()> update) {
    if (paused()) {
        m_update = std::move(update);
        ++m_waiting;
        refreshState();
        return;
    }
    update();
}

bool DataTable::paused() const {
    return m_pausedByHand || m_menusOpen > 0 || (m_pausesOnSelection && m_view->selectionModel()->hasSelection());
}

void DataTable::setPaused(bool paused) {
    m_pausedByHand = paused;
    resumeIfFree();
    refreshState();
}

void DataTable::resumeIfFree() {
    if (paused() || m_update == nullptr) {
        return;
    }
    const auto update = std::exchange(m_update, nullptr);
    m_waiting = 0;
    update();
    refreshState();
}

int DataTable::toModelRow(const QModelIndex& viewIndex) const {
    return m_proxy == nullptr ? viewIndex.row() : m_proxy->mapToSource(viewIndex).row();
}

std::vector<int> DataTable::selectedRows() const {
    QModelIndexList selected = m_view->selectionModel()->selectedRows();
    std::sort(selected.begin(), selected.end());
    std::vector<int> rows;
    for (const QModelIndex& at : selected) {
        rows.push_back(toModelRow(at));
    }
    return rows;
}

void DataTable::clearSelection() {
    m_view->selectionModel()->clear();
}

void DataTable::selectRow(int modelRow) {
    const QModelIndex source = m_model->index(modelRow, 0);
    const QModelIndex at = m_proxy == nullptr ? source : m_proxy->mapFromSource(source);
    if (at.isValid()) {
        m_view->selectRow(at.row());
        m_view->scrollTo(at, QAbstractItemView::PositionAtCenter);
    }
}

void DataTable::sortBy(int column, Qt::SortOrder order) {
    m_view->sortByColumn(column, order);
}

void DataTable::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_exportButton != nullptr) {
        updateIcons();
    }
}

void DataTable::updateIcons() {
    m_columnsButton->setIcon(icon(QStringLiteral("columns"), palette()));
    m_exportButton->setIcon(icon(QStringLiteral("export"), palette()));
}

bool DataTable::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Copy)) {
            copySelection();
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            clearSelection();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace dashstream::ui
