#include "ui/models/compose_checker.h"

#include <QCoreApplication>
#include <QPointer>

#include <memory>
#include <utility>

namespace dashstream::ui {

ComposeChecker::ComposeChecker(std::function<QString()> text, QObject* parent)
    : QObject(parent), m_text(std::move(text)) {
    m_worker.setMaxThreadCount(1);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ComposeChecker::checkNow);
}

ComposeChecker::~ComposeChecker() {
    m_worker.waitForDone();
}

void ComposeChecker::setTerms(engine::ComposeTerms terms) {
    m_terms = std::move(terms);
    textChanged();
}

void ComposeChecker::textChanged() {
    ++m_changes;
    m_delay.start();
}

void ComposeChecker::checkNow() {
    m_delay.stop();
    if (std::exchange(m_running, true)) {
        m_again = true;
        return;
    }
    Q_EMIT checking();
    m_worker.start([self = QPointer<ComposeChecker>(this), change = m_changes, text = m_text(), terms = m_terms] {
        auto check = std::make_shared<const engine::ComposeCheck>(
            engine::checkComposed(text.toUtf8().toStdString(), terms, SystemClock().utcNow()));
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, change, check] {
                if (self) {
                    self->take(change, *check);
                }
            },
            Qt::QueuedConnection);
    });
}

void ComposeChecker::take(quint64 change, const engine::ComposeCheck& check) {
    m_running = false;
    if (std::exchange(m_again, false) && change != m_changes) {
        checkNow();
    }
    if (change == m_changes) {
        m_told = change;
        Q_EMIT checked(check);
    }
}

} // namespace dashstream::ui
