// Progress of the newest resend job, with a button that cancels it. Hidden when there is nothing to say. GUI thread.
#pragma once

#include "core/engine/snapshot.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace dashstream::ui {

class ResendStrip : public QFrame {
    Q_OBJECT
public:
    explicit ResendStrip(QWidget* parent);
    void show(const engine::Snapshot& snapshot);
    [[nodiscard]] static QString textOf(const resend::ResendView& job);

Q_SIGNALS:
    void cancelWanted(dashstream::ResendJobId job);

private:
    QLabel* m_text = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_cancel = nullptr;
    QToolButton* m_dismiss = nullptr;
    ResendJobId m_job;
    ResendJobId m_dismissed;
};

} // namespace dashstream::ui
