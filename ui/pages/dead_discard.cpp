#include "ui/pages/dead_discard.h"

#include "ui/format.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/discard_dialog.h"
#include "ui/widgets/discard_strip.h"
#include "ui/widgets/icons.h"

#include <QAction>
#include <QLineEdit>
#include <QPushButton>

namespace dashstream::ui {

DeadDiscard::DeadDiscard(StoreAccess& store, DeadModel* letters, DataTable* table, QWidget* page)
    : QObject(page), m_store(store), m_letters(letters), m_table(table), m_page(page) {
    m_strip = new DiscardStrip(page);
    connect(m_strip, &DiscardStrip::cancelWanted, this, &DeadDiscard::cancelWanted);
    m_discard = makeButton(tr("Discard…"), "discardSelected", store::DeadAction::Discard);
    m_restore = makeButton(tr("Restore…"), "restoreSelected", store::DeadAction::Restore);
    m_delete = new QAction(tr("Discard…"), table);
    m_delete->setObjectName(QStringLiteral("discardAction"));
    m_delete->setShortcut(QKeySequence::Delete);
    m_delete->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    table->addAction(m_delete);
    connect(m_delete, &QAction::triggered, this, [this] { ask(store::DeadAction::Discard); });
    showColumns(false);
    update();
}

QPushButton* DeadDiscard::makeButton(const QString& text, const char* name, store::DeadAction action) {
    auto* button = new QPushButton(text, m_page);
    button->setObjectName(QString::fromLatin1(name));
    connect(button, &QPushButton::clicked, this, [this, action] { ask(action); });
    return button;
}

void DeadDiscard::update() {
    const bool discarded = m_letters->which() == DeadModel::Which::Discarded;
    const bool selected = !m_table->selectedRows().empty();
    m_discard->setVisible(!discarded);
    m_restore->setVisible(discarded);
    m_discard->setEnabled(!discarded && selected && !m_running);
    m_delete->setEnabled(m_discard->isEnabled());
    m_restore->setEnabled(discarded && selected && !m_running);
    const QString busy = tr("Wait until the discarding or restoring under way has ended");
    m_discard->setToolTip(m_running  ? busy
                          : selected ? tr("Settles the selected letters without sending them (%1); it can be taken "
                                          "back for 30 days")
                                           .arg(m_delete->shortcut().toString(QKeySequence::NativeText))
                                     : tr("Select the dead letters that are of no use"));
    m_restore->setToolTip(m_running  ? busy
                          : selected ? tr("Makes the selected letters open dead letters again")
                                     : tr("Select the letters that shall be open again"));
    if (discarded != m_columnsShown) {
        showColumns(discarded);
    }
}

/// When, by whom, why and until when: in the list of discarded ones.
void DeadDiscard::showColumns(bool discarded) {
    m_columnsShown = discarded;
    for (const int column :
         {DeadModel::DiscardedAt, DeadModel::RestorableUntil, DeadModel::DiscardedBy, DeadModel::DiscardReason}) {
        m_table->view()->setColumnHidden(column, !discarded);
    }
}

void DeadDiscard::ask(store::DeadAction action) {
    store::DeadChange change{action, {}, {}, {}, m_table->filterField()->text().trimmed().toStdString()};
    for (const int row : m_table->selectedRows()) {
        change.letters.push_back(m_letters->idAt(row));
    }
    if (change.letters.empty() || m_running) {
        return;
    }
    auto* dialog = new DiscardDialog(m_store, std::move(change), m_page);
    connect(dialog, &DiscardDialog::changeWanted, this, [this](const store::DeadChange& wanted) {
        m_table->clearSelection(); // so that the table follows what happens
        Q_EMIT changeWanted(wanted);
    });
    dialog->open();
}

void DeadDiscard::showProgress(const DeadProgress& progress) {
    m_running = progress.running;
    m_strip->show(progress);
    update();
}

void DeadDiscard::updateIcons() {
    m_discard->setIcon(icon(QStringLiteral("give-up"), m_page->palette()));
    m_restore->setIcon(icon(QStringLiteral("retry-queue"), m_page->palette()));
}

} // namespace dashstream::ui
