// Checks what is being written on a thread of its own, a moment after the last change, so that typing never waits for
// it. What is overtaken by a newer text is not told. GUI thread; closing waits for the check that runs.
#pragma once

#include "core/engine/compose_check.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QTimer>

#include <functional>

namespace dashstream::ui {

class ComposeChecker : public QObject {
    Q_OBJECT
public:
    static constexpr int kDelayMs = 200;

    /// `text` is asked for when the moment has come.
    explicit ComposeChecker(std::function<QString()> text, QObject* parent = nullptr);
    ~ComposeChecker() override;

    void setTerms(engine::ComposeTerms terms);
    [[nodiscard]] const engine::ComposeTerms& terms() const { return m_terms; }
    /// The text changed: what is known of it is void.
    void textChanged();
    /// Without waiting for a pause in typing.
    void checkNow();
    /// The last check is of the text as it stands.
    [[nodiscard]] bool upToDate() const { return m_told == m_changes; }

Q_SIGNALS:
    void checking(); ///< a check begins
    void checked(const dashstream::engine::ComposeCheck& check);

private:
    void take(quint64 change, const engine::ComposeCheck& check);

    std::function<QString()> m_text;
    engine::ComposeTerms m_terms;
    QTimer m_delay;
    QThreadPool m_worker;
    quint64 m_changes = 0; ///< of text or terms
    quint64 m_told = 0;    ///< the change that the last told check is of
    bool m_running = false;
    bool m_again = false; ///< another one is due when the running one ends
};

} // namespace dashstream::ui
