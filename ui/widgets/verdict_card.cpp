#include "ui/widgets/verdict_card.h"

#include "ui/format.h"
#include "ui/style/theme.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/plain_label.h"

#include <QEvent>
#include <QHBoxLayout>

namespace dashstream::ui {

VerdictCard::VerdictCard(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("card"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(14);
    m_symbol = plainLabel({}, this);
    layout->addWidget(m_symbol, 0, Qt::AlignVCenter);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    m_headline = plainLabel({}, this, QStringLiteral("figure"));
    m_reasons = plainParagraph({}, this);
    texts->addWidget(m_headline);
    texts->addWidget(m_reasons);
    layout->addLayout(texts, 1);
    m_since = plainLabel({}, this, QStringLiteral("muted"));
    m_since->setAlignment(Qt::AlignRight | Qt::AlignTop);
    layout->addWidget(m_since, 0, Qt::AlignTop);
    updateSymbol();
}

void VerdictCard::show(const Verdict& verdict, UtcTime now) {
    m_headline->setText(verdict.headline);
    constexpr qsizetype kShown = 3;
    QString reasons = verdict.reasons.mid(0, kShown).join(QStringLiteral("  ·  "));
    if (verdict.reasons.size() > kShown) {
        reasons += tr("  ·  and %1 more").arg(verdict.reasons.size() - kShown);
    }
    m_reasons->setText(reasons);
    m_reasons->setToolTip(plainToolTip(verdict.reasons.join(QLatin1Char('\n'))));
    const auto lasted = std::chrono::duration_cast<milliseconds>(now - verdict.since);
    m_since->setText(tr("since %1\n%2").arg(formatClock(verdict.since), formatDuration(lasted)));
    if (verdict.level != m_level) {
        m_level = verdict.level;
        updateSymbol();
    }
}

void VerdictCard::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_symbol != nullptr) {
        updateSymbol();
    }
}

void VerdictCard::updateSymbol() {
    const Colours& colours = coloursFor(palette());
    QString name = QStringLiteral("info");
    QColor colour = colours.muted;
    switch (m_level) {
    case VerdictLevel::Starting:
        break;
    case VerdictLevel::Good:
        name = QStringLiteral("good");
        colour = colours.good;
        break;
    case VerdictLevel::Attention:
        name = QStringLiteral("warning");
        colour = colours.warning;
        break;
    case VerdictLevel::Trouble:
        name = QStringLiteral("critical");
        colour = colours.critical;
        break;
    }
    m_symbol->setPixmap(symbol(name, colour, 36, devicePixelRatioF()));
    m_headline->setStyleSheet(QStringLiteral("color: %1").arg(colour.name()));
}

} // namespace dashstream::ui
