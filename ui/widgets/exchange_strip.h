// Progress of an export or import of dead letters, with a button that cancels it; afterwards what became of it. Hidden
// when there is nothing to say. GUI thread.
#pragma once

#include "ui/exchange.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace dashstream::ui {

class ExchangeStrip : public QFrame {
    Q_OBJECT
public:
    explicit ExchangeStrip(QWidget* parent);
    void showBegun(ExchangeKind kind, const QString& file);
    void showProgress(const ExchangeProgress& progress);
    void showEnd(const ExchangeEnd& end);
    /// Something is under way.
    [[nodiscard]] bool running() const { return m_running; }
    /// The check ended with a question to the operator.
    void finish();
    [[nodiscard]] static QString textOf(const ExchangeEnd& end);

Q_SIGNALS:
    void cancelWanted();

private:
    QLabel* m_text = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_cancel = nullptr;
    QToolButton* m_dismiss = nullptr;
    bool m_running = false;
};

} // namespace dashstream::ui
