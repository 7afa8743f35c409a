#include "ui/widgets/resend_strip.h"

#include "ui/format.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

namespace dashstream::ui {

ResendStrip::ResendStrip(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("card"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    m_text = plainLabel({}, this);
    m_text->setObjectName(QStringLiteral("resendText"));
    layout->addWidget(m_text);
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(12);
    layout->addWidget(m_progress, 1);
    m_cancel = new QPushButton(tr("Cancel resend"), this);
    m_cancel->setObjectName(QStringLiteral("cancelResend"));
    layout->addWidget(m_cancel);
    m_dismiss = new QToolButton(this);
    m_dismiss->setText(QStringLiteral("×"));
    m_dismiss->setAccessibleName(tr("Dismiss"));
    m_dismiss->setAutoRaise(true);
    layout->addWidget(m_dismiss);
    connect(m_cancel, &QPushButton::clicked, this, [this] { Q_EMIT cancelWanted(m_job); });
    connect(m_dismiss, &QToolButton::clicked, this, [this] {
        m_dismissed = m_job;
        hide();
    });
    hide();
}

QString ResendStrip::textOf(const resend::ResendView& job) {
    const QString counts = tr("%1 of %2 delivered, %3 failed, %4 left")
                               .arg(formatNumber(job.delivered), formatMessages(job.total), formatNumber(job.failed),
                                    formatNumber(job.left()));
    const QString name = tr("Resend %1").arg(job.id.value);
    if (job.running) {
        return tr("%1 is running: %2").arg(name, counts);
    }
    return job.cancelled ? tr("%1 was cancelled: %2").arg(name, counts) : tr("%1 is done: %2").arg(name, counts);
}

void ResendStrip::show(const engine::Snapshot& snapshot) {
    const resend::ResendView* shown = nullptr;
    for (const resend::ResendView& job : snapshot.resends) {
        if (shown == nullptr || job.running > shown->running || (job.running == shown->running && job.id > shown->id)) {
            shown = &job;
        }
    }
    if (shown == nullptr || shown->id == m_dismissed) {
        hide();
        return;
    }
    m_job = shown->id;
    m_text->setText(textOf(*shown));
    m_progress->setRange(0, 1000);
    const auto settled = static_cast<double>(shown->delivered + shown->failed);
    m_progress->setValue(shown->total == 0 ? 1000
                                           : static_cast<int>(1000 * settled / static_cast<double>(shown->total)));
    m_cancel->setVisible(shown->running);
    m_dismiss->setVisible(!shown->running);
    QFrame::show();
}

} // namespace dashstream::ui
