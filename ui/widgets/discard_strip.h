// How far discarding or restoring is, with a button that stops it; then what came of it, until it is dismissed. Hidden
// when there is nothing to say. GUI thread.
#pragma once

#include "ui/dead_progress.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace dashstream::ui {

class DiscardStrip : public QFrame {
    Q_OBJECT
public:
    explicit DiscardStrip(QWidget* parent);
    void show(const DeadProgress& progress);
    [[nodiscard]] static QString textOf(const DeadProgress& progress);

Q_SIGNALS:
    void cancelWanted();

private:
    QLabel* m_text = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_cancel = nullptr;
    QToolButton* m_dismiss = nullptr;
};

} // namespace dashstream::ui
