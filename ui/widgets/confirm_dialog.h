// Asks before something is done that cannot be undone: says what, on how many, and what follows. The action's button
// names the number and is never the default. GUI thread; deletes itself when closed.
#pragma once

#include <QDialog>

class QPushButton;

namespace dashstream::ui {

struct Confirmation {
    QString title;      ///< "Send dead letters again?"
    QString text;       ///< what will happen
    QString actionText; ///< "Resend 1 204 messages"
};

class ConfirmDialog : public QDialog {
    Q_OBJECT
public:
    ConfirmDialog(const Confirmation& confirmation, QWidget* parent);
    [[nodiscard]] QPushButton* actionButton() const { return m_action; }

private:
    QPushButton* m_action = nullptr;
};

} // namespace dashstream::ui
