#include "ui/pages/dead_letters_page.h"

#include "core/store/reader.h"
#include "ui/format.h"
#include "ui/models/dead_groups_model.h"
#include "ui/models/dead_model.h"
#include "ui/models/message_detail.h"
#include "ui/pages/dead_discard.h"
#include "ui/pages/dead_exchange_actions.h"
#include "ui/pages/revision_watch.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/discard_strip.h"
#include "ui/widgets/edit_dialog.h"
#include "ui/widgets/exchange_strip.h"
#include "ui/widgets/filter_assistant.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/letter_view.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/resend_dialog.h"
#include "ui/widgets/resend_strip.h"
#include "ui/widgets/spark_delegate.h"

#include <QAction>
#include <QComboBox>
#include <QDateTime>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>

#include <array>

namespace dashstream::ui {

DeadLettersPage::DeadLettersPage(StoreAccess& store, QWidget* parent)
    : Page({QStringLiteral("dead-letters"), tr("Dead letters"), tr("What died, and what can be done?")}, parent),
      m_store(store) {
    m_letters = new DeadModel(store, this);
    m_groups = new DeadGroupsModel(this);
    m_watch = new RevisionWatch(this);
    m_strip = new ResendStrip(this);
    body()->addWidget(m_strip);
    buildExchange();
    buildHeading();
    buildTables();
    connectTables();
    updateIcons();
    updateButtons();
}

void DeadLettersPage::buildExchange() {
    DeadExchangeActions::Shown shown;
    shown.selected = [this] {
        std::vector<DeadLetterId> letters;
        for (const int row : m_table->selectedRows()) {
            letters.push_back(m_letters->idAt(row));
        }
        return letters;
    };
    shown.all = [this] { return m_letters->ids(); };
    shown.filter = [this] { return m_table->filterField()->text().trimmed(); };
    m_exchange = new DeadExchangeActions(std::move(shown), this);
    body()->addWidget(m_exchange->strip());
    connect(m_exchange, &DeadExchangeActions::told, this, &Page::told);
}

void DeadLettersPage::buildHeading() {
    m_which = new QComboBox(this);
    m_which->setObjectName(QStringLiteral("deadWhich"));
    m_which->setAccessibleName(tr("Which dead letters"));
    m_which->addItems({tr("Open ones"), tr("All, settled ones too"), tr("Discarded ones")});
    m_resend = new QPushButton(tr("Resend selected…"), this);
    m_resend->setObjectName(QStringLiteral("resendSelected"));
    m_resendAll = new QPushButton(tr("Resend all shown…"), this);
    m_resendAll->setObjectName(QStringLiteral("resendAll"));
    m_resendAll->setToolTip(tr("All that the table shows with its filter"));
    m_edit = new QPushButton(tr("Edit…"), this);
    m_edit->setObjectName(QStringLiteral("editLetters"));
    m_edit->setToolTip(tr("Change the selected ones, or all that the table shows, and send them again"));
    m_copyAgain = new QPushButton(tr("Copy again"), this);
    m_copyAgain->setObjectName(QStringLiteral("copyAgain"));
    m_copyAgain->setVisible(false);
    heading()->addWidget(m_which);
    heading()->addWidget(m_exchange->button());
    heading()->addWidget(m_copyAgain);
    heading()->addWidget(m_edit);
    heading()->addWidget(m_resend);
    heading()->addWidget(m_resendAll);
    connect(m_which, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_letters->setWhich(static_cast<DeadModel::Which>(index));
        refreshGroups();
        updateButtons();
    });
    connect(m_resend, &QPushButton::clicked, this, [this] { askResend(selectedLetters()); });
    connect(m_edit, &QPushButton::clicked, this, &DeadLettersPage::askEdit);
    connect(m_copyAgain, &QPushButton::clicked, this, &DeadLettersPage::wantCopies);
    connect(m_resendAll, &QPushButton::clicked, this, [this] { askResend(m_letters->ids()); });
}

