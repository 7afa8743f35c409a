// One line above the page: what is wrong now and what to do, with one button that does it. GUI thread.
#pragma once

#include "core/engine/snapshot.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QToolButton;

namespace dashstream::ui {

class Banner : public QFrame {
    Q_OBJECT
public:
    explicit Banner(QWidget* parent);

    /// The most urgent condition of the snapshot. Takes its room always, so that no page moves when something happens.
    void show(const engine::Snapshot& snapshot);
    /// A message of the console itself (a file that could not be opened), until it is dismissed.
    void tell(const QString& title, const QString& advice);

Q_SIGNALS:
    void remedyWanted(engine::Remedy remedy);

private:
    void displayQuiet();
    void display(engine::Urgency urgency, const QString& title, const QString& advice, engine::Remedy remedy,
                 bool dismissable);

    QLabel* m_symbol = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_advice = nullptr;
    QPushButton* m_action = nullptr;
    QToolButton* m_dismiss = nullptr;
    engine::Remedy m_remedy = engine::Remedy::None;
    QString m_toldTitle;
    QString m_toldAdvice;
    QString m_shown; ///< what stands there, so that nothing is laid out anew ten times a second
};

} // namespace dashstream::ui
