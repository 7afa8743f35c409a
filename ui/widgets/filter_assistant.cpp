#include "ui/widgets/filter_assistant.h"

#include "core/filter/parse.h"
#include "ui/format.h"
#include "ui/models/table_model.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCompleter>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStandardItemModel>
#include <QTextCharFormat>
#include <QToolButton>

#include <algorithm>

namespace dashstream::ui {

namespace {
constexpr int kInsertRole = Qt::UserRole + 1;
constexpr int kLongestMenuText = 60;
constexpr qsizetype kMostSaved = 30;

/// Characters of a QString for a place in its UTF-8.
int charactersOf(const std::string& text, std::size_t bytes) {
    return static_cast<int>(
        QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min(bytes, text.size()))).size());
}
} // namespace

FilterAssistant::FilterAssistant(QLineEdit* field, QToolButton* saved, QLabel* fault, QObject* parent)
    : QObject(parent), m_field(field), m_button(saved), m_fault(fault), m_menu(new QMenu(saved)),
      m_completer(new QCompleter(this)), m_candidates(new QStandardItemModel(this)) {
    m_completer->setModel(m_candidates);
    m_completer->setWidget(field);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->popup()->setObjectName(QStringLiteral("filterCompletions"));
    connect(m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this, &FilterAssistant::take);
    connect(field, &QLineEdit::textEdited, this, &FilterAssistant::offer);
    field->installEventFilter(this);
    m_fault->hide();
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setMenu(m_menu);
    connect(m_menu, &QMenu::aboutToShow, this, &FilterAssistant::fillMenu);
}

bool FilterAssistant::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool asked = (key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier) ||
                           (key->key() == Qt::Key_Down && key->modifiers() == Qt::NoModifier);
        if (asked && !m_completer->popup()->isVisible()) {
            offer();
            return true;
        }
    }
    return QObject::eventFilter(watched, event);
}

void FilterAssistant::offer() {
    const std::string text = m_field->text().toStdString();
    const std::string before = m_field->text().left(m_field->cursorPosition()).toStdString();
    const filter::Completion found = filter::complete(text, before.size(), m_known);
    m_replaceAt = charactersOf(text, found.replaces.at);
    m_replaceLength = charactersOf(text, found.replaces.at + found.replaces.bytes) - m_replaceAt;
    m_candidates->clear();
    for (const filter::Candidate& candidate : found.candidates) {
        const QString shown = fromOutside(candidate.text);
        const QString help = fromOutside(candidate.help);
        auto* item = new QStandardItem(help.isEmpty() ? shown : tr("%1   – %2").arg(shown, help));
        item->setData(QString::fromStdString(candidate.text), kInsertRole);
        m_candidates->appendRow(item);
    }
    const QString begun = m_field->text().mid(m_replaceAt, m_replaceLength);
    const bool complete = m_candidates->rowCount() == 1 &&
                          m_candidates->item(0)->data(kInsertRole).toString().compare(begun, Qt::CaseInsensitive) == 0;
    if (m_candidates->rowCount() == 0 || complete) {
        m_completer->popup()->hide();
        return;
    }
    QRect place = m_field->rect();
    place.setWidth(std::max(m_field->width(), 320));
    m_completer->complete(place);
}

void FilterAssistant::take(const QModelIndex& candidate) {
    const QString inserted = candidate.data(kInsertRole).toString();
    QString text = m_field->text();
    const bool spaced = text.size() > m_replaceAt + m_replaceLength && text.at(m_replaceAt + m_replaceLength).isSpace();
    text.replace(m_replaceAt, m_replaceLength,
                 spaced || inserted == QStringLiteral("(") ? inserted : inserted + QLatin1Char(' '));
    m_field->setText(text);
    m_field->setCursorPosition(m_replaceAt + static_cast<int>(inserted.size()) + 1);
}

bool FilterAssistant::check(const QString& text) {
    const SystemClock clock;
    const std::string bytes = text.toStdString();
    const auto read = filter::parse(bytes, filter::systemTime(clock));
    if (read) {
        m_fault->hide();
        mark(0, 0);
        return true;
    }
    const int at = charactersOf(bytes, read.error().where.at);
    const int end = charactersOf(bytes, read.error().where.at + read.error().where.bytes);
    mark(at, std::max(1, end - at));
    const QString what = fromOutside(read.error().what);
    const QString remedy = fromOutside(read.error().remedy);
    m_fault->setText(remedy.isEmpty() ? tr("Not a filter yet: %1.").arg(what)
                                      : tr("Not a filter yet: %1. %2.").arg(what, remedy));
    m_fault->show();
    return false;
}

/// A line edit takes formats for its text the way an input method gives them.
void FilterAssistant::mark(int at, int length) {
    QList<QInputMethodEvent::Attribute> marks;
    if (length > 0) {
        QTextCharFormat wrong;
        wrong.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wrong.setUnderlineColor(coloursFor(m_field->palette()).text(Tone::Critical, Qt::red));
        marks.append({QInputMethodEvent::TextFormat, at - m_field->cursorPosition(), length, wrong});
    }
    QInputMethodEvent event(QString(), marks);
    QCoreApplication::sendEvent(m_field, &event);
}

void FilterAssistant::fillMenu() {
    m_menu->clear();
    const QString now = m_field->text().trimmed();
    QAction* save = m_menu->addAction(tr("Save this filter"));
    save->setEnabled(!now.isEmpty() && !m_fault->isVisible() && !m_saved.contains(now));
    connect(save, &QAction::triggered, this, [this, now] {
        m_saved.prepend(now);
        m_saved = m_saved.mid(0, kMostSaved);
    });
    if (m_saved.contains(now)) {
        connect(m_menu->addAction(tr("Forget this filter")), &QAction::triggered, this,
                [this, now] { m_saved.removeAll(now); });
    }
    m_menu->addSeparator();
    for (const QString& filter : m_saved) {
        QString shown = filter.size() > kLongestMenuText ? filter.left(kLongestMenuText) + QChar(0x2026) : filter;
        shown.replace(QLatin1Char('&'), QStringLiteral("&&"));
        QAction* action = m_menu->addAction(shown);
        action->setCheckable(true);
        action->setChecked(filter == now);
        connect(action, &QAction::triggered, this, [this, filter] { Q_EMIT chosen(filter); });
    }
    if (m_saved.isEmpty()) {
        m_menu->addAction(tr("No filter is saved yet"))->setEnabled(false);
    }
}

} // namespace dashstream::ui
