// Shown while the console closes during work: what is still in flight, how long it will wait at most, and a button that
// stops at once. What remains is kept. GUI thread.
#pragma once

#include "core/engine/snapshot.h"

#include <QDialog>
#include <QElapsedTimer>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;

namespace dashstream::ui {

class DrainDialog : public QDialog {
    Q_OBJECT
public:
    DrainDialog(milliseconds deadline, QWidget* parent);
    void showSnapshot(const engine::Snapshot& snapshot);

Q_SIGNALS:
    void stopNowWanted();

protected:
    void reject() override; ///< closing the dialog does not end the draining

private:
    void showTime();

    milliseconds m_deadline;
    QElapsedTimer m_elapsed;
    QTimer m_tick;
    std::uint64_t m_most = 0;
    QLabel* m_remaining = nullptr;
    QLabel* m_time = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_stopNow = nullptr;
};

} // namespace dashstream::ui
