#include "ui/widgets/start_view.h"

#include "ui/format.h"
#include "ui/style/theme.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>

namespace dashstream::ui {

StartView::StartView(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("startView"));
    auto* outer = new QVBoxLayout(this);
    outer->setAlignment(Qt::AlignCenter);
    QFrame* frame = card({}, this);
    frame->setFixedWidth(560);
    m_symbol = plainLabel({}, frame);
    m_title = plainParagraph({}, frame, QStringLiteral("pageTitle"));
    m_text = plainParagraph({}, frame);
    m_busy = new QProgressBar(frame);
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setMaximumHeight(8);
    for (QWidget* widget : {static_cast<QWidget*>(m_symbol), static_cast<QWidget*>(m_title),
                            static_cast<QWidget*>(m_text), static_cast<QWidget*>(m_busy)}) {
        cardLayout(frame)->addWidget(widget);
    }
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    m_again = new QPushButton(tr("Try again"), frame);
    m_again->setObjectName(QStringLiteral("startAgain"));
    m_quit = new QPushButton(tr("Quit"), frame);
    buttons->addWidget(m_again);
    buttons->addWidget(m_quit);
    cardLayout(frame)->addLayout(buttons);
    outer->addWidget(frame);
    connect(m_again, &QPushButton::clicked, this, &StartView::againWanted);
    connect(m_quit, &QPushButton::clicked, this, &StartView::quitWanted);
}

void StartView::showOpening(const QString& profile) {
    m_symbol->hide();
    m_title->setText(tr("Opening the store…"));
    m_text->setText(tr("Profile %1").arg(profile));
    m_busy->show();
    m_again->hide();
    m_quit->hide();
}

void StartView::showError(const Error& error) {
    m_symbol->setPixmap(symbol(QStringLiteral("critical"), coloursFor(palette()).critical, 36, devicePixelRatioF()));
    m_symbol->show();
    m_title->setText(tr("The console cannot start"));
    QString text = fromOutside(error.message);
    if (!error.remedy.empty()) {
        text += QStringLiteral("\n\n") + fromOutside(error.remedy);
    }
    m_text->setText(text);
    m_busy->hide();
    m_again->show();
    m_quit->show();
}

} // namespace dashstream::ui
