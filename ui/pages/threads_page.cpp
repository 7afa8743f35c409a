#include "ui/pages/threads_page.h"

#include "ui/format.h"
#include "ui/models/threads_model.h"
#include "ui/pages/revision_watch.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QVBoxLayout>

namespace dashstream::ui {

ThreadsPage::ThreadsPage(StoreAccess& store, QWidget* parent)
    : Page({QStringLiteral("threads"), tr("Threads"), tr("How far is each thread?")}, parent) {
    m_threads = new ThreadsModel(store, this);
    m_watch = new RevisionWatch(this);
    m_summary = plainLabel({}, this, QStringLiteral("muted"));
    body()->addWidget(m_summary);
    m_table = new DataTable(m_threads,
                            {QStringLiteral("threads_table"), tr("Name begins with"), tr("No threads yet"),
                             tr("A thread appears with its first accepted message. Start a source to see some."),
                             tr("thread"), tr("threads")},
                            this);
    m_table->sortBy(ThreadsModel::UpdatedAt, Qt::DescendingOrder);
    body()->addWidget(m_table, 1);
    adopt(m_table);
    connect(m_watch, &RevisionWatch::due, this, [this] { m_table->offer([this] { m_threads->reload(); }); });
    connect(m_threads, &WindowedTable::failed, this,
            [this](const QString& text) { Q_EMIT told(tr("The threads could not be read"), text); });
}

void ThreadsPage::showSnapshot(const engine::Snapshot& snapshot) {
    m_watch->note(snapshot.threadRevision);
    const engine::Accounting& sums = snapshot.accounting;
    m_summary->setText(
        tr("%1 in memory  ·  duplicates possible: %2  ·  duplicates avoided: %3  ·  reorders possible: %4")
            .arg(formatCount(snapshot.threadsKnown, tr("thread"), tr("threads")), formatNumber(sums.duplicatesPossible),
                 formatNumber(sums.duplicatesAvoided), formatNumber(sums.reordersPossible)));
}

void ThreadsPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    m_watch->setShown(true);
}

void ThreadsPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_watch->setShown(false);
}

} // namespace dashstream::ui
