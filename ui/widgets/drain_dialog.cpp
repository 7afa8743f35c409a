#include "ui/widgets/drain_dialog.h"

#include "ui/format.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>

#include <algorithm>

namespace dashstream::ui {

DrainDialog::DrainDialog(milliseconds deadline, QWidget* parent) : QDialog(parent), m_deadline(deadline) {
    setObjectName(QStringLiteral("drainDialog"));
    setWindowTitle(tr("Closing"));
    setModal(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 16, 18, 14);
    layout->setSpacing(10);
    layout->addWidget(plainLabel(tr("Delivering what is in flight"), this, QStringLiteral("pageTitle")));
    m_remaining = plainLabel({}, this);
    layout->addWidget(m_remaining);
    m_progress = new QProgressBar(this);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    layout->addWidget(m_progress);
    m_time = plainLabel({}, this, QStringLiteral("muted"));
    layout->addWidget(m_time);
    QLabel* promise = plainParagraph(
        tr("The sources are stopped. What is not delivered by then stays in the store and is sent at the next start."),
        this, QStringLiteral("muted"));
    promise->setMinimumWidth(440);
    layout->addWidget(promise);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    m_stopNow = new QPushButton(tr("Stop now"), this);
    m_stopNow->setObjectName(QStringLiteral("stopNow"));
    m_stopNow->setAutoDefault(false);
    buttons->addWidget(m_stopNow);
    layout->addLayout(buttons);
    connect(m_stopNow, &QPushButton::clicked, this, [this] {
        m_stopNow->setEnabled(false);
        m_stopNow->setText(tr("Stopping…"));
        Q_EMIT stopNowWanted();
    });
    connect(&m_tick, &QTimer::timeout, this, &DrainDialog::showTime);
    m_elapsed.start();
    m_tick.start(200);
    showTime();
}

void DrainDialog::showSnapshot(const engine::Snapshot& snapshot) {
    const std::uint64_t left = snapshot.accounting.inFlight;
    m_most = std::max(m_most, left);
    QString text = tr("%1 in flight").arg(formatMessages(left));
    if (snapshot.accounting.retrying > 0) {
        text += tr(", %1 in the retry queue").arg(formatNumber(snapshot.accounting.retrying));
    }
    m_remaining->setText(text);
    if (m_most > 0) {
        m_progress->setRange(0, 1000);
        m_progress->setValue(
            static_cast<int>(1000.0 * static_cast<double>(m_most - left) / static_cast<double>(m_most)));
    }
}

void DrainDialog::showTime() {
    const milliseconds left = m_deadline - milliseconds(m_elapsed.elapsed());
    m_time->setText(left.count() > 0 ? tr("Waits at most %1 more").arg(formatDuration(left))
                                     : tr("Keeping the rest in the store…"));
}

void DrainDialog::reject() {}

} // namespace dashstream::ui