void DeadLettersPage::buildTables() {
    auto* columns = new QSplitter(Qt::Horizontal, this);
    columns->setObjectName(QStringLiteral("deadColumns"));
    columns->setChildrenCollapsible(false);
    QFrame* groups = card({}, columns);
    m_groupTable = new DataTable(m_groups,
                                 {QStringLiteral("dead_groups"),
                                  {},
                                  tr("No groups"),
                                  tr("Dead letters are counted here by what they have in common."),
                                  tr("group"),
                                  tr("groups")},
                                 groups);
    m_groupTable->setPausesOnSelection(false);
    m_groupTable->sortBy(DeadGroupsModel::Messages, Qt::DescendingOrder);
    m_groupTable->view()->setItemDelegateForColumn(DeadGroupsModel::Plot, new SparkDelegate(m_groupTable));
    m_groupBy = new QComboBox(groups);
    m_groupBy->setObjectName(QStringLiteral("deadGroupBy"));
    m_groupBy->setAccessibleName(tr("What the dead letters are counted by"));
    m_groupBy->addItems(
        {tr("By cause"), tr("By topic"), tr("By tenant"), tr("By thread"), tr("By type"), tr("By day")});
    m_groupBy->setToolTip(tr("A cause is an error without the numbers, ids and addresses that differ"));
    m_groupTable->toolbar()->insertWidget(0, m_groupBy);
    cardLayout(groups)->addWidget(m_groupTable, 1);
    auto* rows = new QSplitter(Qt::Vertical, columns);
    rows->setObjectName(QStringLiteral("deadRows"));
    rows->setChildrenCollapsible(false);
    m_table = new DataTable(m_letters,
                            {QStringLiteral("dead_letters"), tr("error ~ timeout and tenant = acme, or words"),
                             tr("No dead letters"),
                             tr("A message comes here when the producer gives up on it: whole, with all its attempts."),
                             tr("dead letter"), tr("dead letters")},
                            rows);
    m_table->sortBy(DeadModel::DiedAt, Qt::DescendingOrder);
    m_table->useFilterLanguage()->setKnownValues([this](filter::Field field) { return knownValues(field); });
    m_searchNote = plainLabel({}, rows, QStringLiteral("muted"));
    m_searchNote->hide();
    m_table->toolbar()->insertWidget(2, m_searchNote);
    QFrame* detail = card({}, rows);
    m_detail = new LetterView(QStringLiteral("dead_detail"), detail);
    cardLayout(detail)->addWidget(m_detail);
    rows->setSizes({310, 300});
    columns->setSizes({290, 780});
    columns->setStretchFactor(1, 1);
    body()->addWidget(columns, 1);
}

void DeadLettersPage::connectTables() {
    adopt(m_table);
    adopt(m_groupTable);
    connect(m_watch, &RevisionWatch::due, this, [this] {
        refreshGroups();
        refreshSearch();
        m_table->offer([this] { m_letters->reload(); });
    });
    connect(m_letters, &WindowedTable::loaded, this, &DeadLettersPage::takeIds);
    connect(m_letters, &WindowedTable::failed, this,
            [this](const QString& text) { Q_EMIT told(tr("The dead letters could not be read"), text); });
    connect(m_groupTable, &DataTable::selectionChanged, this, &DeadLettersPage::chooseGroup);
    connect(m_groupBy, &QComboBox::currentIndexChanged, this, &DeadLettersPage::countByChanged);
    connect(m_table, &DataTable::selectionChanged, this, [this] {
        updateButtons();
        showSelected();
    });
    m_discard = new DeadDiscard(m_store, m_letters, m_table, this);
    body()->insertWidget(body()->indexOf(m_strip) + 1, m_discard->strip());
    heading()->addWidget(m_discard->restoreButton());
    heading()->addWidget(m_discard->discardButton());
    connect(m_strip, &ResendStrip::cancelWanted, this, &DeadLettersPage::cancelResendWanted);
    m_copySelected = new QAction(tr("Copy to Kafka again"), m_table);
    m_copySelected->setObjectName(QStringLiteral("copySelected"));
    m_copySelected->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_K));
    m_copySelected->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_table->addAction(m_copySelected);
    connect(m_copySelected, &QAction::triggered, this, &DeadLettersPage::wantCopies);
}

void DeadLettersPage::showSnapshot(const engine::Snapshot& snapshot) {
    m_watch->note(snapshot.deadRevision);
    m_strip->show(snapshot);
    m_topic = fromOutside(snapshot.topic);
    m_copies = snapshot.deadCopies;
    updateCopies();
}

