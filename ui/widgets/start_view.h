// What stands in the window before everything runs: what is being opened, or why it could not be, with what to do. GUI
// thread.
#pragma once

#include "core/base/error.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace dashstream::ui {

class StartView : public QWidget {
    Q_OBJECT
public:
    explicit StartView(QWidget* parent);
    void showOpening(const QString& profile);
    void showError(const Error& error);

Q_SIGNALS:
    void againWanted();
    void quitWanted();

private:
    QLabel* m_symbol = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_text = nullptr;
    QProgressBar* m_busy = nullptr;
    QPushButton* m_again = nullptr;
    QPushButton* m_quit = nullptr;
};

} // namespace dashstream::ui
