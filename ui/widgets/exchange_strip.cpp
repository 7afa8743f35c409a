#include "ui/widgets/exchange_strip.h"

#include "ui/format.h"
#include "ui/widgets/plain_label.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

namespace dashstream::ui {

namespace {

QString nameOf(const QString& file) {
    return fromOutside(QFileInfo(file).fileName().toStdString());
}

QString letters(quint64 count) {
    return formatCount(count, ExchangeStrip::tr("dead letter"), ExchangeStrip::tr("dead letters"));
}

} // namespace

ExchangeStrip::ExchangeStrip(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("card"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    m_text = plainLabel({}, this);
    m_text->setObjectName(QStringLiteral("exchangeText"));
    layout->addWidget(m_text);
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(12);
    m_progress->setRange(0, 1000);
    layout->addWidget(m_progress, 1);
    m_cancel = new QPushButton(tr("Cancel"), this);
    m_cancel->setObjectName(QStringLiteral("cancelExchange"));
    layout->addWidget(m_cancel);
    m_dismiss = new QToolButton(this);
    m_dismiss->setObjectName(QStringLiteral("dismissExchange"));
    m_dismiss->setText(QStringLiteral("×"));
    m_dismiss->setAccessibleName(tr("Dismiss"));
    m_dismiss->setAutoRaise(true);
    layout->addWidget(m_dismiss);
    connect(m_cancel, &QPushButton::clicked, this, &ExchangeStrip::cancelWanted);
    connect(m_dismiss, &QToolButton::clicked, this, &QWidget::hide);
    hide();
}

void ExchangeStrip::showBegun(ExchangeKind kind, const QString& file) {
    const QString what = kind == ExchangeKind::Export  ? tr("Exporting to %1…")
                         : kind == ExchangeKind::Check ? tr("Checking %1…")
                                                       : tr("Importing %1…");
    m_running = true;
    m_text->setText(what.arg(nameOf(file)));
    m_progress->setValue(0);
    m_progress->show();
    m_cancel->setVisible(true);
    m_dismiss->setVisible(false);
    show();
}

void ExchangeStrip::showProgress(const ExchangeProgress& progress) {
    const auto part =
        progress.total == 0 ? 1.0 : static_cast<double>(progress.done) / static_cast<double>(progress.total);
    m_progress->setValue(static_cast<int>(1000 * part));
}

void ExchangeStrip::finish() {
    m_running = false;
    hide();
}

void ExchangeStrip::showEnd(const ExchangeEnd& end) {
    m_running = false;
    m_text->setText(textOf(end));
    m_progress->hide();
    m_cancel->setVisible(false);
    m_dismiss->setVisible(true);
    show();
}

QString ExchangeStrip::textOf(const ExchangeEnd& end) {
    if (end.kind == ExchangeKind::Check) {
        return end.cancelled ? tr("Nothing was imported: checking %1 was cancelled").arg(nameOf(end.file))
                             : tr("%1 could not be checked, and nothing was imported").arg(nameOf(end.file));
    }
    if (end.kind == ExchangeKind::Export) {
        if (end.error || end.cancelled) {
            return end.cancelled ? tr("The export was cancelled, no file was made")
                                 : tr("The export to %1 failed").arg(nameOf(end.file));
        }
        return tr("%1 exported to %2").arg(letters(end.done), nameOf(end.file));
    }
    QString text = tr("%1 imported from %2, %3 known already")
                       .arg(letters(end.done), nameOf(end.file), formatNumber(static_cast<std::uint64_t>(end.known)));
    if (end.wrong > 0 && !end.error) {
        text += tr(", %1 left out").arg(formatCount(end.wrong, tr("wrong line"), tr("wrong lines")));
    }
    if (end.cancelled) {
        text += tr("; then it was cancelled");
    }
    if (end.error) {
        text += tr("; then it stopped");
    }
    return text;
}

} // namespace dashstream::ui
