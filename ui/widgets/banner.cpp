#include "ui/widgets/banner.h"

#include "ui/format.h"
#include "ui/style/theme.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace dashstream::ui {
namespace {

QString remedyText(engine::Remedy remedy) {
    switch (remedy) {
    case engine::Remedy::None:
        return {};
    case engine::Remedy::ShowBrokers:
        return Banner::tr("Show brokers");
    case engine::Remedy::ShowRetries:
        return Banner::tr("Show retry queue");
    case engine::Remedy::ShowDeadLetters:
        return Banner::tr("Show dead letters");
    case engine::Remedy::ShowLog:
        return Banner::tr("Show log");
    case engine::Remedy::ShowConfiguration:
        return Banner::tr("Show configuration");
    case engine::Remedy::ShowSources:
        return Banner::tr("Show sources");
    }
    return {};
}

QString urgencyName(engine::Urgency urgency) {
    switch (urgency) {
    case engine::Urgency::Notice:
        return QStringLiteral("notice");
    case engine::Urgency::Warning:
        return QStringLiteral("warning");
    case engine::Urgency::Critical:
        return QStringLiteral("critical");
    }
    return {};
}

} // namespace

Banner::Banner(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("banner"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 6, 8, 6);
    layout->setSpacing(10);
    m_symbol = plainLabel({}, this);
    layout->addWidget(m_symbol, 0, Qt::AlignVCenter);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(1);
    m_title = plainLabel({}, this, QStringLiteral("sectionTitle"));
    m_advice = plainLabel({}, this);
    for (QLabel* label : {m_title, m_advice}) {
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // long ones are cut; the tool tip has all
    }
    texts->addWidget(m_title);
    texts->addWidget(m_advice);
    layout->addLayout(texts, 1);
    m_action = new QPushButton(this);
    m_action->setObjectName(QStringLiteral("bannerAction"));
    layout->addWidget(m_action);
    m_dismiss = new QToolButton(this);
    m_dismiss->setText(QStringLiteral("×"));
    m_dismiss->setToolTip(tr("Dismiss"));
    m_dismiss->setAccessibleName(tr("Dismiss"));
    m_dismiss->setAutoRaise(true);
    layout->addWidget(m_dismiss);
    connect(m_action, &QPushButton::clicked, this, [this] { Q_EMIT remedyWanted(m_remedy); });
    connect(m_dismiss, &QToolButton::clicked, this, [this] {
        m_toldTitle.clear();
        displayQuiet();
    });
    setFixedHeight(fontMetrics().height() * 2 + 18);
    displayQuiet();
}

void Banner::show(const engine::Snapshot& snapshot) {
    const bool critical =
        !snapshot.conditions.empty() && snapshot.conditions.front().urgency == engine::Urgency::Critical;
    if (!m_toldTitle.isEmpty() && !critical) {
        display(engine::Urgency::Warning, m_toldTitle, m_toldAdvice, engine::Remedy::None, true);
        return;
    }
    if (snapshot.conditions.empty()) {
        displayQuiet();
        return;
    }
    const engine::Condition& condition = snapshot.conditions.front();
    QString advice = fromOutside(condition.advice);
    if (!advice.isEmpty()) {
        advice += advice.endsWith(QLatin1Char('.')) ? QStringLiteral(" ") : QStringLiteral(". ");
    }
    advice += tr("Since %1.").arg(formatClock(condition.since));
    display(condition.urgency, fromOutside(condition.title), advice, condition.remedy, false);
}

void Banner::tell(const QString& title, const QString& advice) {
    m_toldTitle = title;
    m_toldAdvice = advice;
    display(engine::Urgency::Warning, title, advice, engine::Remedy::None, true);
}

void Banner::displayQuiet() {
    if (m_shown == QLatin1String("none")) {
        return;
    }
    m_shown = QStringLiteral("none");
    m_remedy = engine::Remedy::None;
    m_symbol->setPixmap(symbol(QStringLiteral("good"), coloursFor(palette()).muted, 20, devicePixelRatioF()));
    for (QWidget* part :
         {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_action), static_cast<QWidget*>(m_dismiss)}) {
        part->hide();
    }
    m_advice->setText(tr("No alerts"));
    m_advice->setEnabled(false);
    m_advice->show();
    setToolTip({});
    setProperty("urgency", QStringLiteral("none"));
    style()->unpolish(this);
    style()->polish(this);
}

void Banner::display(engine::Urgency urgency, const QString& title, const QString& advice, engine::Remedy remedy,
                     bool dismissable) {
    const QString whole = urgencyName(urgency) + title + advice;
    if (whole == m_shown) {
        return;
    }
    m_shown = whole;
    m_remedy = remedy;
    m_title->setText(title);
    m_title->show();
    setToolTip(plainToolTip(title + QLatin1Char('\n') + advice));
    m_advice->setText(advice);
    m_advice->setEnabled(true);
    m_advice->setVisible(!advice.isEmpty());
    m_action->setText(remedyText(remedy));
    m_action->setVisible(remedy != engine::Remedy::None);
    m_dismiss->setVisible(dismissable);
    const Colours& colours = coloursFor(palette());
    const QColor colour = urgency == engine::Urgency::Critical  ? colours.critical
                          : urgency == engine::Urgency::Warning ? colours.warning
                                                                : colours.accent;
    const QString name = urgency == engine::Urgency::Notice ? QStringLiteral("info") : QStringLiteral("warning");
    m_symbol->setPixmap(symbol(name, colour, 20, devicePixelRatioF()));
    setProperty("urgency", urgencyName(urgency));
    style()->unpolish(this);
    style()->polish(this);
}

} // namespace dashstream::ui
