// The verdict of the Overview: a symbol, a word, its reasons, and since when. GUI thread.
#pragma once

#include "ui/models/verdict.h"

#include <QFrame>

class QLabel;

namespace dashstream::ui {

class VerdictCard : public QFrame {
    Q_OBJECT
public:
    explicit VerdictCard(QWidget* parent);
    void show(const Verdict& verdict, UtcTime now);

protected:
    void changeEvent(QEvent* event) override;

private:
    void updateSymbol();

    VerdictLevel m_level = VerdictLevel::Starting;
    QLabel* m_symbol = nullptr;
    QLabel* m_headline = nullptr;
    QLabel* m_reasons = nullptr;
    QLabel* m_since = nullptr;
};

} // namespace dashstream::ui
