#include "ui/pages/dead_exchange_actions.h"

#include "ui/format.h"
#include "ui/widgets/exchange_strip.h"
#include "ui/widgets/import_dialog.h"

#include <QAction>
#include <QFileDialog>
#include <QMenu>
#include <QPushButton>

namespace dashstream::ui {

DeadExchangeActions::DeadExchangeActions(Shown shown, QWidget* page)
    : QObject(page), m_shown(std::move(shown)), m_page(page) {
    m_strip = new ExchangeStrip(page);
    connect(m_strip, &ExchangeStrip::cancelWanted, this, &DeadExchangeActions::cancelWanted);
    m_button = new QPushButton(tr("Files"), page);
    m_button->setObjectName(QStringLiteral("deadFiles"));
    m_button->setToolTip(tr("Export dead letters whole to a file, or import them from one"));
    m_button->setMenu(new QMenu(m_button));
    m_exportSelected = addAction(tr("Export selected…"), QStringLiteral("exportSelected"),
                                 QKeySequence(Qt::CTRL | Qt::Key_E), &DeadExchangeActions::exportSelected);
    m_exportAll = addAction(tr("Export all shown…"), QStringLiteral("exportAll"),
                            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), &DeadExchangeActions::exportAll);
    m_button->menu()->addSeparator();
    m_import = addAction(tr("Import…"), QStringLiteral("importLetters"), QKeySequence(Qt::CTRL | Qt::Key_I),
                         &DeadExchangeActions::askImport);
    updateActions();
}

QAction* DeadExchangeActions::addAction(const QString& text, const QString& name, const QKeySequence& keys,
                                        void (DeadExchangeActions::*act)()) {
    QAction* action = m_button->menu()->addAction(text);
    action->setObjectName(name);
    action->setShortcut(keys);
    m_page->addAction(action); // the keys go where the page is shown, whatever of the window has the focus
    connect(action, &QAction::triggered, this, act);
    return action;
}

void DeadExchangeActions::setCounts(std::size_t selected, std::size_t all) {
    m_selected = selected;
    m_all = all;
    updateActions();
}

void DeadExchangeActions::updateActions() {
    const bool idle = !m_strip->running();
    m_exportSelected->setText(m_selected == 0 ? tr("Export selected…")
                                              : tr("Export %1 selected…").arg(formatNumber(std::uint64_t{m_selected})));
    m_exportAll->setText(m_all == 0 ? tr("Export all shown…")
                                    : tr("Export all %1 shown…").arg(formatNumber(std::uint64_t{m_all})));
    m_exportSelected->setEnabled(idle && m_selected > 0);
    m_exportAll->setEnabled(idle && m_all > 0);
    m_import->setEnabled(idle);
}

void DeadExchangeActions::exportSelected() {
    askExport(m_shown.selected(), QStringLiteral("by hand"), {});
}

void DeadExchangeActions::exportAll() {
    const QString filter = m_shown.filter();
    askExport(m_shown.all(), filter.isEmpty() ? QStringLiteral("all shown") : QStringLiteral("by filter"), filter);
}

void DeadExchangeActions::askExport(std::vector<DeadLetterId> letters, const QString& chosen, const QString& filter) {
    if (letters.empty()) {
        return;
    }
    const QString count = formatCount(letters.size(), tr("dead letter"), tr("dead letters"));
    auto* dialog = new QFileDialog(m_page, tr("Export %1").arg(count));
    dialog->setObjectName(QStringLiteral("exportFileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Dead letters (*.jsonl)"), tr("All files (*)")});
    dialog->setDefaultSuffix(QStringLiteral("jsonl"));
    dialog->selectFile(QStringLiteral("dead-letters.jsonl"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, letters = std::move(letters), chosen, filter](const QString& file) {
                m_strip->showBegun(ExchangeKind::Export, file);
                updateActions();
                Q_EMIT exportWanted({file, letters, filter, chosen});
            });
    dialog->open();
}

void DeadExchangeActions::askImport() {
    auto* dialog = new QFileDialog(m_page, tr("Import dead letters"));
    dialog->setObjectName(QStringLiteral("importFileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Dead letters (*.jsonl)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_strip->showBegun(ExchangeKind::Check, file);
        updateActions();
        Q_EMIT checkWanted(file);
    });
    dialog->open();
}

void DeadExchangeActions::showProgress(const ExchangeProgress& progress) {
    m_strip->showProgress(progress);
}

void DeadExchangeActions::showChecked(const ImportPreview& preview) {
    m_strip->finish();
    updateActions();
    auto* dialog = new ImportDialog(preview, m_page);
    connect(dialog, &ImportDialog::importWanted, this, [this](const QString& file, bool leaveOutWrong) {
        m_strip->showBegun(ExchangeKind::Import, file);
        updateActions();
        Q_EMIT importWanted(file, leaveOutWrong);
    });
    dialog->open();
}

void DeadExchangeActions::showEnd(const ExchangeEnd& end) {
    m_strip->showEnd(end);
    updateActions();
    if (end.error) {
        Q_EMIT told(fromOutside(end.error->message), fromOutside(end.error->remedy));
    }
}

} // namespace dashstream::ui
