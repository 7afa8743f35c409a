#include "ui/pages/threads_page.h"

#include "ui/format.h"
#include "ui/models/threads_model.h"
#include "ui/pages/revision_watch.h"
#include "ui/widgets/confirm_dialog.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/plain_label.h"

#include <QInputDialog>
#include <QPushButton>
#include <QVBoxLayout>

namespace dashstream::ui {

ThreadsPage::ThreadsPage(StoreAccess& store, QWidget* parent)
    : Page({QStringLiteral("threads"), tr("Threads"), tr("How far is each thread?")}, parent) {
    m_threads = new ThreadsModel(store, this);
    m_watch = new RevisionWatch(this);
    buildHeading();
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
    connect(m_table, &DataTable::selectionChanged, this, &ThreadsPage::updateButtons);
    updateButtons();
    connect(m_watch, &RevisionWatch::due, this, [this] { m_table->offer([this] { m_threads->reload(); }); });
    connect(m_threads, &WindowedTable::failed, this,
            [this](const QString& text) { Q_EMIT told(tr("The threads could not be read"), text); });
}

void ThreadsPage::buildHeading() {
    m_forget = new QPushButton(tr("Forget…"), this);
    m_forget->setObjectName(QStringLiteral("forgetThreads"));
    m_forget->setToolTip(tr("Forgets the numbers of the selected threads"));
    m_forgetIdle = new QPushButton(tr("Forget idle…"), this);
    m_forgetIdle->setObjectName(QStringLiteral("forgetIdle"));
    m_forgetIdle->setToolTip(tr("Forgets the threads that nobody used for some days"));
    m_seed = new QPushButton(this);
    m_seed->setObjectName(QStringLiteral("seedThreads"));
    m_seed->setToolTip(tr("Takes over the numbers that the topic already has, for a store that is new"));
    for (QPushButton* button : {m_forget, m_forgetIdle, m_seed}) {
        heading()->addWidget(button);
    }
    connect(m_forget, &QPushButton::clicked, this, &ThreadsPage::askForget);
    connect(m_forgetIdle, &QPushButton::clicked, this, &ThreadsPage::askForgetIdle);
    connect(m_seed, &QPushButton::clicked, this, [this] {
        if (m_seeding) {
            Q_EMIT cancelSeedWanted();
        } else {
            askSeed();
        }
    });
    setSeeding(false);
}

void ThreadsPage::updateButtons() {
    m_forget->setEnabled(!m_table->selectedRows().empty());
}

void ThreadsPage::askForget() {
    std::vector<std::int64_t> rows;
    for (const int row : m_table->selectedRows()) {
        rows.push_back(m_threads->idAt(row));
    }
    if (rows.empty()) {
        return;
    }
    const QString number = formatCount(rows.size(), tr("thread"), tr("threads"));
    auto* dialog =
        new ConfirmDialog({tr("Forget threads?"),
                           tr("The numbers of %1 are forgotten. A thread that comes again begins at 1, which "
                              "readers of the topic take for a repetition. Threads with messages under way or "
                              "waiting stay. The audit log keeps a record.")
                               .arg(number),
                           tr("Forget %1").arg(number)},
                          this);
    connect(dialog, &QDialog::accepted, this, [this, rows] {
        Q_EMIT forgetWanted(rows);
        m_table->clearSelection();
    });
    dialog->open();
}

void ThreadsPage::askForgetIdle() {
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("idleDays"));
    dialog->setWindowTitle(tr("Forget idle threads"));
    dialog->setLabelText(tr("Threads that nobody used for so many days:"));
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setIntRange(1, 3650);
    dialog->setIntValue(90);
    connect(dialog, &QInputDialog::intValueSelected, this, &ThreadsPage::confirmIdle);
    dialog->open();
}

void ThreadsPage::confirmIdle(int days) {
    const QString age = formatCount(static_cast<std::uint64_t>(days), tr("day"), tr("days"));
    auto* dialog =
        new ConfirmDialog({tr("Forget idle threads?"),
                           tr("The numbers of all threads that nobody used for %1 are forgotten. A thread that "
                              "comes again begins at 1. The audit log keeps a record.")
                               .arg(age),
                           tr("Forget idle threads")},
                          this);
    connect(dialog, &QDialog::accepted, this,
            [this, days] { Q_EMIT forgetIdleWanted(SystemClock().utcNow() - std::chrono::days(days)); });
    dialog->open();
}

void ThreadsPage::askSeed() {
    auto* dialog =
        new ConfirmDialog({tr("Take over the topic's numbers?"),
                           tr("The whole topic is read for the highest number of each thread. Threads that "
                              "have no number here, or a lower one, go on after it. Nothing else changes. It "
                              "is refused while messages are in flight or wait, and can be cancelled."),
                           tr("Read the topic")},
                          this);
    connect(dialog, &QDialog::accepted, this, [this] {
        setSeeding(true);
        Q_EMIT seedWanted();
    });
    dialog->open();
}

void ThreadsPage::setSeeding(bool seeding) {
    m_seeding = seeding;
    m_seed->setText(seeding ? tr("Cancel reading the topic") : tr("Seed from topic…"));
}

void ThreadsPage::showForgotten(const engine::ForgetOutcome& outcome) {
    const auto left = outcome.inUse + outcome.active + outcome.unknown;
    Q_EMIT noted(tr("Forgot %1; %2 in use or used meanwhile stay")
                     .arg(formatCount(outcome.forgotten, tr("thread"), tr("threads")), formatNumber(left)));
}

void ThreadsPage::showSeedProgress(quint64 records, quint64 threads) {
    if (m_seeding) {
        Q_EMIT noted(tr("Reading the topic: %1 of %2")
                         .arg(formatCount(records, tr("record"), tr("records")),
                              formatCount(threads, tr("thread"), tr("threads"))));
    }
}

void ThreadsPage::showSeedEnded(quint64 records, const std::optional<engine::SeedOutcome>& outcome) {
    setSeeding(false);
    if (outcome) {
        Q_EMIT noted(tr("Read %1: %2 go on after the topic's number, %3 had it")
                         .arg(formatCount(records, tr("record"), tr("records")),
                              formatCount(outcome->raised, tr("thread"), tr("threads")), formatNumber(outcome->kept)));
    } else {
        Q_EMIT noted(tr("The topic's numbers were not taken over"));
    }
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