/// The button is there while the cluster refuses copies, or letters without one are selected.
void DeadLettersPage::updateCopies() {
    const bool ofSelected = m_copies.enabled && m_copyable > 0;
    m_copySelected->setEnabled(ofSelected);
    m_copyAgain->setVisible(ofSelected || (m_copies.enabled && m_copies.refused > 0));
    if (ofSelected) {
        m_copyAgain->setText(tr("Copy %1 selected").arg(formatNumber(m_copyable)));
        m_copyAgain->setToolTip(plainToolTip(
            tr("Makes their copies in topic %1 now (%2)")
                .arg(fromOutside(m_copies.topic), m_copySelected->shortcut().toString(QKeySequence::NativeText))));
    } else if (m_copyAgain->isVisibleTo(this)) {
        m_copyAgain->setText(tr("Copy %1 again").arg(formatNumber(m_copies.refused)));
        m_copyAgain->setToolTip(plainToolTip(tr("Copies to topic %1 that the cluster refuses: %2")
                                                 .arg(fromOutside(m_copies.topic), fromOutside(m_copies.lastRefusal))));
    }
}

void DeadLettersPage::wantCopies() {
    const bool ofSelected = m_copyable > 0;
    const std::vector<DeadLetterId> letters = selectedWithoutCopy();
    m_table->clearSelection(); // so that the table follows what happens
    if (ofSelected && letters.empty()) {
        return; // they have got their copies meanwhile
    }
    Q_EMIT noted(letters.empty() ? tr("All refused copies are tried again")
                                 : tr("The copies of %1 are made now")
                                       .arg(formatCount(letters.size(), tr("dead letter"), tr("dead letters"))));
    Q_EMIT copyWanted(letters);
}

std::vector<DeadLetterId> DeadLettersPage::selectedWithoutCopy() const {
    std::vector<DeadLetterId> letters;
    for (const int row : m_table->selectedRows()) {
        const store::DeadRow* letter = m_letters->peek(row);
        if (letter == nullptr || letter->copyState != store::CopyState::Copied) {
            letters.push_back(m_letters->idAt(row));
        }
    }
    return letters;
}

void DeadLettersPage::goTo(const QString& argument) {
    bool isNumber = false;
    const DeadLetterId id(argument.toLongLong(&isNumber));
    if (!isNumber) {
        Page::goTo(argument);
        return;
    }
    m_wanted = id;
    m_table->clearSelection();
    m_table->setFilter({});
}

void DeadLettersPage::takeIds() {
    updateButtons();
    if (!m_wanted) {
        return;
    }
    const DeadLetterId id = *std::exchange(m_wanted, std::nullopt);
    const int row = m_letters->rowOf(id);
    if (row >= 0) {
        m_table->selectRow(row);
    } else {
        showDetail(id);
    }
}

void DeadLettersPage::refreshGroups() {
    store::DeadGroupQuery query;
    query.by = static_cast<store::DeadGroupBy>(m_groupBy->currentIndex());
    query.openOnly = m_letters->query().openOnly;
    query.state = m_letters->query().state;
    query.zoneSeconds = QDateTime::currentDateTime().offsetFromUtc();
    m_groupsCancel.cancel();
    m_groupsCancel = CancelToken();
    askStore(
        m_store, this, m_groupsCancel,
        [query, cancel = m_groupsCancel](store::StoreReader& reader) { return reader.deadGroups(query, cancel); },
        [this, by = query.by](Result<store::DeadGroups> groups) {
            if (groups) {
                m_groups->setGroups(*groups, by);
            }
        });
}

void DeadLettersPage::countByChanged() {
    m_groupTable->clearSelection();
    m_groups->setRows({});
    refreshGroups();
}

/// How many the search for words does not know yet; nothing to say while it finds them all.
void DeadLettersPage::refreshSearch() {
    askStore(
        m_store, this, {}, [](store::StoreReader& reader) { return reader.searchState(); },
        [this](Result<store::SearchState> state) {
            const bool behind = state && !state->complete;
            m_searchNote->setVisible(behind);
            if (behind) {
                m_searchNote->setText(
                    tr("words: %1 of %2 so far")
                        .arg(formatNumber(state->total - state->missing), formatNumber(state->total)));
                m_searchNote->setToolTip(
                    tr("Words are searched for in this many letters; the others are being read into "
                       "the search index. All other conditions find everything."));
            }
        });
}

