#include "ui/widgets/message_editor.h"

#include "core/wire/json_layout.h"
#include "ui/style/theme.h"

#include <QEvent>
#include <QFontDatabase>
#include <QMimeData>

#include <algorithm>

namespace dashstream::ui {

namespace {
qsizetype longestLine(const QString& text) {
    qsizetype longest = 0;
    for (qsizetype begin = 0; begin <= text.size();) {
        const qsizetype found = text.indexOf(QLatin1Char('\n'), begin);
        const qsizetype end = found < 0 ? text.size() : found;
        longest = std::max(longest, end - begin);
        begin = end + 1;
    }
    return longest;
}
} // namespace

MessageEditor::MessageEditor(QWidget* parent) : QPlainTextEdit(parent) {
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setTabChangesFocus(true); // JSON needs no tabs, the keyboard needs a way out
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setWordWrapMode(QTextOption::WrapAnywhere);
}

void MessageEditor::replaceText(const QString& text, const QString& select) {
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    const int at = static_cast<int>(text.indexOf(select));
    cursor.setPosition(std::max(at, 0));
    if (at >= 0) {
        cursor.setPosition(at + static_cast<int>(select.size()), QTextCursor::KeepAnchor);
    }
    setTextCursor(cursor);
}

void MessageEditor::mark(const std::optional<wire::TextRange>& range) {
    m_markAt = -1;
    if (range) {
        const QByteArray utf8 = toPlainText().toUtf8();
        const auto at = static_cast<qsizetype>(range->at);
        m_markAt = static_cast<int>(QString::fromUtf8(utf8.left(at)).size());
        m_markLength = static_cast<int>(QString::fromUtf8(utf8.mid(at, static_cast<qsizetype>(range->bytes))).size());
    }
    showMark();
}

void MessageEditor::showMark() {
    QList<QTextEdit::ExtraSelection> marks;
    if (m_markAt >= 0) {
        const int end = document()->characterCount() - 1;
        const int from = std::min(m_markAt, end);
        const int to = std::min(m_markAt + std::max(m_markLength, 1), end);
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(document());
        mark.cursor.setPosition(from == to ? std::max(from - 1, 0) : from); // at the end the last character is marked
        mark.cursor.setPosition(to, QTextCursor::KeepAnchor);
        const Colours& colours = coloursFor(palette());
        mark.format.setBackground(colours.criticalSurface);
        mark.format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
        mark.format.setUnderlineColor(colours.critical);
        marks.append(mark);
    }
    setExtraSelections(marks);
}

void MessageEditor::goToMark() {
    if (m_markAt >= 0) {
        QTextCursor cursor(document());
        cursor.setPosition(std::min(m_markAt, document()->characterCount() - 1));
        setTextCursor(cursor);
        centerCursor();
    }
    setFocus(Qt::OtherFocusReason);
}

bool MessageEditor::replacesAll() const {
    return textCursor().selectionEnd() - textCursor().selectionStart() == document()->characterCount() - 1;
}

void MessageEditor::insertFromMimeData(const QMimeData* source) {
    const QString text = source->text();
    const qint64 characters = document()->characterCount() + text.size();
    if (characters > kMostCharacters) {
        Q_EMIT tooLongToPaste(characters);
        return;
    }
    if (!replacesAll() || longestLine(text) <= kLongLine) {
        QPlainTextEdit::insertFromMimeData(source);
        return;
    }
    const QString laidOut = QString::fromStdString(wire::laidOutJson(text.toStdString()));
    textCursor().insertText(laidOut);
    ensureCursorVisible();
    if (laidOut != text) {
        Q_EMIT pastedLaidOut();
    }
}

void MessageEditor::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showMark();
    }
}

} // namespace dashstream::ui
