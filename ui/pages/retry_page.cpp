#include "ui/pages/retry_page.h"

#include "core/store/reader.h"
#include "ui/format.h"
#include "ui/models/groups_model.h"
#include "ui/models/message_detail.h"
#include "ui/models/retry_model.h"
#include "ui/pages/revision_watch.h"
#include "ui/widgets/confirm_dialog.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/letter_view.h"
#include "ui/widgets/plain_label.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>

namespace dashstream::ui {

RetryPage::RetryPage(StoreAccess& store, const Clock& clock, QWidget* parent)
    : Page({QStringLiteral("retry-queue"), tr("Retry queue"), tr("What waits, why, until when?")}, parent),
      m_store(store) {
    m_entries = new RetryModel(store, clock, this);
    m_groups = new GroupsModel(tr("Group"), this);
    m_watch = new RevisionWatch(this);
    buildHeading();
    buildTables();
    updateIcons();
    updateButtons();
    connect(m_watch, &RevisionWatch::due, this, [this] { m_table->offer([this] { refresh(); }); });
    connect(m_entries, &WindowedTable::loaded, this, &RetryPage::updateButtons);
    connect(m_entries, &WindowedTable::failed, this,
            [this](const QString& text) { Q_EMIT told(tr("The retry queue could not be read"), text); });
}

void RetryPage::buildHeading() {
    m_retryNow = new QPushButton(tr("Try now"), this);
    m_retryNow->setObjectName(QStringLiteral("retryNow"));
    m_retryNow->setToolTip(tr("Sends the selected entries at once; all of the table when none is selected"));
    m_giveUp = new QPushButton(tr("Give up…"), this);
    m_giveUp->setObjectName(QStringLiteral("giveUp"));
    m_giveUp->setToolTip(tr("Makes dead letters of the selected entries; of all of the table when none is selected"));
    heading()->addWidget(m_retryNow);
    heading()->addWidget(m_giveUp);
    connect(m_retryNow, &QPushButton::clicked, this, [this] {
        const auto entries = chosenEntries();
        if (!entries.empty()) {
            Q_EMIT retryNowWanted(entries);
            m_table->clearSelection();
        }
    });
    connect(m_giveUp, &QPushButton::clicked, this, &RetryPage::askGiveUp);
}

void RetryPage::buildTables() {
    auto* columns = new QSplitter(Qt::Horizontal, this);
    columns->setObjectName(QStringLiteral("retryColumns"));
    columns->setChildrenCollapsible(false);
    QFrame* groups = card(tr("Groups"), columns);
    m_grouping = new QComboBox(groups);
    m_grouping->setObjectName(QStringLiteral("retryGrouping"));
    m_grouping->setAccessibleName(tr("Group by"));
    m_grouping->addItems({tr("By cause"), tr("By partition")});
    cardLayout(groups)->addWidget(m_grouping);
    m_groupTable = new DataTable(
        m_groups,
        {QStringLiteral("retry_groups"), {}, tr("No groups"), tr("Groups of what waits."), tr("group"), tr("groups")},
        groups);
    m_groupTable->setPausesOnSelection(false);
    cardLayout(groups)->addWidget(m_groupTable, 1);
    auto* rows = new QSplitter(Qt::Vertical, columns);
    rows->setObjectName(QStringLiteral("retryRows"));
    rows->setChildrenCollapsible(false);
    m_table =
        new DataTable(m_entries,
                      {QStringLiteral("retries"), tr("Filter by thread, cause, tenant or trace"), tr("Nothing waits"),
                       tr("Messages come here when an attempt failed, or when their partition stands still."),
                       tr("entry"), tr("entries")},
                      rows);
    m_table->sortBy(RetryModel::WaitingSince, Qt::AscendingOrder);
    QFrame* detail = card({}, rows);
    m_detail = new LetterView(QStringLiteral("retry_detail"), detail);
    cardLayout(detail)->addWidget(m_detail);
    rows->setSizes({380, 220});
    columns->setSizes({260, 800});
    columns->setStretchFactor(1, 1);
    body()->addWidget(columns, 1);
    adopt(m_table);
    adopt(m_groupTable);
    connect(m_grouping, &QComboBox::currentIndexChanged, this, [this] {
        m_groups->setRows({});
        refreshGroups();
    });
    connect(m_groupTable, &DataTable::selectionChanged, this, &RetryPage::chooseGroup);
    connect(m_table, &DataTable::selectionChanged, this, [this] {
        updateButtons();
        showDetail();
    });
}

void RetryPage::showSnapshot(const engine::Snapshot& snapshot) {
    m_watch->note(snapshot.retryRevision);
    if (m_grouping->currentIndex() == ByPartition) {
        showPartitionGroups(snapshot);
    }
}

void RetryPage::showPartitionGroups(const engine::Snapshot& snapshot) {
    std::vector<GroupRow> rows;
    for (const engine::PartitionView& partition : snapshot.partitions) {
        const std::uint64_t waiting = partition.waiting + partition.inside;
        if (waiting == 0) {
            continue;
        }
        const QString error = partition.lastError.empty() ? tr("no error yet") : fromOutside(partition.lastError);
        rows.push_back(
            {QString::number(partition.id.value),
             tr("Partition %1: %2").arg(QString::number(partition.id.value), error),
             waiting,
             {},
             {},
             tr("%1, oldest %2, %3").arg(formatMessages(waiting), formatDuration(partition.oldestAge), error)});
    }
    m_groups->setRows(std::move(rows));
}

void RetryPage::refresh() {
    m_entries->reload();
    refreshGroups();
}

void RetryPage::refreshGroups() {
    if (m_grouping->currentIndex() != ByCause) {
        return;
    }
    askStore(
        m_store, this, {}, [](store::StoreReader& reader) { return reader.retryGroups(); },
        [this](Result<std::vector<store::GroupCount>> groups) {
            if (!groups || m_grouping->currentIndex() != ByCause) {
                return;
            }
            std::vector<GroupRow> rows;
            for (const store::GroupCount& group : *groups) {
                const QString cause = fromOutside(group.key);
                rows.push_back({cause,
                                cause.isEmpty() ? tr("waits for the broker") : cause,
                                static_cast<std::uint64_t>(group.count),
                                group.first,
                                group.last,
                                {}});
            }
            m_groups->setRows(std::move(rows));
        });
}

void RetryPage::chooseGroup() {
    const auto rows = m_groupTable->selectedRows();
    if (m_grouping->currentIndex() == ByPartition) {
        if (!rows.empty()) {
            m_table->sortBy(RetryModel::Partition, Qt::AscendingOrder); // the store groups by cause alone
        }
        return;
    }
    m_table->setFilter(rows.empty() ? QString() : m_groups->rowAt(rows.front())->key);
}

void RetryPage::showDetail() {
    m_detailCancel.cancel();
    m_detailCancel = CancelToken();
    const auto rows = m_table->selectedRows();
    if (rows.size() != 1) {
        m_detail->clear(rows.empty() ? tr("Select an entry to see it whole.") : tr("Several entries are selected."));
        return;
    }
    askStore(
        m_store, this, m_detailCancel,
        [id = m_entries->idAt(rows.front())](store::StoreReader& reader) -> Result<MessageDetail> {
            auto entry = reader.retry(id);
            if (!entry) {
                return fail(entry.error());
            }
            return detailOf(*entry);
        },
        [this](Result<MessageDetail> detail) {
            if (detail) {
                m_detail->show(*detail);
            } else {
                m_detail->clear(tr("This entry is settled by now."));
            }
        });
}

std::vector<RetryId> RetryPage::chosenEntries() const {
    std::vector<RetryId> entries;
    for (const int row : m_table->selectedRows()) {
        entries.push_back(m_entries->idAt(row));
    }
    return entries.empty() ? m_entries->ids() : entries;
}

void RetryPage::askGiveUp() {
    const auto entries = chosenEntries();
    if (entries.empty()) {
        return;
    }
    const QString number = formatMessages(entries.size());
    auto* dialog = new ConfirmDialog({tr("Give up?"),
                                      tr("%1 will not be tried any more and become dead letters. They stay whole and "
                                         "can be sent again. What is being "
                                         "sent at this moment is not touched.")
                                          .arg(number),
                                      tr("Give up %1").arg(number)},
                                     this);
    connect(dialog, &QDialog::accepted, this, [this, entries] {
        Q_EMIT giveUpWanted(entries);
        m_table->clearSelection();
    });
    dialog->open();
}

void RetryPage::updateButtons() {
    const bool any = m_entries->rowCount() > 0;
    m_retryNow->setEnabled(any);
    m_giveUp->setEnabled(any);
    const bool all = m_table->selectedRows().empty();
    m_retryNow->setText(all ? tr("Try all now") : tr("Try now"));
    m_giveUp->setText(all ? tr("Give up all…") : tr("Give up…"));
}

void RetryPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    m_watch->setShown(true);
}

void RetryPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_watch->setShown(false);
}

void RetryPage::changeEvent(QEvent* event) {
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_giveUp != nullptr) {
        updateIcons();
    }
}

void RetryPage::updateIcons() {
    m_retryNow->setIcon(icon(QStringLiteral("resend"), palette()));
    m_giveUp->setIcon(icon(QStringLiteral("give-up"), palette()));
}

} // namespace dashstream::ui
