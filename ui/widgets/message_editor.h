// The text of one message while it is written: fixed pitch, the fault marked at its place. GUI thread.
#pragma once

#include "core/wire/json_place.h"

#include <QPlainTextEdit>

#include <optional>

namespace dashstream::ui {

class MessageEditor : public QPlainTextEdit {
    Q_OBJECT
public:
    /// What is longer belongs in a file: the editor would become slow.
    static constexpr int kMostCharacters = 2 * 1024 * 1024;

    /// A longer line makes each key slow; where JSON is pasted as the whole text, it is laid out over several.
    static constexpr int kLongLine = 8 * 1024;

    explicit MessageEditor(QWidget* parent);

    /// As one change that can be undone; `select` is selected, if it is there.
    void replaceText(const QString& text, const QString& select);
    /// Bytes of the text as UTF-8; nothing: nothing is marked. The text must be the one that the range is of.
    void mark(const std::optional<wire::TextRange>& range);
    /// The cursor goes to what is marked.
    void goToMark();

Q_SIGNALS:
    void tooLongToPaste(qint64 characters);
    /// What was pasted differs from what was copied in white space between its tokens.
    void pastedLaidOut();

protected:
    void insertFromMimeData(const QMimeData* source) override;
    void changeEvent(QEvent* event) override;

private:
    void showMark();
    /// Whether what is inserted now replaces all there is.
    [[nodiscard]] bool replacesAll() const;

    int m_markAt = -1; ///< -1: none
    int m_markLength = 0;
};

} // namespace dashstream::ui