/// What the groups show now is what will be looked for most.
std::vector<std::string> DeadLettersPage::knownValues(filter::Field field) const {
    constexpr std::array kFields{filter::Field::Cause, filter::Field::Topic, filter::Field::Tenant,
                                 filter::Field::Thread};
    const auto at = static_cast<std::size_t>(m_groupBy->currentIndex());
    std::vector<std::string> values;
    if (at < kFields.size() && kFields[at] == field) {
        for (const DeadGroupRow& row : m_groups->rows()) {
            values.push_back(row.label.toStdString());
        }
    }
    return values;
}

void DeadLettersPage::chooseGroup() {
    const auto rows = m_groupTable->selectedRows();
    m_table->setFilter(rows.empty() ? QString() : m_groups->rowAt(rows.front())->filter);
}

void DeadLettersPage::showSelected() {
    const auto rows = m_table->selectedRows();
    if (rows.size() == 1) {
        showDetail(m_letters->idAt(rows.front()));
        return;
    }
    m_detailCancel.cancel();
    m_detail->clear(rows.empty()
                        ? tr("Select a dead letter to see it whole.")
                        : tr("%1 selected.").arg(formatCount(rows.size(), tr("dead letter"), tr("dead letters"))));
}

void DeadLettersPage::showDetail(DeadLetterId id) {
    m_detailCancel.cancel();
    m_detailCancel = CancelToken();
    askStore(
        m_store, this, m_detailCancel,
        [id](store::StoreReader& reader) -> Result<MessageDetail> {
            auto letter = reader.deadLetter(id);
            if (!letter) {
                return fail(letter.error());
            }
            return detailOf(*letter);
        },
        [this](Result<MessageDetail> detail) {
            if (detail) {
                m_detail->show(*detail);
            } else {
                m_detail->clear(fromOutside(detail.error().text()));
            }
        });
}

std::vector<DeadLetterId> DeadLettersPage::selectedLetters() const {
    std::vector<DeadLetterId> letters;
    for (const int row : m_table->selectedRows()) {
        const store::DeadRow* letter = m_letters->cached(row);
        if (m_letters->openOnly() || (letter != nullptr && letter->state == store::DeadState::Open)) {
            letters.push_back(m_letters->idAt(row));
        }
    }
    return letters;
}

void DeadLettersPage::askEdit() {
    const std::vector<DeadLetterId> letters = m_table->selectedRows().empty() ? m_letters->ids() : selectedLetters();
    if (letters.empty()) {
        return;
    }
    auto* dialog = new EditDialog(m_store, letters, m_encoding, this);
    connect(dialog, &EditDialog::edited, this, &DeadLettersPage::askResend);
    dialog->open();
}

void DeadLettersPage::askResend(const std::vector<DeadLetterId>& letters, const QString& edits, quint64 changed) {
    if (letters.empty()) {
        return;
    }
    auto* dialog = new ResendDialog(m_store, letters, m_topic, m_table->filterField()->text().trimmed(), this);
    if (!edits.isEmpty()) {
        dialog->setEdits(edits, changed);
    }
    connect(dialog, &ResendDialog::resendWanted, this, [this](const resend::ResendRequest& request) {
        m_table->clearSelection(); // so that the table follows what happens
        Q_EMIT resendWanted(request);
    });
    dialog->open();
}

void DeadLettersPage::updateButtons() {
    m_exchange->setCounts(m_table->selectedRows().size(), static_cast<std::size_t>(m_letters->rowCount()));
    const bool discarded = m_letters->which() == DeadModel::Which::Discarded;
    m_resend->setEnabled(!discarded && !m_table->selectedRows().empty());
    m_resendAll->setEnabled(m_letters->openOnly() && m_letters->rowCount() > 0);
    m_resend->setToolTip(discarded ? tr("Discarded letters must be restored first") : QString());
    const bool anyOpen = m_letters->openOnly() && m_letters->rowCount() > 0;
    m_edit->setEnabled(!discarded && (anyOpen || !m_table->selectedRows().empty()));
    m_discard->update();
    m_copyable = selectedWithoutCopy().size();
    updateCopies();
}

void DeadLettersPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    m_watch->setShown(true);
}

void DeadLettersPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    m_watch->setShown(false);
}

void DeadLettersPage::changeEvent(QEvent* event) {
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_discard != nullptr) {
        updateIcons();
    }
}

void DeadLettersPage::updateIcons() {
    m_resend->setIcon(icon(QStringLiteral("resend"), palette()));
    m_resendAll->setIcon(icon(QStringLiteral("resend"), palette()));
    m_discard->updateIcons();
}

} // namespace dashstream::ui
