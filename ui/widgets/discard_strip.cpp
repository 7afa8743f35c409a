#include "ui/widgets/discard_strip.h"

#include "ui/format.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace dashstream::ui {

DiscardStrip::DiscardStrip(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("card"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    m_text = plainLabel({}, this);
    m_text->setObjectName(QStringLiteral("discardText"));
    layout->addWidget(m_text);
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(12);
    layout->addWidget(m_progress, 1);
    m_cancel = new QPushButton(tr("Stop"), this);
    m_cancel->setObjectName(QStringLiteral("cancelDiscard"));
    m_cancel->setToolTip(tr("What is done by then stays so; the rest is not touched"));
    layout->addWidget(m_cancel);
    m_dismiss = new QToolButton(this);
    m_dismiss->setText(QStringLiteral("×"));
    m_dismiss->setAccessibleName(tr("Dismiss"));
    m_dismiss->setAutoRaise(true);
    layout->addWidget(m_dismiss);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false); // it ends with the page under way
        Q_EMIT cancelWanted();
    });
    connect(m_dismiss, &QToolButton::clicked, this, &QWidget::hide);
    hide();
}

QString DiscardStrip::textOf(const DeadProgress& progress) {
    const bool discard = progress.action == store::DeadAction::Discard;
    const QString count = formatCount(progress.done.changed, tr("dead letter"), tr("dead letters"));
    if (progress.running) {
        return (discard ? tr("Discarding: %1 of %2") : tr("Restoring: %1 of %2"))
            .arg(formatNumber(progress.done.all()), formatNumber(progress.total));
    }
    QString text = (discard ? tr("Discarded %1") : tr("Restored %1")).arg(count);
    if (progress.error || progress.cancelled) {
        text += (progress.error ? tr("; it failed then, %1 are not touched") : tr("; stopped, %1 are not touched"))
                    .arg(formatNumber(progress.total - progress.done.all()));
    }
    if (progress.done.atHand > 0) {
        text += tr("; %1 left out, a resend job has them").arg(formatNumber(progress.done.atHand));
    }
    if (const std::uint64_t other = progress.done.other + progress.done.gone; other > 0) {
        text += (discard ? tr("; %1 were open no more") : tr("; %1 were not discarded")).arg(formatNumber(other));
    }
    return text;
}

void DiscardStrip::show(const DeadProgress& progress) {
    m_text->setText(textOf(progress));
    m_progress->setRange(0, 1000);
    const auto done = static_cast<double>(progress.done.all());
    m_progress->setValue(
        static_cast<int>(1000 * done / static_cast<double>(std::max<std::uint64_t>(progress.total, 1))));
    m_progress->setVisible(progress.running);
    m_cancel->setVisible(progress.running);
    m_cancel->setEnabled(m_cancel->isEnabled() || !progress.running); // for the next one
    m_dismiss->setVisible(!progress.running);
    QFrame::show();
}

} // namespace dashstream::ui
